import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { WasmBackend } from "../../../src/tensors/kernels/wasm_heap.ts";
import { NativeSession } from "../../../src/tensors/onednn/native_session.ts";
import { proveOnednn } from "../../../src/tensors/onednn/prove_onednn.ts";
import type { Tensor, Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { assertClose, normals } from "../_on_backends.ts";
import { lastJson, runBundledInNode, runScript } from "../_run_script.ts";
import { NO_ONEDNN, openThrough, tampered } from "./_onednn.ts";

type Shape4D = [number, number, number, number];

/** The filter gradient of a convolution: oneDNN adds in another order than wasm. */
function convolution(tf: Tf): Float32Array {
  const image: Shape4D = [2, 9, 9, 8], filter: Shape4D = [3, 3, 8, 16];
  return tf.tidy(() => {
    const x = tf.tensor4d(normals(image, "x"), image),
      w = tf.tensor4d(normals(filter, "w"), filter);
    const gradient = tf.grad((w: Tensor) => tf.conv2d(x, w as Tensor4D, 1, "same").square().sum());
    return Float32Array.from(gradient(w).dataSync());
  });
}

testOrSkip("openTensors() names oneDNN, its version and its permission", NO_ONEDNN, async () => {
  const { tf, backend, report } = await openTensors({ require: "wasm+onednn" });
  assert.equal(backend, "wasm+onednn");
  assert.equal(tf.getBackend(), "wasm");
  assert.equal(report.chosen, "wasm+onednn");
  assert.match(report.versions.oneDNN, /^2\./);
  assert.match(
    report.device,
    /^WebAssembly SIMD \(relaxed\) with oneDNN 2\..* \(AVX.*, one thread$/,
  );
  assert.match(report.found[0].reason, /passed the proof.*native code, allowed by --allow-ffi/);
  assert.ok(await openTensors() === await openTensors({ require: "wasm+onednn" }));
});

testOrSkip("openTensors() lets go of oneDNN and takes it again", NO_ONEDNN, async () => {
  const bytes = (values: Float32Array) => String(new Uint32Array(values.buffer));
  const native = convolution((await openTensors({ require: "wasm+onednn" })).tf);
  const wasm = await openTensors({ require: "wasm" });
  const plain = convolution(wasm.tf);
  assert.deepEqual(wasm.report.fallbacks, []);
  assert.doesNotMatch(wasm.report.device, /oneDNN/);
  assertClose(native, plain, "with oneDNN");
  assert.notEqual(bytes(native), bytes(plain), "other code has other last digits");
  const again = await openTensors({ prefer: "wasm+onednn" });
  assert.match(again.report.why, /switched from wasm/);
  assert.equal(bytes(convolution(again.tf)), bytes(native));
  await assert.rejects(openTensors({ require: "tfjs-node-gpu" }), /none of tfjs-node-gpu/);
  assert.equal(bytes(convolution(again.tf)), bytes(native), "it is kept when another is refused");
  assert.ok(await openTensors() === again);
});

testOrSkip("openTensors() lets oneDNN compute on several threads", NO_ONEDNN, async () => {
  const one = convolution((await openTensors({ require: "wasm+onednn" })).tf);
  const { tf, report } = await openTensors({ require: "wasm+onednn", onednn: { threads: 2 } });
  assert.match(report.device, /, 2 threads$/);
  assertClose(convolution(tf), one, "two threads");
  const again = await openTensors({ require: "wasm+onednn", onednn: { threads: 1 } });
  assert.match(again.report.device, /, one thread$/);
  assert.deepEqual(convolution(again.tf), one);
});

testOrSkip("oneDNN finds the heap again after it has grown", NO_ONEDNN, async () => {
  const { tf } = await openTensors({ require: "wasm+onednn" });
  const { asm: { memory } } = (tf.backend() as unknown as WasmBackend).wasm;
  const before = convolution(tf);
  const { buffer } = memory;
  const large = tf.zeros([(buffer.byteLength >> 2) + 2 ** 22]);
  assert.ok(memory.buffer !== buffer && buffer.byteLength === 0, "it has grown");
  assert.deepEqual(convolution(tf), before);
  large.dispose();
  assert.deepEqual(convolution(tf), before);
});

testOrSkip("proveOnednn() refuses wrong numbers and faults", NO_ONEDNN, async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const before = tf.memory().numTensors;
  const backend = tf.backend() as unknown as WasmBackend;
  const prove = async (change: Parameters<typeof tampered>[0]) => {
    const session = new NativeSession(await openThrough(tampered(change)), backend);
    const fault = proveOnednn(tf, session);
    session.close();
    return fault;
  };
  assert.equal(await prove((_, call) => call), undefined, "control");
  const idle = await prove((name, call) => name === "dnnl_primitive_execute" ? () => 0 : call);
  assert.match(idle ?? "", /result \d+ of the proof differs from that of wasm by/);
  const broken = await prove((name, call) => name === "dnnl_primitive_execute" ? () => 5 : call);
  assert.match(broken ?? "", /convolution, forward of the proof was not computed: .*runtime error/);
  const unable = await prove((name, call) => /backward_weights/.test(name) ? () => 3 : call);
  assert.match(unable ?? "", /convolution, filterGradient of the proof.*: not implemented/);
  assert.equal(tf.memory().numTensors, before);
});

testOrSkip("a session frees all that it has made", NO_ONEDNN, async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const alive = new Map<string, number>();
  const count = (name: string, by: number) => alive.set(name, (alive.get(name) ?? 0) + by);
  const counting = tampered((name, call) => (...values) => {
    const status = call(...values);
    const [, thing] = /^dnnl_(.*?)_(?:create|destroy)$/.exec(name) ?? [];
    if (thing !== undefined && status === 0) {
      count(thing.replace("reorder_", ""), name.endsWith("create") ? 1 : -1);
    }
    return status;
  });
  const session = new NativeSession(
    await openThrough(counting),
    tf.backend() as unknown as WasmBackend,
  );
  assert.equal(proveOnednn(tf, session), undefined);
  assert.deepEqual([...alive.values()].filter((left) => left !== 0), [1, 1], "engine and stream");
  session.close();
  assert.ok(alive.size >= 6, [...alive.keys()].join());
  assert.deepEqual([...alive.values()].filter((left) => left !== 0), []);
});

