import assert from "node:assert/strict";
import { formatBackendReport } from "../../src/tensors/format_backend_report.ts";

Deno.test("formatBackendReport() lines up asked, found, chosen and why", () => {
  const text = formatBackendReport({
    asked: ["tfjs-node-gpu", "wasm", "cpu"],
    found: [
      { name: "tfjs-node-gpu", status: "absent", reason: "not installed" },
      { name: "wasm", status: "chosen", reason: "passed the proof" },
      { name: "cpu", status: "not tried", reason: "wasm was chosen before it" },
    ],
    chosen: "wasm",
    why: "tfjs-node-gpu absent: not installed; wasm passed the proof",
    device: "WebAssembly SIMD, one thread",
    versions: { "@tensorflow/tfjs": "4.22.0", deno: "2.9.6" },
    copies: [],
    fallbacks: [],
  });
  assert.equal(
    text,
    `
asked     tfjs-node-gpu, wasm, cpu
found     tfjs-node-gpu  absent     not installed
          wasm           chosen     passed the proof
          cpu            not tried  wasm was chosen before it
chosen    wasm on WebAssembly SIMD, one thread
why       tfjs-node-gpu absent: not installed; wasm passed the proof
versions  @tensorflow/tfjs 4.22.0, deno 2.9.6
`.trim(),
  );
});

Deno.test("formatBackendReport() lists copies of TensorFlow.js, and kernels left to wasm, where there are any", () => {
  const line = { name: "cpu", status: "chosen", reason: "is there" } as const;
  const text = formatBackendReport({
    asked: ["cpu"],
    found: [line],
    chosen: "cpu",
    why: "it is there",
    device: "JavaScript",
    versions: {},
    copies: [{ path: "/a", version: "4.22.0" }, { path: "/b", version: "4.21.0" }],
    fallbacks: [{ kernel: "Conv2D", reason: "the data format is NCHW", count: 2 }],
  });
  assert.match(text, /\nto wasm {3}Conv2D 2 times: the data format is NCHW\n/);
  assert.ok(text.endsWith(`\ncopies    4.22.0 /a\n${" ".repeat(10)}4.21.0 /b`), text);
});
