import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { Observable } from "../quantum/circuit.ts";
import { checkCounts, isCount } from "./encoders/check_count.ts";
import { LOWEST_TEMPERATURE } from "./layers/quantum_annealing.ts";

/** Hidden layers of a classical head, or of the compression: dense, batch norm, ReLU, dropout each. */
export interface HiddenOptions {
  /** Width of each layer. @default {[]} */
  readonly hidden?: readonly number[];
  /** Share dropped in training, in [0, 1): one number for all layers, or one for each. @default {0} */
  readonly dropout?: number | readonly number[];
}

/**
 * The quantum head: projection, temperature and noise, tanh, circuit, read-out, dense layers. Its
 * temperature and noise are state that `setAnnealing()` moves.
 */
export interface QuantumHeadOptions extends HiddenOptions {
  /** Width of each layer between circuit and logits: dense, ReLU, dropout. @default {[]} */
  readonly hidden?: readonly number[];
  /**
   * `"batch"`: batch norm of the projection; `"layer"`: layer norm of each sample's features before
   * it. @default {"batch"}
   */
  readonly normalization?: "batch" | "layer" | "none";
  /** First temperature, at least 0.001: the projection is divided by it. @default {1} */
  readonly temperature?: number;
  /** First standard deviation of the noise added in training. @default {0} */
  readonly noise?: number;
  /** What is read from the circuit: ⟨Z⟩ of each wire, or the probability of each state. @default {that of the circuit} */
  readonly readOut?: Observable;
  /**
   * A classical network beside the circuit, of one hidden layer, whose logits are added through a
   * gate. With it, the accuracy of the head is not that of the circuit: see `describeModel()` and
   * `withAblation()`. `true` for a hidden layer of twice the compression. @default {false}
   */
  readonly bypass?: boolean | { readonly hidden: number };
  /**
   * What the circuit is compared with, in its place and with everything else the same: `"matched"`,
   * classical layers of exactly as many parameters as the circuit has angles, a tanh behind each;
   * `"nothing"`, the tanh of the projection goes into the logits. @default {"circuit"}
   */
  readonly between?: "circuit" | "matched" | "nothing";
  /** Whether the head reads the compressed features or all of the encoder's. @default {"compression"} */
  readonly reads?: "compression" | "encoder";
  /** Standard deviation of the first angles in radians; small keeps the circuit near the identity. @default {0.03} */
  readonly initialDeviation?: number;
}

/** What stands between the projection of the quantum head and its logits. */
export type Between = NonNullable<QuantumHeadOptions["between"]>;

const HIDDEN = ["hidden", "dropout"];
const QUANTUM = [
  ...[...HIDDEN, "normalization", "temperature", "noise", "readOut", "bypass"],
  ...["between", "reads", "initialDeviation"],
];
const BETWEEN: readonly Between[] = ["circuit", "matched", "nothing"];

/**
 * Checks the hidden layers of a part.
 *
 * @throws {TypeError} for an unknown option, or a dropout for each of other layers than there are
 * @throws {RangeError} for a width that is no count or a dropout that is no share
 */
export function checkHidden(
  where: string,
  options: HiddenOptions | undefined,
  known: readonly string[] = HIDDEN,
): void {
  if (options === undefined) return;
  checkOptions(where, options, known);
  const { hidden = [], dropout = 0 } = options;
  if (!Array.isArray(hidden) || hidden.length > 9 || !hidden.every(isCount)) {
    throw new RangeError(
      `${where}: hidden must be up to 9 positive whole numbers, one for each layer, found ` +
        `${JSON.stringify(hidden)}; for example [64, 32]`,
    );
  }
  const shares = typeof dropout === "number" ? [dropout] : dropout;
  if (typeof dropout !== "number" && shares.length !== hidden.length) {
    throw new TypeError(
      `${where}: dropout has ${shares.length} numbers for ${hidden.length} hidden layers; give ` +
        `one for each, or a single number for all`,
    );
  }
  for (const share of shares) {
    if (share >= 0 && share < 1) continue;
    throw new RangeError(`${where}: dropout must be at least 0 and below 1, found ${share}`);
  }
}

/**
 * Checks what is said of the quantum head.
 *
 * @throws {TypeError} for an unknown option or name
 * @throws {RangeError} for a number that is out of range
 */
export function checkQuantumHead(options: QuantumHeadOptions | undefined): void {
  if (options === undefined) return;
  const where = "hybridModel: quantumHead";
  checkHidden(where, options, QUANTUM);
  const { normalization = "batch", readOut = "z", bypass = false } = options;
  checkName("normalization", normalization, ["batch", "layer", "none"]);
  checkName("readOut", readOut, ["z", "probabilities"]);
  const { between = "circuit", reads = "compression", initialDeviation = 0.03 } = options;
  checkName("between", between, BETWEEN);
  checkName("reads", reads, ["compression", "encoder"]);
  if (!(initialDeviation >= 0 && Number.isFinite(initialDeviation))) {
    throw new RangeError(
      `${where}: initialDeviation must be radians from 0, found ${initialDeviation}; leave it out`,
    );
  }
  checkAnnealing(where, options);
  if (typeof bypass === "boolean") return;
  checkOptions(`${where}: bypass`, bypass, ["hidden"]);
  checkCounts(`${where}: bypass`, { hidden: bypass.hidden });
}

/**
 * Checks a temperature and a noise; what is undefined is left as it is.
 *
 * @throws {RangeError} for a temperature below 0.001, a negative noise, or no finite number
 */
export function checkAnnealing(
  where: string,
  { temperature = 1, noise = 0 }: { readonly temperature?: number; readonly noise?: number },
): void {
  if (!(Number.isFinite(temperature) && temperature >= LOWEST_TEMPERATURE)) {
    throw new RangeError(
      `${where}: temperature must be a finite number of at least ${LOWEST_TEMPERATURE}, found ` +
        `${temperature}; 1 changes nothing, lower is sharper`,
    );
  }
  if (!(Number.isFinite(noise) && noise >= 0)) {
    throw new RangeError(
      `${where}: noise must be a finite number of at least 0, found ${noise}; 0 is none`,
    );
  }
}

function checkName(what: string, name: unknown, known: readonly string[]): void {
  if (known.includes(name as string)) return;
  throw new TypeError(unknownName("hybridModel: quantumHead", what, String(name), known));
}
