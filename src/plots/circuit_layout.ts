/** `scale * inputs[index] + offset`. */
export interface AffineInputLike {
  /** Which number of the input. */
  readonly index: number;
  /** Factor in front of it. */
  readonly scale: number;
  /** Radians added to it. */
  readonly offset: number;
}

/** Where the angle of a gate comes from, in radians. */
export type AngleLike =
  | { readonly kind: "const"; readonly value: number }
  | ({ readonly kind: "input" } & AffineInputLike)
  | { readonly kind: "weight"; readonly index: number; readonly scale: number }
  | {
    readonly kind: "product";
    readonly factors: readonly [AffineInputLike, AffineInputLike];
    readonly scale: number;
  };

/** One gate on its wires; a controlled gate has its control first. */
export interface OperationLike {
  /** Name of the gate, e.g. `ry` or `cx`. */
  readonly gate: string;
  /** One wire or two. */
  readonly wires: readonly number[];
  /** Where it takes its angle from. */
  readonly angle?: AngleLike | null;
}

/** A circuit as plain data; what `defineCircuit()` returns has this form. */
export interface CircuitLike {
  /** Number of qubits. */
  readonly wires: number;
  /** The gates in the order in which they act. */
  readonly operations: readonly OperationLike[];
  /** What is measured at the end: `z` or `probabilities`. */
  readonly observable: string;
}

/** A gate with its place in time. */
export interface PlacedGate {
  readonly operation: OperationLike;
  readonly column: number;
  /** Highest and lowest wire that it touches or crosses. */
  readonly top: number;
  readonly bottom: number;
}

/**
 * Puts each gate into the first column in which nothing stands on, or crosses, a wire between its
 * own. Gates that do not touch stand over each other, as in other libraries' drawings.
 */
export function placeGates({ wires, operations }: CircuitLike): PlacedGate[] {
  const free = new Array<number>(wires).fill(0);
  return operations.map((operation) => {
    const top = Math.min(...operation.wires), bottom = Math.max(...operation.wires);
    const crossed = free.slice(top, bottom + 1);
    const column = Math.max(...crossed);
    free.fill(column + 1, top, bottom + 1);
    return { operation, column, top, bottom };
  });
}

/** An angle in few characters: `π/2`, `x0`, `2·x0`, `θ3`, `x0·x1`. */
export function angleText(angle: AngleLike): string {
  switch (angle.kind) {
    case "const":
      return radians(angle.value);
    case "input":
      return affine(angle);
    case "weight":
      return factor(angle.scale) + `θ${angle.index}`;
    case "product": {
      const parts = angle.factors.map((one) => {
        const text = affine(one);
        return /[+-]/.test(text.slice(1)) ? `(${text})` : text;
      });
      return factor(angle.scale) + parts.join("·");
    }
  }
}

/** The angle by name where it is too long to stand in a gate: `f(x0,x1)`. */
export function shortAngleText(angle: AngleLike): string {
  if (angle.kind === "input") return `f(x${angle.index})`;
  if (angle.kind !== "product") return angleText(angle);
  return `f(${angle.factors.map(({ index }) => `x${index}`).join(",")})`;
}

function affine({ index, scale, offset }: AffineInputLike): string {
  const text = factor(scale) + `x${index}`;
  if (offset === 0) return text;
  if (scale < 0 && offset > 0) return `${radians(offset)}-${factor(-scale)}x${index}`;
  return text + (offset < 0 ? "-" : "+") + radians(Math.abs(offset));
}

function factor(scale: number): string {
  if (scale === 1) return "";
  return scale === -1 ? "-" : `${radians(scale)}·`;
}

/** A multiple of π where it is one, else two digits. */
function radians(value: number): string {
  for (const part of [1, 2, 3, 4, 6, 8]) {
    const times = value / Math.PI * part;
    if (times === 0 || Math.abs(times - Math.round(times)) > 1e-9 || Math.abs(times) > 8) continue;
    const whole = Math.round(times);
    const sign = whole < 0 ? "-" : "", count = Math.abs(whole) === 1 ? "" : String(Math.abs(whole));
    return `${sign}${count}π${part === 1 ? "" : `/${part}`}`;
  }
  return String(Number(value.toFixed(2)));
}
