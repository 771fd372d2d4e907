import assert from "node:assert/strict";
import process from "node:process";
import { openTensors, type Tensors } from "../../src/tensors/open_tensors.ts";
import { proveBackend } from "../../src/tensors/prove_backend.ts";
import { loadTfjs, tfjs } from "../../src/tensors/tf.ts";
import { lastJson, runScript } from "./_run_script.ts";

Deno.test("openTensors() called at once gives one Tensors, one module", async () => {
  const [a, b] = await Promise.all([
    openTensors({ prefer: "wasm" }),
    openTensors({ prefer: "wasm" }),
  ]);
  // Not assert.equal: its message would print the whole of TensorFlow.js.
  assert.ok(a === b);
  assert.ok(a.tf === await loadTfjs());
  assert.ok(tfjs() === a.tf);
});

Deno.test("openTensors() reports what it chose and runs on it", async () => {
  const { tf, backend, report } = await openTensors({ require: "wasm" });
  assert.equal(backend, "wasm");
  assert.equal(tf.getBackend(), "wasm");
  assert.equal(report.chosen, "wasm");
  assert.deepEqual(report.asked, ["wasm"]);
  assert.match(report.device, /WebAssembly/);
  assert.equal(report.versions["@tensorflow/tfjs"], tf.version.tfjs);
  assert.equal(report.versions["deno"], Deno.version.deno);
});

Deno.test("openTensors() switches to another backend, says so, and keeps it", async () => {
  await openTensors({ prefer: "wasm" });
  const cpu = await openTensors({ require: "cpu" });
  assert.equal(cpu.tf.getBackend(), "cpu");
  assert.match(cpu.report.why, /switched from wasm/);
  assert.ok(await openTensors() === cpu, "no options: what is open will do");
  const wasm = await openTensors({ prefer: "wasm" });
  assert.equal(wasm.tf.getBackend(), "wasm");
  assert.match(wasm.report.why, /switched from cpu/);
  assert.ok(await openTensors({ prefer: "wasm" }) === wasm);
});

Deno.test("openTensors() opens again when somebody else changed the backend", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  await tf.setBackend("cpu");
  await openTensors({ require: "wasm" });
  assert.equal(tf.getBackend(), "wasm");
});

Deno.test("openTensors() rejects an unknown backend", async () => {
  await assert.rejects(openTensors({ require: "wsam" as "wasm" }), {
    name: "TypeError",
    message: /Did you mean "wasm"/,
  });
});

Deno.test("openTensors() refuses a backend that fails the proof, and keeps what is open", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const cpu = await openTensors({ require: "cpu" });
  const kernel = tf.getKernel("Conv2DBackpropFilter", "wasm");
  tf.unregisterKernel(kernel.kernelName, "wasm");
  try {
    await assert.rejects(openTensors({ require: "wasm" }), /wasm refused: a proof threw: Kernel/);
    assert.equal(tf.getBackend(), "cpu");
    assert.ok(await openTensors() === cpu);
    const { report } = await openTensors({ prefer: "wasm" });
    assert.deepEqual(report.found.map(({ status }) => status), ["refused", "chosen"]);
  } finally {
    tf.registerKernel(kernel);
  }
});

Deno.test("openTensors() leaves no listener that ends the process", async () => {
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    await openTensors({ require: "wasm" });
    assert.deepEqual(process.listeners(event as "uncaughtException"), []);
  }
});

Deno.test("openTensors() leaves listeners of others, prints nothing, changes no environment", async () => {
  const { stdout, stderr } = await runScript(`
    import process from "node:process";
    import { openTensors, tfjs } from "SRC/mod.ts";
    process.on("unhandledRejection", () => { throw new Error("mine"); });
    const environment = () => JSON.stringify(Object.entries(process.env).sort());
    const before = environment();
    let closed = "";
    try { tfjs(); } catch (error) { closed = error.message; }
    for (const require of ["wasm", "cpu", "wasm"]) {
      const { tf } = await openTensors({ require });
      tf.tidy(() => tf.tensor1d([1, 2]).add(1).dataSync());
    }
    const opened = await openTensors({ prefer: "wasm" });
    const facts = {
      closed,
      listeners: process.listeners("unhandledRejection").length,
      same: before === environment(),
      quiet: opened.tf.env().getBool("PROD"),
    };
    process.stdout.write(JSON.stringify(facts));
  `);
  assert.equal(stderr, "");
  const facts = JSON.parse(stdout);
  assert.match(facts.closed, /not open.*await openTensors/);
  assert.deepEqual({ ...facts, closed: "" }, {
    closed: "",
    listeners: 1,
    same: true,
    quiet: false,
  });
});

Deno.test("proveBackend() refuses a backend that computes wrong numbers or is not active", async () => {
  const { tf }: Tensors = await openTensors({ require: "cpu" });
  assert.equal(await proveBackend(tf, "cpu"), undefined);
  assert.match(await proveBackend(tf, "wasm") ?? "", /asked for wasm, but cpu is active/);
  const right = tf.getKernel("Conv2DBackpropFilter", "cpu");
  const wrong = tf.getKernel("Conv2DBackpropInput", "cpu");
  for (
    const [kernelFunc, message] of [
      [() => tf.zeros([2, 2, 1, 1]), /filter gradient of a convolution gave 0 0 0 0 instead of 12/],
      [() => {
        throw new Error("no such kernel");
      }, /a proof threw: no such kernel/],
    ] as const
  ) {
    tf.unregisterKernel(right.kernelName, "cpu");
    tf.registerKernel({ ...wrong, kernelName: right.kernelName, kernelFunc });
    try {
      assert.match(await proveBackend(tf, "cpu") ?? "", message);
    } finally {
      tf.unregisterKernel(right.kernelName, "cpu");
      tf.registerKernel(right);
    }
  }
  assert.equal(await proveBackend(tf, "cpu"), undefined);
});

Deno.test("proveBackend() leaves no tensor behind", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const before = tf.memory().numTensors;
  await proveBackend(tf, "wasm");
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("openTensors() refuses wasm whose files are not found, where TensorFlow.js takes cpu in silence", async () => {
  const wrong = `
    import { createRequire } from "node:module";
    const require = createRequire(new URL("../../", "SRC/"));
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
    setWasmPaths("/no/such/folder/");
  `;
  const plain = await runScript(`${wrong}
    const tf = require("@tensorflow/tfjs");
    await tf.ready();
    console.log(tf.getBackend());
  `);
  assert.match(plain.stdout, /cpu\s*$/, "control: nothing fails there");
  const ours = await runScript(`${wrong}
    const { openTensors } = await import("SRC/mod.ts");
    const required = await openTensors({ require: "wasm" }).catch((error) => error.message);
    const { report } = await openTensors({ prefer: "wasm" });
    console.log("\\n" + JSON.stringify({ required, report }));
  `);
  const { required, report } = lastJson(ours);
  const reason = /ENOENT.*\/no\/such\/folder\/tfjs-backend-wasm-simd\.wasm.*setWasmPaths/;
  assert.match(required, reason);
  assert.deepEqual(report.found.map(({ status }: { status: string }) => status), [
    "refused",
    "chosen",
  ]);
  assert.match(report.found[0].reason, reason);
});

Deno.test("openTensors() opens the named build of the wasm kernels, and says which it is", async () => {
  const relaxed = await openTensors({ require: "wasm", simd: "relaxed" });
  assert.match(relaxed.report.device, /relaxed/);
  const plain = await openTensors({ require: "wasm", simd: "plain" });
  assert.match(plain.report.device, /plain/);
  assert.ok(await openTensors() === plain);
  await openTensors({ require: "wasm" });
});
