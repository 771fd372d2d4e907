import type { GraphModel } from "../../tensors/layer_graph.ts";
import { runLayers } from "../../tensors/run_layers.ts";
import type { Tensor, Tf } from "../../tensors/tf.ts";
import { type CamTarget, chooseTargets } from "../cam_target.ts";
import type { GradCamOptions } from "../explain_options.ts";
import type { Head } from "../find_head.ts";
import { inputSize, type Pixels, stackImages } from "../image_batch.ts";
import { splitRows } from "../split_rows.ts";
import type { Subject } from "./subject.ts";

/** What a batch is opened with. */
export interface SubjectRequest {
  readonly images: readonly Pixels[];
  readonly head: Head;
  readonly target: CamTarget;
  readonly batchSize: number;
  readonly preprocess?: GradCamOptions["preprocess"];
  /** Paths of the layers whose outputs are wanted. */
  readonly capture: readonly string[];
}

/** A batch that has gone through the model once; to be disposed. */
export interface OpenSubject {
  readonly subject: Subject;
  /** By path. */
  readonly captured: Readonly<Record<string, Tensor>>;
  /** Scores, one row an image. */
  readonly rows: readonly Float32Array[];
  dispose(): void;
}

/** Runs a batch forward and settles which class of each image is explained. */
export async function openSubject(
  tf: Tf,
  model: GraphModel,
  { images, head, target, batchSize, preprocess, capture }: SubjectRequest,
): Promise<OpenSubject> {
  const kept = tf.tidy(() => {
    const x = stackImages(tf, images, { size: inputSize(model), preprocess });
    const run = runLayers(model, x, { outputs: [head.source], capture });
    return { x, scores: head.scores(run.outputs[0]), captured: run.captured };
  });
  const dispose = () => tf.dispose(kept);
  try {
    const { x, scores, captured } = kept;
    const rows = splitRows(await scores.data<"float32">(), images.length);
    const chosen = chooseTargets(rows, { target, binary: head.binary, rank: scores.rank });
    return { subject: { tf, model, head, x, chosen, batchSize }, captured, rows, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
