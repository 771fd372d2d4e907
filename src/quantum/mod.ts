/**
 * Parametrised quantum circuits as plain data, a batched simulator with gradients, and samplers.
 *
 * @module
 */
export {
  type AffineInput,
  type Angle,
  inputAngle,
  type InputAngleOptions,
  productAngle,
  type ProductAngleOptions,
  weightAngle,
  type WeightAngleOptions,
} from "./angle.ts";
export {
  type Circuit,
  type CircuitDeclaration,
  defineCircuit,
  type Observable,
  type Operation,
  type OperationDeclaration,
} from "./circuit.ts";
export { type CircuitStatistics, circuitStatistics } from "./circuit_statistics.ts";
export { composeCircuit, type ComposeCircuitOptions } from "./compose_circuit.ts";
export type { Matrix } from "./gate_matrix.ts";
export { type GateDescription, type GateName, GATES } from "./gates.ts";
export {
  type FallbackEvent,
  type FallbackSampler,
  fallbackSampler,
  type FallbackSamplerOptions,
} from "./fallback_sampler.ts";
export { finiteDifference, type FiniteDifferenceOptions } from "./finite_difference.ts";
export {
  type Estimator,
  type EstimatorPub,
  type EstimatorPubResult,
  type EstimatorResult,
  type PauliSums,
  samplerEstimator,
} from "./estimator.ts";
export type { NumberTree } from "./broadcast.ts";
export type { PauliSum } from "./pauli_sum.ts";
export type { ParameterValues, SamplerPub } from "./pub.ts";
export {
  type OpenedSampler,
  openSampler,
  type OpenSamplerOptions,
  type SamplerReport,
} from "./open_sampler.ts";
export type { SamplerCandidate, SamplerName } from "./sampler_candidates.ts";
export { fromOpenQasm, type FromOpenQasmOptions } from "./openqasm/from_openqasm.ts";
export { toOpenQasm, type ToOpenQasmOptions } from "./openqasm/to_openqasm.ts";
export { OpenQasmError, type Place } from "./openqasm/tokens.ts";
export { remoteSampler, type RemoteSamplerOptions } from "./remote_sampler.ts";
export type { NoiseOptions } from "./noise.ts";
export { noisySampler, type NoisySamplerOptions } from "./noisy_sampler.ts";
export { parameterShift } from "./parameter_shift.ts";
export type { EnvironmentNote } from "./placebo_variables.ts";
export { probeSimulator } from "./probe_simulator.ts";
export {
  drawCircuit,
  type DrawCircuitOptions,
  openQuantumCircuitSimulator,
} from "./quantum_circuit_adapter.ts";
export { referenceSimulator } from "./reference_simulator.ts";
export { simulatorSampler, type SimulatorSamplerOptions } from "./sampler.ts";
export type {
  Counts,
  GradientMethod,
  GradientOptions,
  Sampler,
  SamplerGradients,
  SamplerPubResult,
  SamplerResult,
  SamplerRunOptions,
} from "./sampler_contract.ts";
export {
  type SamplerChoice,
  type SamplerFinding,
  type SamplerProbe,
  selectSampler,
} from "./select_sampler.ts";
export { type StatevectorSimulator, statevectorSimulator } from "./simulator.ts";
export type { StatevectorModule, StatevectorSimulatorOptions } from "./simulator_options.ts";
export type {
  CircuitArgs,
  CircuitGradients,
  FloatArray,
  Simulator,
  VjpArgs,
} from "./simulator_contract.ts";
export {
  angleEncoding,
  type AngleEncodingOptions,
  basicEntangler,
  type BasicEntanglerOptions,
  type Entanglement,
  realAmplitudes,
  type RealAmplitudesOptions,
  type Rotation,
  zzFeatureMap,
  type ZZFeatureMapOptions,
} from "./templates.ts";
export {
  openWebGpuSampler,
  type OpenWebGpuSamplerOptions,
  type WebGpuSampler,
} from "./webgpu/webgpu_sampler.ts";
