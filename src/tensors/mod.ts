/**
 * TensorFlow.js, chosen, loaded once, completed for training, and saved to folders. The only room
 * that imports `@tensorflow/*`.
 *
 * @module
 */
export { exportWeights, type ExportWeightsOptions } from "./files/export_weights.ts";
export { importWeights, type ImportWeightsOptions } from "./files/import_weights.ts";
export type { ImportedWeights } from "./files/named_weights.ts";
export { coreCopies, type CoreCopy } from "./core_copies.ts";
export { formatBackendReport } from "./format_backend_report.ts";
export { loadGraphModel } from "./files/load_graph_model.ts";
export { loadModel } from "./files/load_model.ts";
export { loadSafetensors } from "./files/load_safetensors.ts";
export type {
  Safetensors,
  SafetensorsDtype,
  SafetensorsTensor,
  SafetensorsValues,
} from "./files/safetensors.ts";
export { saveModel, type SaveModelOptions } from "./files/save_model.ts";
export {
  type SafetensorsInput,
  saveSafetensors,
  type SaveSafetensorsOptions,
} from "./files/save_safetensors.ts";
export type { OnednnOptions } from "./onednn/find_onednn.ts";
export type { KernelFallback } from "./onednn/native_session.ts";
export { type BackendReport, openTensors, type Tensors } from "./open_tensors.ts";
export { type LayerOutputs, runLayers, type RunLayersOptions } from "./run_layers.ts";
export type {
  BackendFinding,
  BackendName,
  BackendWish,
  OpenTensorsOptions,
} from "./select_backend.ts";
export { type Tf, tfjs } from "./tf.ts";
export type {
  DataType,
  GraphModel,
  LayersModel,
  NamedTensorMap,
  Optimizer,
  Scalar,
  Sequential,
  SymbolicTensor,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorContainer,
  TensorLike,
  Variable,
} from "./tf.ts";
