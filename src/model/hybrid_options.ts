import { checkOptions } from "../_internal/check_options.ts";
import { checkSeed } from "../_internal/check_seed.ts";
import type { Circuit } from "../quantum/circuit.ts";
import type { Simulator } from "../quantum/simulator_contract.ts";

/** Options of `hybridModel()`. */
export interface HybridModelOptions {
  /** Class names in the order of the labels. */
  readonly classes: readonly string[];
  /** Side of the square input in pixels; at least 8. */
  readonly imageSize: number;
  /** Channel means and standard deviations of the training images in [0, 1]. @default {mean .5, sd .25} */
  readonly normalization?: {
    readonly mean: readonly number[];
    readonly sd: readonly number[];
  };
  /** Filters of the convolution blocks; all but the last are followed by a 2x2 max pooling. @default {[16, 32, 64]} */
  readonly filters?: readonly number[];
  /** Share of features dropped before the heads in training. @default {0.2} */
  readonly dropout?: number;
  /** Width of the compression that head B and the quantum head see. @default {16} */
  readonly compressed?: number;
  /** Qubits of the quantum head. @default {4} */
  readonly wires?: number;
  /** Entangling layers of the quantum head. @default {3} */
  readonly layers?: number;
  /** The circuit itself, in place of `wires` and `layers`. */
  readonly circuit?: Circuit;
  /** What runs the circuit. @default {statevectorSimulator()} */
  readonly simulator?: Simulator;
  /** Seed of all initial weights. @default {0} */
  readonly seed?: number;
}

const OPTION_NAMES = [
  "classes",
  "imageSize",
  "normalization",
  "filters",
  "dropout",
  "compressed",
  "wires",
  "layers",
  "circuit",
  "simulator",
  "seed",
];

/**
 * Checks what a cell may get wrong.
 *
 * @throws {TypeError} for an unknown option or fewer than two classes
 * @throws {RangeError} for an image too small for the encoder
 */
export function checkHybridOptions(options: HybridModelOptions): void {
  checkOptions("hybridModel", options, OPTION_NAMES);
  const { classes, imageSize, filters = [16, 32, 64], dropout = 0.2, seed = 0 } = options;
  checkSeed("hybridModel", seed);
  if (!Array.isArray(classes) || classes.length < 2 || new Set(classes).size < classes.length) {
    throw new TypeError(
      `hybridModel: classes must be at least 2 different names, found ${
        JSON.stringify(classes)
      }; ` +
        `pass data.classes`,
    );
  }
  if (!Array.isArray(filters) || filters.length === 0 || !filters.every(isCount)) {
    throw new RangeError(
      `hybridModel: filters must be positive whole numbers, one for each block, found ` +
        `${JSON.stringify(filters)}; leave it out for [16, 32, 64]`,
    );
  }
  if (!(dropout >= 0 && dropout < 1)) {
    throw new RangeError(
      `hybridModel: dropout must be at least 0 and below 1, found ${dropout}; leave it out for 0.2`,
    );
  }
  const smallest = 2 ** filters.length;
  if (!Number.isInteger(imageSize) || imageSize < smallest) {
    throw new RangeError(
      `hybridModel: imageSize must be an integer of at least ${smallest} for ${filters.length} ` +
        `convolution blocks, found ${imageSize}; use larger images or fewer filters`,
    );
  }
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}
