import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { bestSimd, canRun, simdModule } from "../../src/tensors/kernels/simd_kernels.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { TARGETS } from "../_tools/build_wasm.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { runBundledInNode, runScript } from "./_run_script.ts";

const KINDS = ["relaxed", "plain"] as const;

/** The numbers of the sections of a module. */
function sections(bytes: Uint8Array): number[] {
  const found: number[] = [];
  let at = 8;
  while (at < bytes.length) {
    found.push(bytes[at++]);
    let size = 0, shift = 0, byte: number;
    do {
      byte = bytes[at++];
      size |= (byte & 127) << shift;
      shift += 7;
    } while (byte >= 128);
    at += size;
  }
  return found;
}

Deno.test("the SIMD modules are what the sources compile to", async () => {
  const { file, build } = TARGETS.KERNELS;
  assert.equal(await readFile(file, "utf8"), await build());
});

Deno.test("the SIMD modules write nothing to memory when they start", () => {
  const [START, DATA] = [8, 11];
  for (const kind of KINDS) {
    const bytes = simdModule(kind);
    const found = sections(bytes);
    assert.ok(found.includes(10), `${kind}: no code in sections ${found}`);
    assert.ok(!found.includes(START) && !found.includes(DATA), `${kind}: sections ${found}`);
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    assert.deepEqual(imports, [{ module: "env", name: "memory", kind: "memory" }]);
  }
  // A data segment would be seen.
  const withData = [0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 11, 7, 1, 0, 65, 0, 11, 1, 42];
  assert.deepEqual(sections(Uint8Array.from(withData)), [5, DATA]);
});

Deno.test("openTensors() runs the kernels that were named, by default the best", async () => {
  assert.equal(bestSimd(), "relaxed");
  assert.ok(canRun("plain"));
  for (const simd of [...KINDS, undefined]) {
    const { report } = await openTensors({ require: "wasm", simd });
    assert.equal(report.device, `WebAssembly SIMD (${simd ?? "relaxed"}), one thread`);
  }
});

testOrSkip(
  "openTensors() takes the plain kernels in Node 20, and says why not the others",
  missingProgram("node"),
  async () => {
    const { stdout, stderr } = await runBundledInNode(`
      import { openTensors } from "SRC/mod.ts";
      const relaxed = await openTensors({ require: "wasm", simd: "relaxed" })
        .then(({ report }) => report.device, (error) => error.message);
      const { report } = await openTensors({ require: "wasm" });
      console.log(JSON.stringify({ relaxed, device: report.device, node: process.versions.node }));
    `);
    const { relaxed, device, node } = JSON.parse(stdout || "{}");
    if (/^20\./.test(node)) {
      assert.match(relaxed, /has no relaxed WebAssembly SIMD.*simd: "plain"/, stderr);
      assert.match(device, /plain/);
    } else {
      assert.match(device, /WebAssembly SIMD/, stderr);
    }
  },
);

Deno.test("openTensors() says where the .wasm files should be when they are not there", async () => {
  const { stdout, stderr } = await runScript(`
    import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
    import { openTensors } from "SRC/mod.ts";
    setWasmPaths("/nowhere/");
    const { backend, report } = await openTensors({ prefer: "wasm" });
    console.log(JSON.stringify({ backend, why: report.why }));
  `);
  const { backend, why } = JSON.parse(stdout || "{}");
  assert.equal(backend, "cpu", stderr);
  assert.match(why, /wasm refused: .*did not start.*setWasmPaths\(\).*deno install/s);
});

