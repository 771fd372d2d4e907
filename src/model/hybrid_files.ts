import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import type { FundusOptions } from "../data/fundus_options.ts";
import { loadModel } from "../tensors/files/load_model.ts";
import { saveModel } from "../tensors/files/save_model.ts";
import { tfjs } from "../tensors/tf.ts";
import { convnetCam } from "./encoders/convnet.ts";
import type { EncoderCam } from "./encoders/encoder.ts";
import { fusionOf, type HybridModel, setActiveHeads, setSkipEnsemble } from "./hybrid_model.ts";
import { registerLayers } from "./layers/register_layers.ts";

/** What tfjs's own files do not say: stands beside them in `model_info.json`. */
interface ModelInfo {
  readonly schema: "qsight.model/1";
  readonly classes: readonly string[];
  readonly imageSize: number;
  readonly heads: readonly string[];
  /** The mask: which heads vote. */
  readonly activeHeads: readonly string[];
  /** Only where the first active head answers alone. */
  readonly skipEnsemble?: true;
  /** Only where probabilities are calibrated: a temperature by head. */
  readonly calibration?: Readonly<Record<string, number>>;
  readonly input: string;
  readonly output: string;
  /** Missing in files from before there was a choice: those have a convnet. */
  readonly encoder?: string;
  readonly cam?: EncoderCam | null;
  /** Whether it was trained on drawn images: no answer of it is clinical. */
  readonly synthetic: boolean;
  /** Only where photographs are prepared in a special way. */
  readonly fundus?: FundusOptions;
}

/** Options of {@linkcode saveHybridModel}. */
export interface SaveHybridModelOptions {
  /** Whether the model was trained on drawn images. @default {false} */
  readonly synthetic?: boolean;
  /** What was done to the photographs that it was trained on: `data.fundus`. @default {nothing} */
  readonly fundus?: FundusOptions;
}

/**
 * Saves a model to a folder: `model.json` and `weights.bin` in tfjs's layers format, and
 * `model_info.json` with classes, heads, the mask and the Grad-CAM layer.
 */
export async function saveHybridModel(
  model: HybridModel,
  folder: string,
  options: SaveHybridModelOptions = {},
): Promise<void> {
  checkOptions("saveHybridModel", options, ["synthetic", "fundus"]);
  await saveModel(model.network, folder);
  const { activeHeads, skipEnsemble } = fusionOf(model);
  const info: ModelInfo = {
    schema: "qsight.model/1",
    classes: model.classes,
    imageSize: model.imageSize,
    heads: model.heads,
    activeHeads,
    ...skipEnsemble ? { skipEnsemble } : {},
    ...model.calibration ? { calibration: model.calibration } : {},
    input: "images in [0, 1], [batch, imageSize, imageSize, 3]",
    output: "logits [batch, classes]: each head in order, then the ensemble",
    encoder: model.encoder,
    cam: model.cam,
    synthetic: options.synthetic ?? false,
    ...options.fundus ? { fundus: options.fundus } : {},
  };
  await writeAtomic(join(folder, "model_info.json"), JSON.stringify(info, null, 2) + "\n");
}

/**
 * Loads what {@linkcode saveHybridModel} wrote; the same heads vote as when it was saved. Needs
 * `openTensors()` first.
 *
 * @throws {Error} when a file is missing or is none of ours
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { hybridModel, loadHybridModel, saveHybridModel } from "@qsight/qsight/model";
 * import { openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "cpu" });
 * const folder = await mkdtemp(join(tmpdir(), "model-"));
 * await saveHybridModel(hybridModel({ classes: ["no", "yes"], imageSize: 16, filters: [2, 2] }), folder);
 * assert.deepEqual((await loadHybridModel(folder)).classes, ["no", "yes"]);
 * ```
 */
export async function loadHybridModel(folder: string): Promise<HybridModel> {
  const path = join(folder, "model_info.json");
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new Error(
      `loadHybridModel: found no ${path}; pass the model folder of a run, e.g. ` +
        `trained_model/<run-id>/model`,
      { cause },
    );
  });
  const info = JSON.parse(text) as ModelInfo;
  if (info.schema !== "qsight.model/1") {
    throw new Error(
      `loadHybridModel: ${path} has schema ${JSON.stringify(info.schema)}, wanted ` +
        `"qsight.model/1"; save the model again with saveHybridModel()`,
    );
  }
  registerLayers(tfjs());
  const network = await loadModel(folder);
  const { heads, classes, imageSize, encoder = "convnet", cam = camOfConvnet(network) } = info;
  const plain: HybridModel = { network, heads, classes, imageSize, encoder, cam };
  const { calibration, activeHeads, skipEnsemble = false } = info;
  const model = calibration === undefined ? plain : { ...plain, calibration };
  setActiveHeads(model, activeHeads);
  setSkipEnsemble(model, skipEnsemble);
  return model;
}

function camOfConvnet(network: HybridModel["network"]): EncoderCam {
  return convnetCam(network.layers.filter(({ name }) => /^encoder_relu\d+$/.test(name)).length);
}