const REPORT = `
  import { openTensors } from "SRC/mod.ts";
  const required = await openTensors({ require: "wasm+onednn" }).then(() => "", (e) => e.message);
  const { backend, report } = await openTensors({ prefer: "wasm+onednn" });
  console.log(JSON.stringify({ required, backend, report }));
`;

Deno.test("openTensors() goes on with wasm where the library is not found, and says so", async () => {
  const { backend, report } = await openTensors({
    prefer: "wasm+onednn",
    onednn: { library: "/nowhere/libdnnl.so.2" },
  });
  assert.equal(backend, "wasm");
  assert.match(report.why, /wasm\+onednn absent: oneDNN 2\.x is not found: .*\/nowhere/);
  await assert.rejects(
    openTensors({ require: "wasm+onednn", onednn: { library: "/nowhere/libdnnl.so.2" } }),
    /none of wasm\+onednn can be used here.*absent/,
  );
});

Deno.test("openTensors() does not ask for the permission that native code needs", async () => {
  const result = await runScript(REPORT, ["--deny-ffi"]);
  const { backend, report, required } = lastJson(result);
  assert.equal(result.stderr, "");
  assert.equal(backend, "wasm");
  assert.match(report.found[0].reason, /Deno has not granted --allow-ffi.*libdnnl.*: denied/);
  assert.match(required, /none of wasm\+onednn.*--allow-ffi/);
});

/** A step of training; prints what computed it, and its numbers. */
const STEP = `
  import { openTensors } from "SRC/mod.ts";
  const { tf, report } = await openTensors({ require: "BACKEND" });
  const wave = (shape) => tf.tensor(Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.fround(i * 7919 % 1009 / 504 - 1)),
    shape);
  const step = () => tf.tidy(() => {
    const grads = tf.grads((x, w, d) => tf.matMul(
      tf.conv2d(x, w, 2, "same").relu().reshape([8, -1]), d).square().mean());
    const found = grads([wave([8, 12, 12, 3]), wave([3, 3, 3, 16]), wave([576, 32])]);
    return found.flatMap((grad) => Array.from(grad.dataSync().slice(0, 400)));
  });
  const before = step();
  const large = tf.zeros([2 ** 26]);
  const after = step();
  console.log(JSON.stringify({ device: report.device, reason: report.found[0].reason,
    fallbacks: report.fallbacks, before, same: String(before) === String(after) }));
`;

testOrSkip(
  "oneDNN computes in Node by koffi as in Deno, and finds the heap again there",
  NO_ONEDNN ?? missingProgram("node"),
  async () => {
    const run = await runBundledInNode(STEP.replace("BACKEND", "wasm+onednn"));
    assert.equal(run.stderr, "");
    const node = lastJson(run);
    const deno = lastJson(await runScript(STEP.replace("BACKEND", "wasm+onednn")));
    const wasm = lastJson(await runScript(STEP.replace("BACKEND", "wasm")));
    assert.match(node.device, /with oneDNN 2\./);
    assert.match(node.reason, /allowed by Node, which asks nobody/);
    assert.deepEqual([node.fallbacks, node.same, deno.same], [[], true, true]);
    assert.deepEqual(node.before, deno.before, "the same library, the same bytes");
    assertClose(node.before, wasm.before, "by oneDNN");
    assert.notDeepEqual(node.before, wasm.before);
  },
);

testOrSkip("openTensors() says that koffi is not installed", missingProgram("node"), async () => {
  const { stdout, stderr } = await runBundledInNode(`
    import { register } from "node:module";
    register("data:text/javascript," + encodeURIComponent(
      'export function resolve(name, context, next) {' +
      ' if (name === "koffi") throw new Error("Cannot find package koffi");' +
      ' return next(name, context); }'));
    const { openTensors } = await import("SRC/mod.ts");
    const { report } = await openTensors({ prefer: "wasm+onednn" });
    console.log(JSON.stringify(report));
  `);
  const report = lastJson({ stdout, stderr });
  assert.equal(report.chosen, "wasm");
  assert.match(report.found[0].reason, /koffi did not load \("npm install koffi" would bring it\)/);
});
