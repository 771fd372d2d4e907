import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import { fromConfigText, toConfigText } from "./layer_config.ts";
import type { Layer } from "./layer_types.ts";

/** How the answers of the heads become one. */
export type FusionName = "dynamic" | "mlp" | "skip_ensemble";

/** What every fusion layer is made with. */
export interface FusionConfig {
  readonly name?: string;
  /** Names of the heads in the order of the inputs, or their text in a saved model. */
  readonly heads: readonly string[] | string;
}

/** The layer that makes one answer of several heads. */
export interface FusionLayer extends Layer {
  /** How it does it. */
  readonly fusion: FusionName;
  /** Names of the heads, in the order of the inputs. */
  readonly heads: readonly string[];
  /** Which heads vote. A head that does not is never read: not even NaN in it can reach the answer. */
  activeHeads: readonly string[];
  /** Whether the first active head answers alone, its logits unchanged. */
  skipEnsemble: boolean;
  /** `[batch, active heads]`: the weight of each voting head for each sample; rows sum to 1. */
  gate(logits: readonly Tensor[]): Tensor2D;
  /** Whether the input at a position takes part; a walker of the graph need not evaluate the others. */
  usesInput(index: number): boolean;
}

/** The heads that vote on a batch: all that a fusion ever sees. */
export interface Votes {
  /** Positions among all heads. */
  readonly voting: readonly number[];
  /** `[batch, classes]` of each voting head. */
  readonly logits: readonly Tensor2D[];
}

/**
 * What all fusions have in common: names, the mask, and the way around the fusion. A fusion
 * computes with {@linkcode Votes} alone, so nothing of a masked head can reach its answer.
 */
export function fusionClass(tf: Tf) {
  abstract class Fusion extends tf.layers.Layer implements FusionLayer {
    abstract readonly fusion: FusionName;
    readonly heads: readonly string[];
    activeHeads: readonly string[];
    skipEnsemble = false;

    constructor({ name, heads }: FusionConfig) {
      super({ name });
      this.heads = typeof heads === "string" ? fromConfigText(heads) as string[] : heads;
      this.activeHeads = this.heads;
    }

    /** The answer, `[batch, classes]`. */
    abstract fuse(votes: Votes, training: boolean): Tensor;

    /** The weight of each vote, `[batch, votes]`. */
    abstract weigh(votes: Votes): Tensor2D;

    /** Whether the first active head answers alone. */
    get alone(): boolean {
      return this.skipEnsemble;
    }

    override computeOutputShape(shapes: number[][]): number[] {
      return shapes[0];
    }

    usesInput(index: number): boolean {
      const voting = this.#voting();
      return this.alone ? voting[0] === index : voting.includes(index);
    }

    gate(logits: readonly Tensor[]): Tensor2D {
      return tf.tidy(() => {
        const votes = this.#votes(logits);
        if (!this.alone) return this.weigh(votes);
        const row = votes.voting.map((_, i) => i === 0 ? 1 : 0);
        return tf.tensor2d(Array(votes.logits[0].shape[0]).fill(row));
      });
    }

    override call(inputs: Tensor | Tensor[], kwargs?: { training?: boolean }): Tensor {
      return tf.tidy(() => {
        const votes = this.#votes(Array.isArray(inputs) ? inputs : [inputs]);
        return this.alone ? votes.logits[0].clone() : this.fuse(votes, kwargs?.training === true);
      });
    }

    #voting(): number[] {
      return this.heads.flatMap((head, i) => this.activeHeads.includes(head) ? [i] : []);
    }

    #votes(logits: readonly Tensor[]): Votes {
      const voting = this.#voting();
      if (voting.length === 0) {
        throw new RangeError(
          `Fusion "${this.name}" has no active head: activate at least one of ${
            this.heads.join(", ")
          }`,
        );
      }
      return { voting, logits: voting.map((i) => logits[i] as Tensor2D) };
    }

    override getConfig() {
      return { ...super.getConfig(), heads: toConfigText(this.heads) };
    }
  }
  return Fusion;
}
