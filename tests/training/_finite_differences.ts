import assert from "node:assert/strict";
import { type Scalar, type Tensor2D, tfjs } from "../../src/tensors/tf.ts";

/** Asserts that the gradient of a function of `[rows, columns]` logits is what small steps say. */
export function assertGradient(
  what: string,
  f: (x: Tensor2D) => Scalar,
  { logits, columns }: { readonly logits: Float32Array; readonly columns: number },
): void {
  const tf = tfjs();
  const shape: [number, number] = [logits.length / columns, columns];
  const valueAt = (values: Float32Array) =>
    tf.tidy(() => f(tf.tensor2d(values, shape)).dataSync()[0]);
  const gradient = tf.tidy(() =>
    tf.grad((x) => f(x as Tensor2D))(tf.tensor2d(logits, shape)).dataSync()
  );
  const h = 2 ** -7;
  for (let i = 0; i < logits.length; i++) {
    const at = (shift: number) => valueAt(logits.map((x, j) => i === j ? x + shift : x));
    // Five points: the error is of the fourth order, so that h may be large against float32.
    const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    const difference = Math.abs(slope - gradient[i]);
    assert.ok(difference < 3e-4, `${what}, logit ${i}: found ${gradient[i]}, wanted ${slope}`);
  }
}
