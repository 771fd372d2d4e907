import { checkOptions } from "../_internal/check_options.ts";
import { checkSeed } from "../_internal/check_seed.ts";
import type { Circuit } from "../quantum/circuit.ts";
import type { Simulator } from "../quantum/simulator_contract.ts";
import type { EncoderOption } from "./encoders/encoder.ts";
import type { Normalization } from "./encoders/normalization.ts";
import { checkFusion, type FusionOption } from "./fusion_option.ts";
import {
  checkHidden,
  checkQuantumHead,
  type HiddenOptions,
  type QuantumHeadOptions,
} from "./head_options.ts";
import { HYBRID_OPTIONS } from "./hybrid_names.ts";

/** Options of `hybridModel()`. */
export interface HybridModelOptions {
  /** Class names in the order of the labels. */
  readonly classes: readonly string[];
  /** Side of the square input in pixels, at least 8; may be left out where a saved encoder fixes it. */
  readonly imageSize?: number;
  /**
   * What turns an image into features: a name, or a name with its options. A saved model comes with
   * `{ name: "from_saved", model }` or from `loadEncoder()`. @default {"convnet"}
   */
  readonly encoder?: EncoderOption;
  /**
   * What is done to images in [0, 1] before the encoder: channel means and standard deviations of the
   * training images, or the name of a usual choice. A saved encoder has no default: say what it was
   * trained on. @default {mean .5, sd .25}
   */
  readonly normalization?: Normalization;
  /** Filters of the blocks of a convnet; all but the last are followed by a 2x2 max pooling. @default {[16, 32, 64]} */
  readonly filters?: readonly number[];
  /** Share of features dropped before the heads in training. @default {0.2} */
  readonly dropout?: number;
  /** Width of the compression that head B and the quantum head see. @default {16} */
  readonly compressed?: number;
  /** Hidden layers of the compression; its last layer is then linear. @default {no hidden layer, ReLU last} */
  readonly compression?: HiddenOptions;
  /** Hidden layers of head A. @default {none} */
  readonly headA?: HiddenOptions;
  /** Hidden layers of head B. @default {one of 32 units, without batch norm} */
  readonly headB?: HiddenOptions;
  /** Temperature, noise, read-out, dense layers and bypass of the quantum head. @default {none of them} */
  readonly quantumHead?: QuantumHeadOptions;
  /**
   * Whether the classes are grades in ascending order and each head answers by the steps between them
   * (CORN, Shi et al., arXiv:2111.08851), to be trained with the loss "corn". @default {false}
   */
  readonly ordinal?: boolean;
  /** How the answers of the heads become one. @default {"dynamic"} */
  readonly fusion?: FusionOption;
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

/**
 * Checks what a cell may get wrong, apart from what only the encoder knows.
 *
 * @throws {TypeError} for an unknown option or fewer than two classes
 * @throws {RangeError} for a dropout that is no share
 */
export function checkHybridOptions(options: HybridModelOptions): void {
  checkOptions("hybridModel", options, HYBRID_OPTIONS);
  const { classes, dropout = 0.2, seed = 0 } = options;
  checkSeed("hybridModel", seed);
  if (!Array.isArray(classes) || classes.length < 2 || new Set(classes).size < classes.length) {
    throw new TypeError(
      `hybridModel: classes must be at least 2 different names, found ${
        JSON.stringify(classes)
      }; ` +
        `pass data.classes`,
    );
  }
  if (!(dropout >= 0 && dropout < 1)) {
    throw new RangeError(
      `hybridModel: dropout must be at least 0 and below 1, found ${dropout}; leave it out for 0.2`,
    );
  }
  for (const part of ["compression", "headA", "headB"] as const) {
    checkHidden(`hybridModel: ${part}`, options[part]);
  }
  checkQuantumHead(options.quantumHead);
  const { ordinal = false } = options;
  if (typeof ordinal !== "boolean") {
    throw new TypeError(
      `hybridModel: ordinal must be true or false, found ${
        JSON.stringify(ordinal)
      }; leave it out ` +
        `for classes without an order`,
    );
  }
  checkFusion("hybridModel", options.fusion);
}
