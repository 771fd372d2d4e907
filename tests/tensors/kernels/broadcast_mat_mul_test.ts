import { assertDifferences, runSample, type Sample } from "./_gradient_samples.ts";
import { assertClose, assertSameOnBackends, valuesOn } from "../_on_backends.ts";

const SHAPES: [number[], number[]][] = [
  [[2, 1, 3, 4], [3, 4, 2]],
  [[2, 3, 3, 4], [2, 1, 4, 2]],
  [[2, 1, 2, 3], [1, 3, 3, 2]],
  [[1, 3, 2, 3], [3, 3, 2]],
];

Deno.test("matMul() repeats batches of both operands, and its gradients add them up", async () => {
  for (const [a, b] of SHAPES) {
    const name = `matMul ${a} * ${b}`;
    const sample: Sample = { shapes: [a, b], f: (tf, x, y) => tf.matMul(x, y) };
    const repeated: Sample = {
      shapes: [a, b],
      f: (tf, x, y) => {
        const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
        const full = [x, y].map((z) => tf.broadcastTo(z, [...batch, ...z.shape.slice(-2)]));
        return tf.matMul(full[0], full[1]);
      },
    };
    const found = await valuesOn("cpu", (tf) => runSample(tf, name, sample));
    const wanted = await valuesOn("cpu", (tf) => runSample(tf, name, repeated));
    found.forEach((values, i) => assertClose(values, wanted[i], `${name}, result ${i}`));
    await assertDifferences(name, sample, { places: 8 });
    await assertSameOnBackends(name, (tf) => runSample(tf, name, sample));
  }
});
