import { checkOptions } from "../../_internal/check_options.ts";
import { isGraphModel, layerPlaces, placeNamed, upstreamUses } from "../../tensors/layer_graph.ts";
import { type LayersModel, type SymbolicTensor, tfjs } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import type { HybridModelOptions } from "../hybrid_options.ts";
import { connect } from "../layers/connect.ts";
import { isCount } from "./check_count.ts";
import { type CopiedGraph, copyGraph } from "./copy_graph.ts";
import type { EncoderCam, SavedEncoder } from "./encoder.ts";
import type { BuiltEncoder, EncoderPlan } from "./encoder_plan.ts";
import { findCut } from "./find_cut.ts";

const WHERE = "hybridModel: encoder from_saved";

/** Layers that every encoder has around it. */
const TAKEN = ["encoder_normalize", "encoder_features", "encoder_dropout"];

/**
 * Checks a model that is to become an encoder.
 *
 * @throws {TypeError} for what is no model, several inputs, no normalization, or no place to cut
 * @throws {RangeError} for other inputs than square images of three channels of the size at hand
 */
export function fromSaved(description: SavedEncoder, options: HybridModelOptions): EncoderPlan {
  checkOptions(WHERE, description, ["name", "model", "cut", "cam"]);
  const { model, cut, cam } = description;
  checkModel(model);
  if (options.normalization === undefined) {
    throw new TypeError(
      `${WHERE}: found no normalization; say what "${model.name}" was trained on: "unit" for ` +
        `images in [0, 1] or a model that scales them itself, "symmetric" for [-1, 1], "bytes" for ` +
        `[0, 255], "imagenet", or { mean, sd } of each channel`,
    );
  }
  findCut(model, cut);
  return {
    name: "from_saved",
    imageSize: sizeOf(model, options.imageSize),
    build: (image, context) => build(image, { model, cut, cam }, context),
  };
}

function checkModel(model: LayersModel): void {
  const given = model as unknown;
  if (typeof given !== "object" || given === null || !isGraphModel(given as LayersModel)) {
    throw new TypeError(
      `${WHERE}: model must be a tf.layers model, found ${
        given === null ? "null" : typeof given
      }; ` +
        `pass { name: "from_saved", model }, or read one with await loadEncoder(folder)`,
    );
  }
  if (model.inputs.length !== 1) {
    const names = model.inputs.map(({ name }) => name).join(", ");
    throw new TypeError(
      `${WHERE}: "${model.name}" has ${model.inputs.length} inputs (${names}), wanted one that ` +
        `takes images; make a tf.model() of the part that does`,
    );
  }
}

/** Side of the square input, from the model or from the option, which must agree. */
function sizeOf(model: LayersModel, wanted: number | undefined): number {
  const { shape } = model.inputs[0];
  const [, height, width, channels] = shape;
  if (shape.length !== 4 || channels !== 3 || height !== width) {
    throw new RangeError(
      `${WHERE}: "${model.name}" takes [${
        shape.map((side) => side ?? "any").join(", ")
      }], wanted ` +
        `[any, side, side, 3]: square images with three channels last`,
    );
  }
  const side = height ?? wanted;
  if (!isCount(side)) {
    throw new RangeError(
      `${WHERE}: "${model.name}" takes images of any size; choose one with imageSize, a positive ` +
        `whole number, found ${side}`,
    );
  }
  if (wanted !== undefined && wanted !== side) {
    throw new RangeError(
      `${WHERE}: "${model.name}" takes images of ${side}x${side}, found imageSize ${wanted}; ` +
        `leave imageSize out and load the images with imageSize: ${side}`,
    );
  }
  return side;
}

function build(
  image: SymbolicTensor,
  { model, cut, cam }: Pick<SavedEncoder, "model" | "cut" | "cam">,
  { own }: BuildContext,
): BuiltEncoder {
  const copied = copyGraph(model, findCut(model, cut), { image, own, taken: TAKEN });
  const features = flat(copied.output);
  if (cam !== undefined) return { features, cam: checkedCam(model, cam, copied) };
  const names = new Set(copied.names.values());
  const outputs = upstreamUses([copied.output]).map((use) => use.outputTensors[0]);
  const found = outputs.findLast(({ sourceLayer, shape }) =>
    names.has(sourceLayer.name) && shape.length === 4 && (shape[1] !== 1 || shape[2] !== 1)
  );
  return { features, cam: found ? { layer: found.sourceLayer.name, kind: "map" } : null };
}

/** Maps and tokens averaged over their positions. */
function flat(output: SymbolicTensor): SymbolicTensor {
  const { layers } = tfjs();
  const name = "encoder_features";
  switch (output.shape.length) {
    case 2:
      return output;
    case 3:
      return connect(layers.globalAveragePooling1d({ name }), output);
    case 4:
      return connect(
        layers.globalAveragePooling2d({ name, dataFormat: "channelsLast" }),
        output,
      );
    default:
      throw new RangeError(
        `${WHERE}: the output of "${output.sourceLayer.name}" is [${output.shape.join(", ")}], ` +
          `wanted features, tokens or maps (2, 3 or 4 axes); cut at another layer`,
      );
  }
}

/** The user's Grad-CAM layer under its name in the copy. */
function checkedCam(model: LayersModel, cam: EncoderCam, { names }: CopiedGraph): EncoderCam {
  const { layer: found } = placeNamed(layerPlaces(model), cam.layer, `${WHERE}: cam`);
  const layer = names.get(found);
  if (layer === undefined) {
    throw new TypeError(
      `${WHERE}: cam: layer "${cam.layer}" does not come before the cut; choose one of ` +
        [...names.keys()].map(({ name }) => name).join(", "),
    );
  }
  const { shape } = found.inboundNodes[0].outputTensors[0];
  if (cam.kind === "map" && shape.length === 4) return { layer, kind: "map" };
  if (cam.kind === "tokens" && shape.length === 3 && Array.isArray(cam.grid)) {
    const { classToken, grid: [rows, columns] } = cam;
    const tokens = rows * columns + (classToken ? 1 : 0);
    if (shape[1] === null || shape[1] === tokens) return { ...cam, layer };
  }
  throw new RangeError(
    `${WHERE}: cam: the output of "${cam.layer}" is [${
      shape.map((x) => x ?? "any").join(", ")
    }], ` +
      `which is no ${
        JSON.stringify(cam)
      }; a map has 4 axes, tokens have 3, of which the second is ` +
      `rows * columns, and one more with classToken`,
  );
}
