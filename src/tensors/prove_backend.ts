import type { Tensor, Tf } from "./tf.ts";

/** Largest difference from the known numbers, all of which are small integers. */
const TOLERANCE = 1e-3;

/**
 * Runs a matrix product and the gradient of a convolution on the active backend and compares them
 * with known numbers. Returns what is wrong, or undefined when the backend can train.
 */
export async function proveBackend(tf: Tf, name: string): Promise<string | undefined> {
  if (tf.getBackend() !== name) return `asked for ${name}, but ${tf.getBackend()} is active`;
  try {
    for (const { what, result, known } of proofs(tf)) {
      const values = await result.data().finally(() => result.dispose());
      const wrong = known.findIndex((want, i) => !(Math.abs(values[i] - want) < TOLERANCE));
      if (values.length !== known.length || wrong >= 0) {
        return `${what} gave ${Array.from(values).join(" ")} instead of ${known.join(" ")}`;
      }
    }
  } catch (error) {
    return `a proof threw: ${error instanceof Error ? error.message : error}`;
  }
  if (tf.getBackend() !== name) return `${tf.getBackend()} became active during the proof`;
  return undefined;
}

interface Proof {
  readonly what: string;
  readonly result: Tensor;
  readonly known: readonly number[];
}

function* proofs(tf: Tf): Generator<Proof> {
  yield {
    what: "a matrix product",
    result: tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]))),
    known: [19, 22, 43, 50],
  };
  const gradients = tf.tidy(() => {
    const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
    const loss = (x: Tensor, w: Tensor) =>
      tf.conv2d(x.as4D(1, 3, 3, 1), w.as4D(2, 2, 1, 1), 1, "valid").sum();
    return tf.grads(loss)([image, filter]);
  });
  yield {
    what: "the input gradient of a convolution",
    result: gradients[0],
    known: [1, 3, 2, 4, 10, 6, 3, 7, 4],
  };
  yield {
    what: "the filter gradient of a convolution",
    result: gradients[1],
    known: [12, 16, 24, 28],
  };
}
