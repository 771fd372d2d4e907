import assert from "node:assert/strict";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { runScript } from "./_run_script.ts";
import { ADAPTER, FOUND_ADAPTER, NO_SOFTWARE_ADAPTER } from "./_software_adapter.ts";

/** What the script found, in a process of its own: a device cannot be closed again. */
interface Found {
  readonly adapter: string | null;
  readonly software: boolean;
  readonly refused: string;
  readonly absent: string;
  readonly kept: boolean;
  readonly fallback: string[];
  readonly chosen: string;
  readonly device: string;
  readonly again: boolean;
  readonly leaked: number;
  readonly gpu: number[][];
  readonly cpu: number[][];
}

/** The gradients of everything that an image classifier here trains, read asynchronously. */
const GRADIENTS = `
  async function gradients(tf) {
    const numbers = (shape, seed) => tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) },
        (_, i) => Math.sin((i + 1) * 12.9898 + seed)), shape);
    const inputs = [numbers([2, 9, 9, 3], 1), numbers([3, 3, 3, 4], 2), numbers([4], 3),
      numbers([4], 4), numbers([3, 3, 4, 1], 5), numbers([4, 3], 6)];
    const loss = (x, w, scale, offset, deep, dense) => {
      const y = tf.conv2d(x, w, 2, "same");
      const { mean, variance } = tf.moments(y, [0, 1, 2]);
      const bn = tf.batchNorm(y, mean, variance, offset, scale, 1e-3);
      const pooled = tf.maxPool(tf.leakyRelu(tf.depthwiseConv2d(bn, deep, 1, "same")), 2, 2, "same");
      const rows = tf.gather(tf.mean(pooled, [1, 2]), tf.tensor1d([1, 0, 1], "int32"));
      const labels = tf.oneHot(tf.tensor1d([0, 2, 1], "int32"), 3);
      return tf.losses.softmaxCrossEntropy(labels, tf.matMul(rows, dense)).asScalar();
    };
    const { value, grads } = tf.valueAndGrads(loss)(inputs);
    const values = [];
    for (const result of [value, ...grads]) values.push(Array.from(await result.data()));
    [value, ...grads, ...inputs].forEach((tensor) => tensor.dispose());
    return values;
  }
`;

