import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode bypassSumClass}. */
export interface BypassSumConfig {
  readonly name?: string;
}

/** The layer that adds a classical bypass to what a circuit says. */
export interface BypassSumLayer extends Layer {
  /** Whether the bypass is left out, for a measurement without it. */
  bypassOff: boolean;
  /** Whether the input at a position takes part. */
  usesInput(index: number): boolean;
}

/** Names of the gates, and where they start: 0.5 for the circuit, 0.119 for the bypass. */
const GATES = [["circuit_gate", 0], ["bypass_gate", -2]] as const;

/** `σ(circuit_gate) · logits of the circuit + σ(bypass_gate) · logits of the bypass`. */
export function bypassSumClass(tf: Tf): LayerConstructor<BypassSumConfig> {
  return class BypassSum extends tf.layers.Layer implements BypassSumLayer {
    static className = "BypassSum";
    bypassOff = false;
    #gates: ReturnType<Layer["addWeight"]>[] = [];

    override build(): void {
      this.#gates = GATES.map(([name, value]) =>
        this.addWeight(name, [1], "float32", tf.initializers.constant({ value }))
      );
      this.built = true;
    }

    override computeOutputShape(shapes: number[][]): number[] {
      return shapes[0];
    }

    usesInput(index: number): boolean {
      return index === 0 || !this.bypassOff;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const [circuit, bypass] = inputs as Tensor[];
      return tf.tidy(() => {
        const [ofCircuit, ofBypass] = this.#gates.map((gate) => tf.sigmoid(gate.read()));
        const answer = circuit.mul(ofCircuit);
        return this.bypassOff ? answer : answer.add(bypass.mul(ofBypass));
      });
    }
  } as unknown as LayerConstructor<BypassSumConfig>;
}
