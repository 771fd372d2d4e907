import type { SymbolicTensor } from "../../tensors/tf.ts";
import type { BuildContext } from "../build_context.ts";
import type { EncoderCam, EncoderName } from "./encoder.ts";

/** An encoder put into a graph. */
export interface BuiltEncoder {
  /** `[batch, features]`. */
  readonly features: SymbolicTensor;
  readonly cam: EncoderCam | null;
}

/** An encoder whose options have been checked. */
export interface EncoderPlan {
  readonly name: EncoderName | "from_saved";
  /** Side of the square input in pixels. */
  readonly imageSize: number;
  /** Puts the encoder behind normalised images. */
  build(image: SymbolicTensor, context: BuildContext): BuiltEncoder;
}
