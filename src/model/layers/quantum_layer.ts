import type { Circuit } from "../../quantum/circuit.ts";
import type { CircuitArgs, CircuitGradients, Simulator } from "../../quantum/simulator_contract.ts";
import { statevectorSimulator } from "../../quantum/simulator.ts";
import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";
import { fromConfigText, toConfigText } from "./layer_config.ts";

/** Configuration of {@linkcode quantumLayerClass}. */
export interface QuantumLayerConfig {
  readonly name?: string;
  /** The circuit, or its text in a saved model. */
  readonly circuit: Circuit | string;
  /** Standard deviation of the initial angles, radians; small keeps the circuit near the identity. @default {0.03} */
  readonly initialDeviation?: number;
  /** Seed of the initial angles. @default {0} */
  readonly seed?: number;
}

/** A layer that runs a circuit. */
export interface QuantumLayer extends Layer {
  /** The circuit that the layer runs. */
  readonly circuit: Circuit;
  /** What runs the circuit; replace it to count calls, lock it or send it elsewhere. */
  simulator: Simulator;
  /**
   * Whether the circuit is left out, for a measurement without it: each row is then that of the
   * maximally mixed state, 0 for every expectation or the same probability for every state.
   */
  circuitOff: boolean;
}

/**
 * A circuit as a layer: `[batch, circuit.inputs]` → `[batch, outputs]`, its angles trainable. The
 * gradient to angles and inputs is one adjoint sweep (Jones and Gacon, arXiv:2009.02823), not
 * a shifted circuit per parameter.
 */
export function quantumLayerClass(tf: Tf): LayerConstructor<QuantumLayerConfig> {
  return class QuantumLayerOf extends tf.layers.Layer implements QuantumLayer {
    static className = "QuantumLayer";
    readonly circuit: Circuit;
    simulator: Simulator = statevectorSimulator();
    circuitOff = false;
    readonly #config: QuantumLayerConfig;
    #angles: ReturnType<Layer["addWeight"]> | undefined;

    /** Explanations record how the gradient came through the circuit. */
    get gradientMethod(): string | undefined {
      const { name, gradientMethod = `as simulator "${name}" takes it` } = this.simulator;
      return this.circuitOff ? undefined : gradientMethod;
    }

    constructor(config: QuantumLayerConfig) {
      super({ name: config.name });
      this.#config = config;
      this.circuit = typeof config.circuit === "string"
        ? fromConfigText(config.circuit) as Circuit
        : config.circuit;
    }

    override build(): void {
      const { initialDeviation = 0.03, seed = 0 } = this.#config;
      this.#angles = this.addWeight(
        "angles",
        [this.circuit.weights],
        "float32",
        tf.initializers.randomNormal({ mean: 0, stddev: initialDeviation, seed }),
      );
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return [shape[0], this.circuit.outputs];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const angles = this.#angles!.read();
      const { circuit, simulator } = this;
      const batch = x.shape[0] as number;
      const { outputs } = circuit;
      if (this.circuitOff) {
        return tf.fill([batch, outputs], circuit.observable === "z" ? 0 : 1 / outputs);
      }
      const run = tf.customGrad((...args: unknown[]) => {
        const [x, angles, save] = args as [Tensor, Tensor, (tensors: Tensor[]) => void];
        save([x, angles]);
        const read = () => ({
          inputs: x.dataSync() as Float32Array,
          weights: angles.dataSync() as Float32Array,
          batch,
        });
        return {
          value: tf.tensor2d(forward(simulator, circuit, read()), [batch, outputs]),
          gradFunc: (dy: Tensor, saved: Tensor[]) => {
            const gradients = vjp(simulator, circuit, {
              inputs: saved[0].dataSync() as Float32Array,
              weights: saved[1].dataSync() as Float32Array,
              batch,
              cotangents: dy.dataSync() as Float32Array,
            });
            return [
              tf.tensor2d(gradients.inputs, [batch, circuit.inputs]),
              tf.tensor1d(gradients.weights),
            ];
          },
        };
      });
      return run(x as Tensor2D, angles);
    }

    override getConfig() {
      const { initialDeviation = 0.03, seed = 0 } = this.#config;
      const circuit = toConfigText(this.circuit);
      return { ...super.getConfig(), circuit, initialDeviation, seed };
    }
  } as unknown as LayerConstructor<QuantumLayerConfig>;
}

// Simulators refuse angles that are no numbers. Like every layer, this one answers NaN to NaN: the
// training then says which loss, stage and batch it was.

function forward(simulator: Simulator, circuit: Circuit, args: CircuitArgs): Float32Array {
  return allFinite(args)
    ? simulator.forward(circuit, args)
    : new Float32Array(args.batch * circuit.outputs).fill(NaN);
}

function vjp(
  simulator: Simulator,
  circuit: Circuit,
  args: CircuitArgs & { readonly cotangents: Float32Array },
): Pick<CircuitGradients, "inputs" | "weights"> {
  if (allFinite(args) && args.cotangents.every(Number.isFinite)) {
    return simulator.vjp(circuit, args);
  }
  return {
    inputs: new Float32Array(args.inputs.length).fill(NaN),
    weights: new Float32Array(args.weights.length).fill(NaN),
  };
}

function allFinite({ inputs, weights }: CircuitArgs): boolean {
  return inputs.every(Number.isFinite) && weights.every(Number.isFinite);
}
