/** Trainable parameters of one part. */
export interface PartParameters {
  /** Name of the part: encoder, compression, a head, ensemble. */
  readonly part: string;
  /** Weights and biases. */
  readonly classical: number;
  /** Angles of a circuit. */
  readonly quantum: number;
}

/** A model as plain data; what `describeModel()` returns has this form. */
export interface ArchitectureLike {
  /** Name of the encoder. */
  readonly encoder: string;
  /** Names of the heads. */
  readonly heads: readonly string[];
  /** Heads that vote. */
  readonly activeHeads: readonly string[];
  /** How their answers become one. */
  readonly fusion: string;
  /** Whether the first active head answers alone. @default {false} */
  readonly skipEnsemble?: boolean;
  /** Trainable parameters by part. */
  readonly parameters: readonly PartParameters[];
  /** The circuit; null or left out where there is none. */
  readonly quantum?: {
    readonly wires: number;
    readonly angles: number;
    readonly readOut: string;
  } | null;
  /** Which part a head reads, `encoder` or `compression`. @default compression for all but `classical_a` */
  readonly reads?: Readonly<Record<string, string>>;
  /** Side of the square input in pixels. @default unknown */
  readonly imageSize?: number;
  /** Class names in class order. @default unknown */
  readonly classes?: readonly string[];
  /** What a reader of the results has to know; stands below. @default none */
  readonly notes?: readonly string[];
}

/** One box of the drawing. */
export interface PartBox {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** Names of the boxes it reads. */
  readonly from: readonly string[];
  /** A head that does not vote is silent; the image and the answer are ends. */
  readonly kind: "plain" | "quantum" | "silent" | "end";
}

/** "1,200 parameters", "10 parameters + 36 angles". */
export function parameterText(
  { classical, quantum }: { readonly classical: number; readonly quantum: number },
): string {
  const weights = `${grouped(classical)} parameter${classical === 1 ? "" : "s"}`;
  return quantum === 0 ? weights : `${weights} + ${grouped(quantum)} angles`;
}

/** Without a locale, which would differ between machines. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

const BYPASS = "quantum_bypass";

/** The boxes by column, from the image to the answer. */
export function architectureBoxes(model: ArchitectureLike): PartBox[][] {
  const { heads, activeHeads, parameters, imageSize, classes } = model;
  const counts = (part: string) => {
    const found = parameters.find((one) => one.part === part);
    if (found === undefined) return [];
    const { classical, quantum } = found;
    return [
      ...(classical > 0 || quantum === 0 ? [parameterText({ classical, quantum: 0 })] : []),
      ...(quantum > 0 ? [`${grouped(quantum)} circuit angles`] : []),
    ];
  };
  const input: PartBox = {
    name: "image",
    title: "image",
    lines: imageSize === undefined ? ["RGB"] : [`${imageSize} × ${imageSize} RGB`],
    from: [],
    kind: "end",
  };
  const part = (name: string, from: string, lines: readonly string[] = []): PartBox => (
    { name, title: name, lines: [...lines, ...counts(name)], from: [from], kind: "plain" }
  );
  const compressed = parameters.some((one) => one.part === "compression");
  const last = compressed ? "compression" : "encoder";
  const readers = heads.map((head) => headBox(model, { head, last, lines: counts(head) }));
  const bypass = parameters.some((one) => one.part === BYPASS)
    ? [part(BYPASS, last, ["added to the circuit"])]
    : [];
  const fused: PartBox = {
    ...part("ensemble", ""),
    lines: [
      model.skipEnsemble ? `${activeHeads[0]} alone` : `fusion ${model.fusion}`,
      ...counts("ensemble"),
    ],
    from: model.skipEnsemble ? activeHeads.slice(0, 1) : heads,
  };
  const answer: PartBox = {
    name: "answer",
    title: "answer",
    lines: classes === undefined ? ["class probabilities"] : [`${classes.length} classes`],
    from: ["ensemble"],
    kind: "end",
  };
  return [
    [input],
    [part("encoder", "image", [model.encoder])],
    ...(compressed ? [[part("compression", "encoder")]] : []),
    [...readers, ...bypass],
    [fused],
    [answer],
  ];
}

function headBox(
  { activeHeads, quantum, reads, parameters }: ArchitectureLike,
  { head, last, lines }: { head: string; last: string; lines: readonly string[] },
): PartBox {
  const votes = activeHeads.includes(head);
  const isQuantum = parameters.some((one) => one.part === head && one.quantum > 0);
  const circuit = isQuantum && quantum ? [`${quantum.wires} wires, reads ${quantum.readOut}`] : [];
  return {
    name: head,
    title: head,
    lines: [...circuit, ...lines, ...(votes ? [] : ["does not vote"])],
    from: [reads?.[head] ?? (head === "classical_a" ? "encoder" : last)],
    kind: votes ? isQuantum ? "quantum" : "plain" : "silent",
  };
}
