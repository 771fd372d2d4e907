/**
 * The hybrid classifier: encoder, compression, heads, quantum layer and fusion in one tf.layers model.
 *
 * @module
 */
export { type Annealing, annealingOf, setAnnealing } from "./annealing.ts";
export { calibrateModel } from "./calibrate_model.ts";
export {
  type BypassDescription,
  describeModel,
  type ModelDescription,
  type QuantumDescription,
} from "./describe_model.ts";
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
export {
  fusionLayer,
  type FusionLayerOptions,
  type FusionOption,
  type MlpFusionOption,
} from "./fusion_option.ts";
export type { HiddenOptions, QuantumHeadOptions } from "./head_options.ts";
export { loadHybridModel, saveHybridModel, type SaveHybridModelOptions } from "./hybrid_files.ts";
export {
  ENSEMBLE,
  fusionOf,
  HEADS,
  type HybridModel,
  hybridModel,
  quantumLayerOf,
  setActiveHeads,
  setSkipEnsemble,
} from "./hybrid_model.ts";
export type { HybridModelOptions } from "./hybrid_options.ts";
export { type ParameterCount, parameterCounts } from "./parameter_counts.ts";
export { predict, type Prediction, type PredictOptions } from "./predict.ts";
export {
  quantumLayer,
  type QuantumLayerOptions,
  runCircuit,
  type RunCircuitOptions,
} from "./quantum_layer.ts";
export { qubitAttributions, type QubitAttributionsOptions } from "./qubit_attributions.ts";
export type { TestTime } from "./test_time.ts";
export { type AblationOptions, withAblation } from "./with_ablation.ts";
export type { CircuitTensors } from "./layers/circuit_tensors.ts";
export type { FusionLayer, FusionName } from "./layers/fusion.ts";
export type { Layer } from "./layers/layer_types.ts";
export type { QuantumLayer } from "./layers/quantum_layer.ts";