/** Outputs that no kernel writes: they take of the heap, but not of the machine's memory. */
const FULL_HEAP = `
  import { openTensors } from "SRC/mod.ts";
  const { tf } = await openTensors({ require: "wasm" });
  const backend = tf.backend();
  const SIZE = 200 * 2 ** 20 / 4;
  const large = () =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput([SIZE], "float32"));
  const ends = (tensor) => {
    const start = backend.getMemoryOffset(tensor.dataId);
    return [0, SIZE - 1].map((at) =>
      new Float32Array(backend.wasm.HEAPU8.buffer, start + 4 * at, 1));
  };
  const fault = (work) => {
    try { tf.tidy(work); return "no error"; } catch (error) { return error.message; }
  };
  const first = tf.tensor1d([1, 2, 3, 4]);
  const made = [];
  const message = fault(() => {
    while (made.length < 40) {
      const tensor = tf.keep(large());
      ends(tensor).forEach((end) => end[0] = made.length);
      made.push(tensor);
    }
  });
  const held = () => String(first.dataSync()) === "1,2,3,4" &&
    made.every((tensor) => ends(tensor).every((end) => end[0] === tensor.mark));
  made.forEach((tensor, i) => tensor.mark = i);
  const { numTensors, numDataBuffers } = tf.memory();
  const faults = [
    () => tf.zeros([SIZE]),
    () => tf.add(made[0], made[1]),
    () => tf.concat([made[0], made[1]]),
    () => tf.transpose(tf.reshape(made[0], [2, SIZE / 2])),
    () => tf.grad((x) => tf.sum(tf.square(x)))(made[0]),
    () => tf.fill([2 ** 15, 2 ** 15, 4], 1),
    () => tf.conv2d(tf.reshape(made[0], [1, 25600, 64, 32]), tf.ones([3, 3, 32, 32]), 1, "same"),
    () => tf.unsortedSegmentSum(made[0], tf.tensor1d([0], "int32"), SIZE),
  ].map(fault);
  const small = tf.tidy(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync()[0]);
  const kept = held();
  const left = tf.memory().numTensors - numTensors + tf.memory().numDataBuffers - numDataBuffers;
  made.splice(3, 3).forEach((tensor) => tensor.dispose());
  const larger = backend.makeOutput([3 * SIZE], "float32");
  const again = fault(() => { large(); });
  tf.engine().makeTensorFromTensorInfo(larger).dispose();
  const sum = tf.tidy(() => tf.sum(tf.ones([SIZE / 8])).dataSync()[0]);
  console.log(JSON.stringify({
    count: made.length + 3, message, faults, small, kept, left, again, sum: sum === SIZE / 8,
    keptAfter: held(),
  }));
`;

Deno.test("a full wasm heap is an error for every operation, and nothing is overwritten", async () => {
  const { stdout, stderr } = await runScript(FULL_HEAP);
  const found = JSON.parse(stdout || "{}");
  assert.equal(found.count, 20, `20 of 200 MiB fit below 4096 MiB: ${stderr}`);
  assert.match(
    found.message,
    /wasm memory is full.*float32 tensor of shape \[52428800\] \(200 MiB\).*4001 MiB.*dispose/,
  );
  found.faults.forEach((fault: string) => assert.match(fault, /the wasm memory is full/));
  assert.equal(found.faults.length, 8);
  assert.deepEqual([found.small, found.kept, found.left], [64, true, 0]);
  assert.match(found.again, /the wasm memory is full/);
  assert.ok(found.sum && found.keptAfter, "disposing makes it usable again");
});

Deno.test("without the guard the wasm heap is overrun, which the guard's test would see", async () => {
  const { stdout, stderr } = await runScript(`
    import tf from "@tensorflow/tfjs";
    import "@tensorflow/tfjs-backend-wasm";
    await tf.setBackend("wasm");
    const backend = tf.backend();
    const starts = [];
    for (let i = 0; i < 21; i++) {
      const { dataId } = backend.makeOutput([200 * 2 ** 20 / 4], "float32");
      starts.push(backend.getMemoryOffset(dataId));
    }
    const wrong = starts.filter((start) => start === 0 || start + 200 * 2 ** 20 > 2 ** 32);
    console.log(wrong.length);
  `);
  assert.equal(stdout.trim(), "1", stderr);
});
