// What is trained: the recipe, and each configuration as what it changes of it.
import type { HybridModelOptions } from "../../src/model/mod.ts";
import {
  angleEncoding,
  basicEntangler,
  type Circuit,
  composeCircuit,
  zzFeatureMap,
} from "../../src/quantum/mod.ts";
import type { StageDeclaration } from "../../src/stages/mod.ts";
import type { FitOptions } from "../../src/training/mod.ts";

/** One configuration: a line of the table. */
export interface Configuration {
  /** Short and unique. */
  readonly name: string;
  /** What it is, for the table. */
  readonly about: string;
  /** `main` is the comparison itself; the others are looked at one by one. */
  readonly group: "main" | "ablation";
  /** The output that answers. */
  readonly answer: string;
  /** What it is compared with, image by image; null for none. */
  readonly control: string | null;
  readonly model: Omit<HybridModelOptions, "classes">;
  readonly stage: StageDeclaration;
  readonly fit: Omit<FitOptions, "stages">;
  /** Share of the training images that are used. */
  readonly share: number;
  /** Softmax regression on so many principal components, in place of all of the above. */
  readonly components?: number;
}

/** 24,021 parameters with its linear head. */
const ENCODER = { name: "convnet", pooling: "mean" } as const;
const STAGE = {
  name: "all",
  epochs: 40,
  learningRate: 3e-3,
  weightDecay: 0.02,
  patience: null,
} as const;
const FIT = {
  batchSize: 64,
  loss: "squared_emd",
  warmupEpochs: 2,
  // Rotation, flip, size, shift and colours in the ranges of the recipe are the defaults.
  augment: true,
} as const;

interface Changes extends Partial<Pick<Configuration, "group" | "control" | "share">> {
  readonly model?: Omit<HybridModelOptions, "classes">;
  readonly stage?: Partial<StageDeclaration>;
  readonly fit?: Omit<FitOptions, "stages">;
}

/** A single head on the encoder, nothing fused. */
function single(
  name: string,
  about: string,
  { head, ...changes }: Changes & { readonly head: "classical_a" | "quantum" },
): Configuration {
  return {
    ...{ name, about, group: changes.group ?? "ablation", answer: head },
    control: changes.control ?? null,
    model: { encoder: ENCODER, ...changes.model },
    stage: {
      ...STAGE,
      heads: [head],
      train: ["encoder", head],
      skipEnsemble: true,
      ...changes.stage,
    },
    fit: { ...FIT, ...changes.fit },
    share: changes.share ?? 1,
  };
}

const EVERYTHING = ["encoder", "compression", "classical_a", "classical_b", "quantum", "ensemble"];

/** Three heads and their fusion, trained together. */
function hybrid(name: string, about: string, changes: Changes = {}): Configuration {
  const { quantumHead, ...model } = changes.model ?? {};
  return {
    ...{ name, about, group: "main", answer: "ensemble" },
    control: changes.control ?? null,
    model: { encoder: ENCODER, ...model, quantumHead: { reads: "encoder", ...quantumHead } },
    stage: {
      ...STAGE,
      heads: ["classical_a", "classical_b", "quantum"],
      train: EVERYTHING,
      ...changes.stage,
    },
    fit: { ...FIT, ...changes.fit },
    share: changes.share ?? 1,
  };
}

type Between = "circuit" | "matched" | "nothing";

function quantum(
  name: string,
  about: string,
  { between = "circuit", deviation, bypass, ...changes }: Changes & {
    readonly between?: Between;
    readonly deviation?: number;
    readonly bypass?: boolean;
  } = {},
): Configuration {
  const quantumHead = {
    reads: "encoder" as const,
    between,
    ...(deviation !== undefined && { initialDeviation: deviation }),
    ...(bypass && { bypass }),
  };
  return single(name, about, {
    ...changes,
    head: "quantum",
    model: { quantumHead, ...changes.model },
  });
}

const HALF = Math.PI / 2;
const layered = (wires: number, layers: number) =>
  basicEntangler(wires, { layers, rotations: ["rz", "ry", "rz"] });

/** RY(x·π/2) in place of RY(π/2 + x·π/2). */
function plainAngles(wires: number): Circuit {
  return composeCircuit([
    angleEncoding(wires, { rotation: "ry", scale: HALF }),
    layered(wires, 3),
  ]);
}

/** The inputs again before each layer (Pérez-Salinas et al., 2020). */
function uploadedAgain(wires: number): Circuit {
  return composeCircuit(
    [0, 1, 2].flatMap((layer) => [
      angleEncoding(wires, { rotation: "ry", scale: HALF, offset: layer === 0 ? HALF : 0 }),
      layered(wires, 1),
    ]),
  );
}

