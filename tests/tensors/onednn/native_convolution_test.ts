import assert from "node:assert/strict";
import type { Rank } from "@tensorflow/tfjs";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { installNativeKernels } from "../../../src/tensors/onednn/install_native_kernels.ts";
import type { WasmBackend } from "../../../src/tensors/kernels/wasm_heap.ts";
import { NativeSession } from "../../../src/tensors/onednn/native_session.ts";
import { runLayers } from "../../../src/tensors/run_layers.ts";
import type { Tensor, Tensor4D, Tf, Variable } from "../../../src/tensors/tf.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { assertClose, type Compute, normals, valuesOn } from "../_on_backends.ts";
import { gridSamples } from "../kernels/_gradient_grid.ts";
import { runSample } from "../kernels/_gradient_samples.ts";
import { NO_ONEDNN, openThrough, tampered } from "./_onednn.ts";

async function assertSame(what: string, compute: Compute): Promise<void> {
  const wanted = await valuesOn("cpu", compute);
  const found = await valuesOn("wasm+onednn", compute);
  assert.equal(found.length, wanted.length);
  found.forEach((values, i) => assertClose(values, wanted[i], `${what}, result ${i}`, 1e-5));
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
    const { report } = await openTensors({ require: "wasm+onednn" });
    assert.deepEqual(report.fallbacks.filter(({ kernel }) => /conv/i.test(kernel)), []);
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

/** Larger than what of its results stays in the cache, so that images go in groups. */
function blockGradients(tf: Tf): Tensor[] {
  const layers = [
    tf.layers.conv2d({ inputShape: [40, 40, 3], filters: 16, kernelSize: 3, useBias: false }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
  ];
  const model = tf.sequential({ layers });
  model.setWeights(
    model.getWeights().map(({ shape }, i) =>
      tf.tensor(normals(shape, i).map((value) => 0.5 + 0.2 * value), shape)
    ),
  );
  const x = tf.tensor(normals([5, 40, 40, 3], "x"), [5, 40, 40, 3]);
  const { grads } = tf.variableGrads(() =>
    runLayers(model, x, { training: true }).outputs[0].square().sum().asScalar()
  );
  const found = model.trainableWeights
    .map((weight) => grads[(weight.read() as unknown as Variable).name].clone());
  model.dispose();
  return found;
}

testOrSkip("gradients of a block over groups of images equal cpu", NO_ONEDNN, async () => {
  await assertSame("a block", blockGradients);
});

testOrSkip("what oneDNN cannot do is left to wasm, with the reason", NO_ONEDNN, async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const compute = () =>
    tf.tidy(() => {
      const x = tf.tensor4d(normals([2, 7, 8, 5], "x"), [2, 7, 8, 5]);
      const w = tf.tensor4d(normals([3, 3, 5, 6], "w"), [3, 3, 5, 6]);
      const { value, grads } = tf.valueAndGrads((a: Tensor, b: Tensor) =>
        tf.conv2d(a as Tensor4D, b as Tensor4D, 1, "same").square().sum()
      )([x, w]);
      return [value, ...grads].map((tensor) => tensor.dataSync().slice());
    });
  const wanted = compute();
  const before = tf.memory().numTensors;
  let broken = true;
  const onednn = await openThrough(
    tampered((name, call) =>
      name === "dnnl_primitive_desc_create" || name === "dnnl_primitive_execute"
        ? (...values) => broken ? 3 : call(...values)
        : call
    ),
  );
  const session = new NativeSession(onednn, tf.backend() as unknown as WasmBackend);
  const remove = installNativeKernels(tf, session);
  try {
    assert.deepEqual(compute(), wanted);
    compute();
    const notes = session.fallbacks.map(({ kernel, count }) => `${kernel} ${count}`);
    const passes = ["forward", "inputGradient", "filterGradient"];
    assert.deepEqual(notes, passes.map((pass) => `convolution, ${pass} 2`));
    session.fallbacks.forEach(({ reason }) => assert.match(reason, /oneDNN: .*: not implemented/));
    session.primitives.clear();
    broken = false;
    assert.notDeepEqual(compute(), wanted, "oneDNN has other last digits");
    broken = true;
    assert.deepEqual(compute(), wanted, "a primitive that fails later");
    assert.match(session.fallbacks.at(-1)!.reason, /its execution: not implemented/);
  } finally {
    remove();
    session.close();
  }
  assert.equal(tf.memory().numTensors, before);
});

testOrSkip(
  "an empty batch and an impossible padding are as without oneDNN",
  NO_ONEDNN,
  async () => {
    const { tf } = await openTensors({ require: "wasm+onednn" });
    const convolve = (batch: number, mode?: "ceil") =>
      tf.tidy(() => {
        const x = tf.zeros<Rank.R4>([batch, 8, 8, 1]), filter = tf.ones<Rank.R4>([3, 3, 1, 1]);
        return tf.conv2d(x, filter, 2, mode === undefined ? "same" : 1, "NHWC", 1, mode).shape;
      });
    assert.deepEqual(convolve(0), [0, 4, 4, 1]);
    assert.deepEqual(convolve(1, "ceil"), [1, 5, 5, 1]);
  },
);
