import { SeededRandom } from "../../_internal/seeded_random.ts";
import type { Tensor, Tf, Variable } from "../../tensors/tf.ts";
import type { WeightedLayer } from "./layers_downward.ts";

/**
 * Weights of layers, remembered so that they can be exchanged and put back. What is remembered is
 * the very data of the variables, so that putting it back is exact, constraints or not.
 */
export class RememberedWeights {
  readonly #tf: Tf;
  readonly #kept: { readonly variable: Variable; readonly copy: Tensor }[];

  constructor(tf: Tf, layers: readonly WeightedLayer[]) {
    this.#tf = tf;
    const variables = new Set(layers.flatMap((x) => x.weights.map((w) => w.read() as Variable)));
    this.#kept = [...variables].map((variable) => ({
      variable,
      copy: tf.keep(variable.clone()),
    }));
  }

  /** Puts the values back; they stay remembered. */
  restore(): void {
    for (const { variable, copy } of this.#kept) variable.assign(copy);
  }

  /** Forgets the values; the variables keep what they have. */
  dispose(): void {
    this.#tf.dispose(this.#kept.map((kept) => kept.copy));
  }
}

/**
 * Exchanges the entries of each weight of a layer with one another. The numbers stay those that
 * were learnt, only nothing is where it belongs: their mean and spread do not change, a variance
 * stays positive, and nothing becomes NaN, whatever kind of layer it is. A weight of one value, or
 * of one value everywhere, stays as it is: it tells pixels and channels apart in no way.
 *
 * @returns how many entries were exchanged
 */
export async function shuffleWeights(
  tf: Tf,
  layer: WeightedLayer,
  { seed }: { readonly seed: string },
): Promise<number> {
  let moved = 0;
  for (const [i, weight] of layer.weights.entries()) {
    const variable = weight.read() as Variable;
    if (variable.dtype !== "float32" && variable.dtype !== "int32") continue;
    // A copy: the cpu backend hands out the memory of the variable, and of what is remembered.
    const values = (await variable.data()).slice();
    if (values.every((value) => value === values[0])) continue;
    rotate(values, new SeededRandom(`${seed}/${layer.path}/${i}`));
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, variable.dtype)));
    moved += values.length;
  }
  return moved;
}

/** One random cycle through all entries (Sattolo, 1986): none stays in its place. */
function rotate(values: Float32Array | Int32Array | Uint8Array, random: SeededRandom): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i);
    [values[i], values[j]] = [values[j], values[i]];
  }
}