const zz = (wires: number, reps: number) =>
  composeCircuit([zzFeatureMap(wires, { reps }), layered(wires, 3)]);

/** What costs nothing to try first. */
function pca(components: number): Configuration {
  const about = `softmax regression on ${components} principal components`;
  const head = "classical_a" as const;
  return { ...single(`pca-${components}`, about, { head, group: "main" }), components };
}

/** All of them, in the order in which they are trained. */
export const CONFIGURATIONS: readonly Configuration[] = [
  single("classical", "encoder and a linear head, nothing else", {
    head: "classical_a",
    group: "main",
  }),
  hybrid("hybrid-4", "two classical heads, a head of 4 qubits, and their fusion", {
    control: "hybrid-4-matched",
  }),
  hybrid("hybrid-4-matched", "the same with 36 classical parameters in place of 36 angles", {
    model: { quantumHead: { between: "matched" } },
  }),
  hybrid("hybrid-4-nothing", "the same with nothing in place of the circuit", {
    model: { quantumHead: { between: "nothing" } },
  }),
  quantum("quantum-4", "encoder and the head of 4 qubits alone", {
    group: "main",
    control: "matched-4",
  }),
  quantum("matched-4", "the same, 36 classical parameters", { group: "main", between: "matched" }),
  quantum("nothing-4", "the same, nothing between", { group: "main", between: "nothing" }),
  ...[4, 8, 16].map(pca),
  quantum("quantum-8", "8 qubits, 72 angles", { control: "matched-8", model: { wires: 8 } }),
  quantum("matched-8", "72 classical parameters", { between: "matched", model: { wires: 8 } }),
  quantum("nothing-8", "8 features, nothing between", { between: "nothing", model: { wires: 8 } }),
  quantum("quantum-8-fast", "8 qubits, circuit learns 10 times as fast", {
    control: "matched-8",
    model: { wires: 8 },
    stage: { rateFactors: { quantum_circuit: 10 } },
  }),
  quantum("quantum-4-fast", "4 qubits, circuit learns 10 times as fast", {
    control: "matched-4",
    stage: { rateFactors: { quantum_circuit: 10 } },
  }),
  quantum("quantum-4-zz", "4 qubits, ZZ feature map, two repetitions", {
    control: "matched-4",
    model: { circuit: zz(4, 2) },
  }),
  quantum("quantum-4-again", "4 qubits, inputs uploaded before each layer", {
    control: "matched-4",
    model: { circuit: uploadedAgain(4) },
  }),
  quantum("quantum-4-plain", "4 qubits, RY(x pi/2) without offset", {
    control: "matched-4",
    model: { circuit: plainAngles(4) },
  }),
  quantum("quantum-4-wide", "4 qubits, first angles N(0, 1)", {
    control: "matched-4",
    deviation: 1,
  }),
  quantum("quantum-4-layers-1", "4 qubits, 1 layer", {
    control: "matched-4",
    model: { layers: 1 },
  }),
  quantum("quantum-4-layers-2", "4 qubits, 2 layers", {
    control: "matched-4",
    model: { layers: 2 },
  }),
  quantum("quantum-4-layers-4", "4 qubits, 4 layers", {
    control: "matched-4",
    model: { layers: 4 },
  }),
  quantum("quantum-4-bypass", "4 qubits and a classical bypass", {
    control: "quantum-4",
    bypass: true,
  }),
  quantum("quantum-8-again", "8 qubits, inputs uploaded before each layer", {
    control: "matched-8",
    model: { circuit: uploadedAgain(8) },
  }),
  quantum("quantum-10", "10 qubits, 90 angles", { control: "matched-10", model: { wires: 10 } }),
  quantum("matched-10", "90 classical parameters", { between: "matched", model: { wires: 10 } }),
  single("classical-weighted", "classical, classes weighted", {
    head: "classical_a",
    control: "classical",
    fit: { imbalance: "class_weights" },
  }),
  ...[0.25, 0.5].map((share) =>
    single(`classical-${100 * share}%`, `classical, ${100 * share} % of the training images`, {
      head: "classical_a",
      control: "classical",
      share,
    })
  ),
];

/** The configuration of a name. */
export function configurationNamed(name: string): Configuration {
  const found = CONFIGURATIONS.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `Unknown configuration "${name}". Known: ${CONFIGURATIONS.map(({ name }) => name).join(", ")}`,
  );
}