testOrSkip(
  "openTensors() refuses a software GPU adapter, and computes right on it when it is named",
  NO_SOFTWARE_ADAPTER,
  async () => {
    const { status, stdout, stderr } = await runScript(`
      import { openTensors } from "SRC/mod.ts";
      ${GRADIENTS}
      const message = (promise) => promise.then(() => "", (error) => error.message);
      const wasm = await openTensors({ prefer: "webgpu" });
      const refused = await message(openTensors({ require: "webgpu" }));
      const absent = await message(openTensors({ require: "webgpu", adapter: "no such adapter" }));
      const kept = wasm.tf.getBackend() === "wasm" && await openTensors() === wasm;
      const named = await openTensors({ adapter: "llvmpipe" });
      await gradients(named.tf);
      const before = named.tf.memory().numTensors;
      const gpu = await gradients(named.tf);
      const leaked = named.tf.memory().numTensors - before;
      const tensor = named.tf.tensor1d([1, 2]).square();
      const { tf } = await openTensors({ require: "cpu" });
      const cpu = await gradients(tf);
      await openTensors({ adapter: "llvmpipe" });
      const again = String(await tensor.data()) === "1,4" && tf.getBackend() === "webgpu";
      const { device, chosen } = named.report;
      const fallback = wasm.report.found.map(({ name, status, reason }) =>
        [name, status, reason].join(" "));
      console.log(JSON.stringify(
        { refused, absent, kept, fallback, chosen, device, again, leaked, gpu, cpu }));
    `);
    assert.equal(status, "ok", stderr);
    const found: Found = JSON.parse(stdout);
    assert.match(found.refused, /none of webgpu.*llvmpipe.*is software.*adapter: "llvmpipe"/s);
    assert.match(found.absent, /no GPU adapter named "no such adapter", only "llvmpipe/);
    assert.ok(found.kept, "a failure leaves what was open");
    assert.match(found.fallback[0], /^webgpu refused adapter "llvmpipe.*is software/);
    assert.match(found.fallback[1], /^wasm chosen/);
    assert.equal(found.chosen, "webgpu");
    assert.match(found.device, /llvmpipe/);
    assert.ok(found.again, "tensors stay on the device while another backend is active");
    assert.equal(found.leaked, 0);
    found.cpu.forEach((wanted, i) => {
      const scale = Math.max(...wanted.map(Math.abs));
      wanted.forEach((value, at) => {
        const difference = Math.abs(found.gpu[i][at] - value) / scale;
        assert.ok(difference < 1e-4, `result ${i}[${at}]: ${found.gpu[i][at]}, wanted ${value}`);
      });
    });
  },
);

testOrSkip(
  "openTensors() says that the adapter was lost, and opens it again",
  NO_SOFTWARE_ADAPTER,
  async () => {
    const { status, stdout, stderr } = await runScript(`
      import { openTensors } from "SRC/mod.ts";
      const message = (work) => Promise.resolve().then(work).then(() => "", (e) => e.message);
      const { tf } = await openTensors({ require: "webgpu", adapter: "llvmpipe" });
      const made = tf.tensor1d([1, 2, 3]).add(1);
      await made.data();
      const waiting = made.square();
      tf.backend().device.destroy();
      const atOnce = await message(() => waiting.data());
      const later = [
        await message(() => made.square()), await message(() => made.square().data()),
        await message(() => waiting.data()),
      ];
      const again = await openTensors();
      made.dispose();
      const works = Array.from(await again.tf.tensor1d([1, 2, 3]).square().data());
      const kept = await openTensors() === again;
      console.log(JSON.stringify({ atOnce, later, why: again.report.why, works, kept }));
    `);
    assert.equal(status, "ok", stderr);
    const found = JSON.parse(stdout);
    const lost = /GPU adapter "llvmpipe.*" was lost.*Call openTensors\(\) again.*checkpoint/;
    for (const text of [found.atOnce, ...found.later]) assert.match(text, lost);
    assert.match(found.why, /^webgpu is first and passed the proof.*opened again, since.*lost/);
    assert.deepEqual(found.works, [1, 4, 9]);
    assert.ok(found.kept, "what is open again stays open");
  },
);

testOrSkip(
  'openTensors() does not take a software adapter for require "gpu", named or not',
  NO_SOFTWARE_ADAPTER,
  async () => {
    const { stdout, stderr } = await runScript(`
      import { openTensors } from "SRC/mod.ts";
      const message = (promise) => promise.then(() => "", (error) => error.message);
      console.log(JSON.stringify([
        await message(openTensors({ require: "gpu" })),
        await message(openTensors({ require: "gpu", adapter: "llvmpipe" })),
      ]));
    `);
    assert.notEqual(stdout, "", stderr);
    for (const text of JSON.parse(stdout)) {
      assert.match(text, /none of tfjs-node-gpu, webgpu can be used here.*tfjs-node-gpu absent/s);
      assert.match(text, /llvmpipe.*is software, and a GPU is required/);
    }
  },
);

testOrSkip(
  "openTensors() chooses a real GPU adapter without being asked",
  ADAPTER !== null && NO_SOFTWARE_ADAPTER !== undefined && !ADAPTER.isFallbackAdapter
    ? undefined
    : `no hardware GPU adapter (${FOUND_ADAPTER})`,
  async () => {
    const { stdout, stderr } = await runScript(`
      import { openTensors } from "SRC/mod.ts";
      console.log(JSON.stringify((await openTensors()).report));
    `);
    assert.equal(JSON.parse(stdout).chosen, "webgpu", stderr);
  },
);

Deno.test("openTensors() names what is missing where there is no WebGPU", async () => {
  const { stdout, stderr } = await runScript(`
    Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
    const { openTensors } = await import("SRC/mod.ts");
    console.log((await openTensors({ prefer: "webgpu" })).report.why);
  `);
  assert.match(stdout, /^webgpu absent: this runtime has no WebGPU.*wasm passed the proof/, stderr);
});

Deno.test("openTensors() says that there is no adapter", async () => {
  const { stdout, stderr } = await runScript(`
    const gpu = { requestAdapter: () => Promise.resolve(null) };
    Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
    const { openTensors } = await import("SRC/mod.ts");
    const required = await openTensors({ require: "gpu" }).catch((error) => error.message);
    console.log((await openTensors({ prefer: "webgpu" })).report.why, required);
  `);
  assert.match(stdout, /^webgpu absent: WebGPU finds no GPU adapter.*Vulkan.*wasm passed/, stderr);
  assert.match(stdout, /none of tfjs-node-gpu, webgpu.*WebGPU finds no GPU adapter/);
});
