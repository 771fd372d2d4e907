import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";
import { fromConfigText, toConfigText } from "./layer_config.ts";

/** Configuration of {@linkcode fusionLayerClass}. */
export interface FusionLayerConfig {
  readonly name?: string;
  /** Names of the heads in the order of the inputs, or their text in a saved model. */
  readonly heads: readonly string[] | string;
}

/** The layer that makes one answer of several heads. */
export interface FusionLayer extends Layer {
  /** Names of the heads, in the order of the inputs. */
  readonly heads: readonly string[];
  /** Which heads vote. A head that does not is never read: not even NaN in it can reach the answer. */
  activeHeads: readonly string[];
  /** `[batch, active heads]`: the weight of each voting head for each sample; rows sum to 1. */
  gate(logits: readonly Tensor[]): Tensor2D;
  /** Whether the input at a position takes part; a walker of the graph need not evaluate the others. */
  usesInput(index: number): boolean;
}

/**
 * Fusion of the logits of several heads, `[batch, classes]` each. A sample's weights are the softmax
 * over the voting heads of `bias_h + trust · confidence_h`, where confidence is 1 − entropy / ln K of
 * that head for that sample alone; each head's logits are first scaled by a learned temperature.
 * Nothing depends on the other samples of a batch or on a masked head.
 */
export function fusionLayerClass(tf: Tf): LayerConstructor<FusionLayerConfig> {
  return class FusionLayerOf extends tf.layers.Layer implements FusionLayer {
    static className = "FusionLayer";
    readonly heads: readonly string[];
    activeHeads: readonly string[];
    #bias: ReturnType<Layer["addWeight"]> | undefined;
    #logScale: ReturnType<Layer["addWeight"]> | undefined;
    #trust: ReturnType<Layer["addWeight"]> | undefined;

    constructor(config: FusionLayerConfig) {
      super({ name: config.name });
      this.heads = typeof config.heads === "string"
        ? fromConfigText(config.heads) as string[]
        : config.heads;
      this.activeHeads = this.heads;
    }

    override build(): void {
      const zeros = tf.initializers.zeros();
      this.#bias = this.addWeight("bias", [this.heads.length], "float32", zeros);
      this.#logScale = this.addWeight("log_scale", [this.heads.length], "float32", zeros);
      this.#trust = this.addWeight("trust", [1], "float32", tf.initializers.ones());
      this.built = true;
    }

    override computeOutputShape(shapes: number[][]): number[] {
      return shapes[0];
    }

    usesInput(index: number): boolean {
      return this.activeHeads.includes(this.heads[index]);
    }

    gate(logits: readonly Tensor[]): Tensor2D {
      return tf.tidy(() => this.#gate(this.#scaled(logits)));
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const scaled = this.#scaled(Array.isArray(inputs) ? inputs : [inputs]);
        const gate = this.#gate(scaled);
        const votes = scaled.map((logits, i) => logits.mul(gate.slice([0, i], [-1, 1])));
        return votes.length === 1 ? votes[0] : tf.addN(votes);
      });
    }

    /** The voting heads' logits, each times its learned scale. */
    #scaled(logits: readonly Tensor[]): Tensor[] {
      const voting = this.heads.flatMap((_, i) => this.usesInput(i) ? [i] : []);
      if (voting.length === 0) {
        throw new RangeError(
          `Fusion "${this.name}" has no active head: activate at least one of ${
            this.heads.join(", ")
          }`,
        );
      }
      const scale = tf.exp(this.#logScale!.read());
      return voting.map((i) => logits[i].mul(scale.slice([i], [1])));
    }

    #gate(scaled: readonly Tensor[]): Tensor2D {
      const voting = this.heads.flatMap((_, i) => this.usesInput(i) ? [i] : []);
      const scores = scaled.map((logits, position) => {
        const classes = logits.shape[1] as number;
        const logProbabilities = tf.logSoftmax(logits as Tensor2D);
        const entropy = tf.exp(logProbabilities).mul(logProbabilities).sum(1, true).neg();
        const confidence = entropy.div(-Math.log(classes)).add(1);
        return confidence.mul(this.#trust!.read()).add(
          this.#bias!.read().slice([voting[position]], [1]),
        );
      });
      return tf.softmax(tf.concat(scores, 1) as Tensor2D);
    }

    override getConfig() {
      return { ...super.getConfig(), heads: toConfigText(this.heads) };
    }
  } as unknown as LayerConstructor<FusionLayerConfig>;
}
