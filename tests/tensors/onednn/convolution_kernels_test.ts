import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { Tensor, Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { assertClose, type Compute, normals, valuesOn } from "../_on_backends.ts";
import { gridSamples } from "../kernels/_gradient_grid.ts";
import { runSample } from "../kernels/_gradient_samples.ts";
import { NO_ONEDNN } from "./_onednn.ts";

async function assertSame(what: string, compute: Compute): Promise<void> {
  const wanted = await valuesOn("cpu", compute);
  const found = await valuesOn("wasm+onednn", compute);
  assert.equal(found.length, wanted.length);
  found.forEach((values, i) => assertClose(values, wanted[i], `${what}, result ${i}`, 1e-5));
}

/** How often each kernel was left to wasm, by reason. */
async function fallbacks(): Promise<Record<string, number>> {
  const { report } = await openTensors({ require: "wasm+onednn" });
  return Object.fromEntries(report.fallbacks.map(({ kernel, reason, count }) => [
    `${kernel}: ${reason}`,
    count,
  ]));
}

testOrSkip(
  "convolutions by oneDNN and their gradients equal cpu, over strides, paddings, dilations",
  NO_ONEDNN,
  async () => {
    const samples = Object.entries(gridSamples())
      .filter(([name]) => /conv2d|fused matMul|einsum|attention/.test(name));
    assert.ok(samples.length > 100, `${samples.length} samples`);
    for (const [name, sample] of samples) {
      await assertSame(name, (tf) => runSample(tf, name, sample));
    }
    // Only what is known to be left: an activation, and paddings that reach beyond the image.
    const left = Object.keys(await fallbacks());
    left.forEach((reason) => assert.match(reason, /activation (elu|sigmoid) is not fused|never/));
  },
);

/** Filters as large networks have them, for which oneDNN has code of its own. */
const LARGE: [number[], number[], number][] = [
  [[2, 15, 14, 3], [3, 3, 3, 16], 1],
  [[2, 15, 14, 3], [7, 7, 3, 64], 2],
  [[2, 14, 14, 16], [3, 3, 16, 32], 1],
  [[2, 13, 14, 32], [3, 3, 32, 64], 2],
  [[2, 7, 9, 64], [1, 1, 64, 32], 1],
  [[1, 7, 7, 64], [1, 1, 64, 128], 2],
  [[2, 9, 9, 24], [5, 5, 24, 40], 1],
  [[1, 6, 6, 33], [3, 3, 33, 17], 1],
];

testOrSkip("convolutions of many channels by oneDNN equal cpu", NO_ONEDNN, async () => {
  for (const [image, filter, strides] of LARGE) {
    for (const pad of ["same", "valid"] as const) {
      const convolve = (tf: Tf) => (x: Tensor, w: Tensor) =>
        tf.conv2d(x as Tensor4D, w as Tensor4D, strides, pad);
      await assertSame(`${image} * ${filter} / ${strides} ${pad}`, (tf) => {
        const x = tf.tensor(normals(image, "x"), image),
          w = tf.tensor(normals(filter, "w"), filter);
        const y = convolve(tf)(x, w);
        const g = tf.tensor(normals(y.shape, "g"), y.shape);
        const grads = tf.grads((a, b) => convolve(tf)(a, b).mul(g).sum())([x, w]);
        return [y, ...grads];
      });
    }
  }
});

testOrSkip("what oneDNN is not asked for is left to wasm, with the reason", NO_ONEDNN, async () => {
  const { tf } = await openTensors({ require: "wasm+onednn" });
  const before = await fallbacks();
  const fused = (activation: "sigmoid") =>
    tf.tidy(() =>
      tf.fused.conv2d({
        x: tf.ones([1, 4, 4, 2]) as Tensor4D,
        filter: tf.ones([3, 3, 2, 2]) as Tensor4D,
        strides: 1,
        pad: "valid",
        activation,
      }).dataSync()[0]
    );
  assert.ok(Math.abs(fused("sigmoid") - 1) < 1e-6);
  fused("sigmoid");
  const key = "FusedConv2D: the activation sigmoid is not fused";
  assert.equal((await fallbacks())[key] - (before[key] ?? 0), 2);
  assert.throws(
    () =>
      tf.tidy(() =>
        tf.conv2d(
          tf.ones([1, 8, 8, 1]) as Tensor4D,
          tf.ones([3, 3, 1, 1]) as Tensor4D,
          2,
          1,
          "NHWC",
          1,
          "ceil",
        )
      ),
    /Conv2D on wasm: padding 1 and rounding ceil/,
    "wasm's own error, not oneDNN's",
  );
  const empty = tf.tidy(() =>
    tf.conv2d(tf.zeros([0, 8, 8, 1]) as Tensor4D, tf.ones([3, 3, 1, 1]) as Tensor4D, 1, "same")
      .shape
  );
  assert.deepEqual(empty, [0, 8, 8, 1]);
});
