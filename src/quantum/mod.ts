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
export { composeCircuit, type ComposeCircuitOptions } from "./compose_circuit.ts";
export { type GateDescription, type GateName, GATES } from "./gates.ts";
export { referenceSimulator } from "./reference_simulator.ts";
export { statevectorSimulator, type StatevectorSimulatorOptions } from "./simulator.ts";
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
