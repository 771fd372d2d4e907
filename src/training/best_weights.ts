import type { LayersModel } from "../tensors/tf.ts";
import { type NamedTensor, writeWeights } from "./named_tensors.ts";

/** Keeps the weights of the best epoch of a stage. */
export class BestWeights {
  readonly #keep: boolean;
  #weights: readonly NamedTensor[] = [];

  /** @param options.keep whether the weights will be wanted back; otherwise none are kept */
  constructor({ keep }: { readonly keep: boolean }) {
    this.#keep = keep;
  }

  /** Those of the best epoch so far. */
  get weights(): readonly NamedTensor[] {
    return this.#weights;
  }

  /** Keeps the weights of an epoch that is the best so far. */
  note(weights: readonly NamedTensor[]): void {
    if (this.#keep) this.#weights = weights;
  }

  /** Puts them back into the model. */
  restore(network: LayersModel): void {
    writeWeights(network, this.#weights);
  }
}
