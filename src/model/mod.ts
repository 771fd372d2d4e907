/**
 * The hybrid classifier: encoder, compression, heads, quantum layer and fusion in one tf.layers model.
 *
 * @module
 */
export type {
  ConvnetEncoder,
  EncoderCam,
  EncoderName,
  EncoderOption,
  ResnetEncoder,
  SavedEncoder,
  VitEncoder,
} from "./encoders/encoder.ts";
export { loadEncoder, type LoadEncoderOptions } from "./encoders/load_encoder.ts";
export type {
  ChannelStatistics,
  Normalization,
  NormalizationName,
} from "./encoders/normalization.ts";
export { loadHybridModel, saveHybridModel, type SaveHybridModelOptions } from "./hybrid_files.ts";
export {
  ENSEMBLE,
  fusionOf,
  HEADS,
  type HybridModel,
  hybridModel,
  quantumLayerOf,
  setActiveHeads,
} from "./hybrid_model.ts";
export type { HybridModelOptions } from "./hybrid_options.ts";
export { type ParameterCount, parameterCounts } from "./parameter_counts.ts";
export { predict, type Prediction } from "./predict.ts";
export type { FusionLayer } from "./layers/fusion_layer.ts";
export type { Layer } from "./layers/layer_types.ts";
export type { QuantumLayer } from "./layers/quantum_layer.ts";
