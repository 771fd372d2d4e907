import type { GraphModel } from "../../tensors/layer_graph.ts";
import type { Tensor, Tensor4D } from "../../tensors/tf.ts";
import type { Cam } from "../cam.ts";
import type { LayerChoice } from "../find_layer.ts";
import type { ImagesLike } from "../image_batch.ts";

/** What the checks read of a map; every {@linkcode Cam} has it. */
export type ExplainedImage = Pick<
  Cam,
  "map" | "height" | "width" | "grid" | "status" | "target" | "predicted" | "scoreKind"
>;

/** What an {@linkcode Explainer} is told besides model and images. */
export interface ExplainerOptions {
  /** What to explain: the predicted class, one class, or one for each image. */
  readonly target: "predicted" | number | readonly number[];
  /** Name of the output layer; the first output where it is missing. */
  readonly head?: string;
  /** The layer to explain; the method's own choice where it is missing. */
  readonly layer?: LayerChoice;
  /** Images to compute at a time. */
  readonly batchSize: number;
  /** From images of the model's size, bytes as 0..255, to what the model takes. */
  readonly preprocess?: (batch: Tensor4D) => Tensor;
  /** Equal seeds give equal maps. */
  readonly seed: number;
}

/** A way to explain images: `explain()` with a method, or one's own. */
export type Explainer = (
  model: GraphModel,
  images: ImagesLike,
  options: ExplainerOptions,
) => Promise<readonly ExplainedImage[]>;
