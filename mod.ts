/**
 * QSight: train, inspect and regression-test hybrid classical + quantum image classifiers from
 * notebooks. This is the door; each room has an entry of its own (`@qsight/qsight/stages`, …), which
 * loads only what it needs. Importing it has no side effect.
 *
 * @module
 */
export {
  channelStatistics,
  classCounts,
  fromArrays,
  imageAt,
  loadData,
  syntheticFundus,
} from "./src/data/mod.ts";
export { kernelKind, openStatusLine, show } from "./src/display/mod.ts";
export { gradCam } from "./src/explain/mod.ts";
export { probeHardware, recommend } from "./src/hardware/mod.ts";
export { decodeImage, resizeImage } from "./src/images/mod.ts";
export {
  classificationReport,
  confidenceTable,
  confusionMatrix,
  summarizePredictions,
  summaryTable,
} from "./src/metrics/mod.ts";
export {
  hybridModel,
  loadEncoder,
  loadHybridModel,
  parameterCounts,
  predict,
  quantumLayerOf,
  saveHybridModel,
  setActiveHeads,
} from "./src/model/mod.ts";
export {
  plotCamPanel,
  plotConfidenceTable,
  plotConfusionMatrices,
  plotConfusionMatrix,
  plotHistory,
  plotImages,
  plotReliability,
} from "./src/plots/mod.ts";
export {
  angleEncoding,
  basicEntangler,
  composeCircuit,
  defineCircuit,
  openSampler,
  realAmplitudes,
  statevectorSimulator,
  zzFeatureMap,
} from "./src/quantum/mod.ts";
export { executeNotebook } from "./src/runner/mod.ts";
export { openRun, readManifest, verifyRun } from "./src/runs/mod.ts";
export { samplerLock } from "./src/sampler_lock/mod.ts";
export { pickClassDiverse } from "./src/sampling/mod.ts";
export { applyStage, defineStages } from "./src/stages/mod.ts";
export { loadModel, openTensors, saveModel, tfjs } from "./src/tensors/mod.ts";
export {
  evaluate,
  finishTraining,
  fit,
  saveFigures,
  startFit,
  summarizeHeads,
} from "./src/training/mod.ts";
