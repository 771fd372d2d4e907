import assert from "node:assert/strict";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { runScript } from "./_run_script.ts";
import { NO_ONEDNN } from "./onednn/_onednn.ts";
import { NO_SOFTWARE_ADAPTER } from "./_software_adapter.ts";

const STEPS = 20;

/** Trains a small network, seeded; prints what computed and the losses. */
function training(options: string): string {
  return `
    import { openTensors } from "SRC/mod.ts";
    const { tf, report } = await openTensors(${options});
    const seeded = (seed) => tf.initializers.heNormal({ seed });
    const layers = tf.layers;
    const model = tf.sequential({ layers: [
      layers.conv2d({ inputShape: [12, 12, 3], filters: 8, kernelSize: 3, padding: "same",
        kernelInitializer: seeded(1) }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.depthwiseConv2d({ kernelSize: 3, padding: "same", depthwiseInitializer: seeded(2) }),
      layers.batchNormalization(),
      layers.leakyReLU(),
      layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
      layers.flatten(),
      layers.dense({ units: 4, kernelInitializer: seeded(3) }),
    ] });
    const wave = (shape) => tf.tensor(Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin((i + 1) * 12.9898) * 1.5),
      shape);
    const x = wave([16, 12, 12, 3]);
    const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 16 }, (_, i) => i % 4), "int32"), 4);
    const optimizer = tf.train.adam(0.01);
    const losses = [];
    for (let step = 0; step < ${STEPS}; step++) {
      const loss = optimizer.minimize(() =>
        tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true })), true);
      losses.push((await loss.data())[0]);
      loss.dispose();
    }
    console.log(JSON.stringify({ device: report.device, losses }));
  `;
}

interface Trajectory {
  readonly device: string;
  readonly losses: number[];
}

async function trajectory(options: string): Promise<Trajectory> {
  const { status, stdout, stderr } = await runScript(training(options));
  assert.equal(status, "ok", stderr);
  return JSON.parse(stdout);
}

let first: Promise<Trajectory> | undefined;

/** What all others are held to; trained once, by the test that wants it first. */
function wanted(): Promise<Trajectory> {
  return first ??= trajectory(`{ require: "wasm", simd: "relaxed" }`);
}

function assertSame({ device, losses }: Trajectory, wanted: Trajectory): void {
  assert.equal(losses.length, STEPS);
  losses.forEach((loss, step) => {
    const difference = Math.abs(loss - wanted.losses[step]);
    assert.ok(difference <= 1e-3, `step ${step}: ${loss} on ${device}, ${wanted.losses[step]}`);
  });
}

Deno.test("20 steps on wasm learn, and are equal with plain and relaxed SIMD", async () => {
  const relaxed = await wanted();
  assert.match(relaxed.device, /relaxed/);
  assert.ok(relaxed.losses[STEPS - 1] < 0.5 * relaxed.losses[0], `${relaxed.losses}`);
  const plain = await trajectory(`{ require: "wasm", simd: "plain" }`);
  assert.match(plain.device, /plain/);
  assertSame(plain, relaxed);
  const other = { ...plain, losses: plain.losses.map((loss) => loss * 1.01) };
  assert.throws(() => assertSame(other, relaxed), /step 0/, "a difference would be seen");
});

testOrSkip(
  "20 steps with oneDNN are equal to those on wasm, and to the byte again",
  NO_ONEDNN,
  async () => {
    const native = await trajectory(`{ require: "wasm+onednn" }`);
    assert.match(native.device, /with oneDNN 2/);
    assertSame(native, await wanted());
    assert.notDeepEqual(native.losses, (await wanted()).losses, "other code computed them");
    assert.deepEqual((await trajectory(`{ require: "wasm+onednn" }`)).losses, native.losses);
  },
);

testOrSkip(
  "20 steps on webgpu (a software adapter, named) are equal to those on wasm",
  NO_SOFTWARE_ADAPTER,
  async () => {
    const webgpu = await trajectory(`{ require: "webgpu", adapter: "llvmpipe" }`);
    assert.match(webgpu.device, /llvmpipe/);
    assertSame(webgpu, await wanted());
  },
);
