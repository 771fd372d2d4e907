import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { tfjs } from "../tensors/tf.ts";
import { checkHidden } from "./head_options.ts";
import type { FusionLayer, FusionName } from "./layers/fusion.ts";
import { registerLayers } from "./layers/register_layers.ts";

/** The fusion `"mlp"` with its sizes. */
export interface MlpFusionOption {
  /** Gate, correction, ordinal cost and class thresholds. */
  readonly name: "mlp";
  /** Widths of the hidden layers of the correction. @default {[256, 128]} */
  readonly hidden?: readonly number[];
  /** Share of hidden numbers dropped in training. @default {0.2} */
  readonly dropout?: number;
}

/**
 * How the answers of the heads become one:
 *
 * - `"dynamic"`: a mean of the logits, each head weighted for each sample by a learned base weight
 *   and by how certain it is of this sample;
 * - `"mlp"`: for ordered classes; a gate, a correction by a small network, a cost for grades far
 *   from what the heads expect, and learned thresholds of the classes;
 * - `"skip_ensemble"`: the first active head answers alone.
 */
export type FusionOption = FusionName | MlpFusionOption;

/** Options of {@linkcode fusionLayer}. */
export interface FusionLayerOptions {
  /** Names of the heads, in the order of the inputs. */
  readonly heads: readonly string[];
  /** Which fusion. @default {"dynamic"} */
  readonly fusion?: FusionOption;
  /** Name of the layer. @default {"ensemble"} */
  readonly name?: string;
  /** Seed of the initial weights. @default {0} */
  readonly seed?: number;
}

const NAMES: readonly FusionName[] = ["dynamic", "mlp", "skip_ensemble"];

/**
 * Checks what is said of the fusion.
 *
 * @throws {TypeError} for an unknown fusion or option of it
 * @throws {RangeError} for sizes that it cannot have
 */
export function checkFusion(where: string, option: FusionOption = "dynamic"): void {
  const described = typeof option === "string" ? { name: option } : option;
  if (!NAMES.includes(described?.name)) {
    throw new TypeError(unknownName(where, "fusion", String(described?.name), NAMES));
  }
  const known = described.name === "mlp" ? ["name", "hidden", "dropout"] : ["name"];
  checkHidden(`${where}: fusion`, described as object, known);
  const { dropout = 0 } = described as { readonly dropout?: unknown };
  if (typeof dropout === "number") return;
  throw new TypeError(`${where}: fusion: dropout must be one number, found ${dropout}`);
}

/**
 * A fusion of any number of heads for a model of one's own: a layer that takes the logits
 * `[batch, classes]` of each head and answers `[batch, classes]`. Needs `openTensors()` first.
 *
 * A head that is not in `activeHeads` is never read, and no sample of a batch bears on another. The
 * fusion `"mlp"` needs all inputs to have the same number of classes, in their order.
 *
 * @throws {TypeError} for an unknown option or fusion, or heads that are not different names
 * @throws {RangeError} for sizes that the fusion cannot have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fusionLayer } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * const { tf } = await openTensors({ prefer: "wasm" });
 * const fusion = fusionLayer({ heads: ["a", "b", "c", "d"], fusion: "skip_ensemble" });
 * fusion.activeHeads = ["c", "d"];
 * const logits = [1, 2, 3, 4].map((value) => tf.fill([1, 2], value));
 * assert.deepEqual((fusion.apply(logits) as typeof logits[0]).arraySync(), [[3, 3]]);
 * ```
 */
export function fusionLayer(options: FusionLayerOptions): FusionLayer {
  checkOptions("fusionLayer", options, ["heads", "fusion", "name", "seed"]);
  const { heads, fusion = "dynamic", name = "ensemble", seed = 0 } = options;
  if (!Array.isArray(heads) || heads.length === 0 || new Set(heads).size < heads.length) {
    throw new TypeError(
      `fusionLayer: heads must be different names, one for each input, found ` +
        `${JSON.stringify(heads)}; for example ["a", "b"]`,
    );
  }
  checkFusion("fusionLayer", fusion);
  const own = registerLayers(tfjs());
  const described: { readonly name: FusionName } = typeof fusion === "string"
    ? { name: fusion }
    : fusion;
  switch (described.name) {
    case "dynamic":
      return new own.FusionLayer({ name, heads }) as FusionLayer;
    case "mlp":
      return new own.MlpFusion({ ...described, name, heads, seed }) as FusionLayer;
    case "skip_ensemble":
      return new own.FirstHeadFusion({ name, heads }) as FusionLayer;
  }
}
