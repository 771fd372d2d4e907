import { type LayersModel, type Tensor, tfjs } from "../tensors/tf.ts";

/** Remembers the weights of the best epoch of a stage. */
export class BestWeights {
  readonly #network: LayersModel;
  readonly #keep: boolean;
  #weights: Tensor[] = [];
  #value = -Infinity;
  #epoch = 0;

  /** @param options.keep whether the weights will be wanted back; otherwise only the epoch is noted */
  constructor(network: LayersModel, { keep }: { readonly keep: boolean }) {
    this.#network = network;
    this.#keep = keep;
  }

  /** The best epoch so far; 0 before there is one. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Notes an epoch; whether it is the best so far. The first of equals stays. */
  offer(value: number, epoch: number): boolean {
    if (!(value > this.#value)) return false;
    this.#value = value;
    this.#epoch = epoch;
    if (this.#keep) {
      this.dispose();
      this.#weights = this.#network.getWeights().map((weight) => tfjs().keep(weight.clone()));
    }
    return true;
  }

  /** Puts the weights of the best epoch back into the model. */
  restore(): void {
    if (this.#weights.length > 0) this.#network.setWeights(this.#weights);
  }

  /** Frees the copies. */
  dispose(): void {
    tfjs().dispose(this.#weights);
    this.#weights = [];
  }
}
