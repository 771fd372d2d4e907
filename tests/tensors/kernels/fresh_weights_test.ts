import { assertSameOnBackends, normals } from "../_on_backends.ts";

Deno.test("numbers that a product has had in one shape can be had in another", async () => {
  await assertSameOnBackends("an outer product, then an inner one", (tf) => {
    const a = tf.tensor2d(normals([3, 1], "a"), [3, 1]);
    const b = tf.tensor1d(normals([4], "b"));
    const outer = tf.matMul(a, tf.reshape(b, [1, 4]));
    const inner = tf.matMul(outer, tf.reshape(b, [4, 1]));
    const bias = tf.zeros([1]);
    const dense = tf.fused.matMul({ a: outer, b: tf.reshape(b, [4, 1]), bias });
    return [outer, inner, dense, tf.matMul(outer, tf.reshape(b, [1, 4]), false, true)];
  });
  await assertSameOnBackends("an einsum and its gradients", (tf) => {
    const a = tf.tensor1d(normals([3], "a")), b = tf.tensor1d(normals([4], "b"));
    return tf.grads((x, y) => tf.einsum("i,j->ij", x, y).square().sum())([a, b]);
  });
});
