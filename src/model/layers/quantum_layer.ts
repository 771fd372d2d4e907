import type { Circuit } from "../../quantum/circuit.ts";
import type { Simulator } from "../../quantum/simulator_contract.ts";
import type { Tensor, Tensor1D, Tensor2D, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";
import { fromConfigText, toConfigText } from "./layer_config.ts";
import { defaultSimulator, differentiableCircuit, readsLater } from "./run_circuit.ts";

/** Configuration of {@linkcode quantumLayerClass}. */
export interface QuantumLayerConfig {
  readonly name?: string;
  /** The circuit, or its text in a saved model. */
  readonly circuit: Circuit | string;
  /** Standard deviation of the initial angles, radians; small keeps the circuit near the identity. @default {0.03} */
  readonly initialDeviation?: number;
  /** Seed of the initial angles. @default {0} */
  readonly seed?: number;
  /** For the first layer of a model. */
  readonly inputShape?: readonly number[];
  /** The same from a saved model. */
  readonly batchInputShape?: readonly (number | null)[];
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
    simulator: Simulator = defaultSimulator();
    circuitOff = false;
    readonly #config: QuantumLayerConfig;
    #angles: ReturnType<Layer["addWeight"]> | undefined;

    /** Explanations record how the gradient came through the circuit. */
    get gradientMethod(): string | undefined {
      const { name, gradientMethod = `as simulator "${name}" takes it` } = readsLater(tf)
        ? { name: "tensors", gradientMethod: "backpropagation" }
        : this.simulator;
      return this.circuitOff ? undefined : gradientMethod;
    }

    constructor(config: QuantumLayerConfig) {
      const circuit = typeof config.circuit === "string"
        ? fromConfigText(config.circuit) as Circuit
        : config.circuit;
      const { name, inputShape, batchInputShape } = config;
      super({
        name,
        ...(inputShape && { inputShape: [...inputShape] }),
        ...(batchInputShape && { batchInputShape: [...batchInputShape] }),
      });
      this.#config = config;
      this.circuit = circuit;
    }

    override build(): void {
      const { initialDeviation = 0.03, seed = 0 } = this.#config;
      this.#angles = this.addWeight(
        "angles",
        [this.circuit.weights],
        "float32",
        // tfjs takes a deviation of 0 for one that was left out.
        initialDeviation === 0
          ? tf.initializers.zeros()
          : tf.initializers.randomNormal({ mean: 0, stddev: initialDeviation, seed }),
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
      return differentiableCircuit(tf, { circuit, simulator }, {
        inputs: x as Tensor2D,
        weights: angles as Tensor1D,
      });
    }

    override getConfig() {
      const { initialDeviation = 0.03, seed = 0 } = this.#config;
      const circuit = toConfigText(this.circuit);
      return { ...super.getConfig(), circuit, initialDeviation, seed };
    }
  } as unknown as LayerConstructor<QuantumLayerConfig>;
}
