import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import { fusionClass, type FusionConfig, type Votes } from "./fusion.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/**
 * The fusion `"dynamic"` of the logits of several heads, `[batch, classes]` each. A sample's weights
 * are the softmax over the voting heads of `bias_h + trust · confidence_h`, where confidence is
 * 1 − entropy / ln K of that head for that sample alone; each head's logits are first scaled by a
 * learned temperature. Nothing depends on the other samples of a batch or on a masked head.
 */
export function fusionLayerClass(tf: Tf): LayerConstructor<FusionConfig> {
  return class FusionLayerOf extends fusionClass(tf) {
    static className = "FusionLayer";
    readonly fusion = "dynamic";
    #bias: ReturnType<Layer["addWeight"]> | undefined;
    #logScale: ReturnType<Layer["addWeight"]> | undefined;
    #trust: ReturnType<Layer["addWeight"]> | undefined;

    override build(): void {
      const zeros = tf.initializers.zeros();
      this.#bias = this.addWeight("bias", [this.heads.length], "float32", zeros);
      this.#logScale = this.addWeight("log_scale", [this.heads.length], "float32", zeros);
      this.#trust = this.addWeight("trust", [1], "float32", tf.initializers.ones());
      this.built = true;
    }

    override weigh(votes: Votes): Tensor2D {
      return this.#gate(votes, this.#scaled(votes));
    }

    override fuse(votes: Votes): Tensor {
      const scaled = this.#scaled(votes);
      const gate = this.#gate(votes, scaled);
      const shares = scaled.map((logits, i) => logits.mul(gate.slice([0, i], [-1, 1])));
      return shares.length === 1 ? shares[0] : tf.addN(shares);
    }

    /** The voting heads' logits, each times its learned scale. */
    #scaled({ voting, logits }: Votes): Tensor[] {
      const scale = tf.exp(this.#logScale!.read());
      return logits.map((logits, position) => logits.mul(scale.slice([voting[position]], [1])));
    }

    #gate({ voting }: Votes, scaled: readonly Tensor[]): Tensor2D {
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
  } as unknown as LayerConstructor<FusionConfig>;
}
