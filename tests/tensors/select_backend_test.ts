import assert from "node:assert/strict";
import {
  askedBackends,
  type OpenTensorsOptions,
  selectBackend,
} from "../../src/tensors/select_backend.ts";

const proved = { status: "ok", reason: "passed the proof" } as const;
const software = { status: "refused", reason: "adapter is software" } as const;

Deno.test("askedBackends() keeps the order of preference and ends where every machine can go", () => {
  const all = ["tfjs-node-gpu", "tfjs-node", "webgpu", "wasm+onednn", "wasm", "cpu"];
  assert.deepEqual(askedBackends(), all);
  assert.deepEqual(askedBackends({ prefer: "tfjs-node" }), ["tfjs-node", "wasm", "cpu"]);
  assert.deepEqual(askedBackends({ prefer: "cpu" }), ["cpu", "wasm"]);
  assert.deepEqual(askedBackends({ prefer: ["wasm", "webgpu"] }), ["wasm", "webgpu", "cpu"]);
  assert.deepEqual(askedBackends({ require: "webgpu" }), ["webgpu"]);
});

Deno.test('askedBackends() takes "gpu" for all that computes on a GPU', () => {
  assert.deepEqual(askedBackends({ require: "gpu" }), ["tfjs-node-gpu", "webgpu"]);
  assert.deepEqual(askedBackends({ prefer: "gpu" }), ["tfjs-node-gpu", "webgpu", "wasm", "cpu"]);
  assert.deepEqual(askedBackends({ prefer: ["webgpu", "gpu"] }).slice(0, 2), [
    "webgpu",
    "tfjs-node-gpu",
  ]);
});

Deno.test("askedBackends() refuses what it does not know and names the nearest", () => {
  const bad = (options: unknown) => () => askedBackends(options as OpenTensorsOptions);
  const type = (message: RegExp) => ({ name: "TypeError", message });
  assert.throws(bad({ prefer: "wsam" }), type(/"wsam".*Did you mean "wasm"/));
  assert.throws(bad({ require: "webgl" }), type(/"webgl".*Did you mean "webgpu"/));
  assert.throws(bad({ prefer: ["wasm", 3] }), type(/unknown backend "3"/));
  assert.throws(bad({ backend: "wasm" }), type(/unknown option "backend"/));
  assert.throws(bad({ require: "gpus" }), type(/"gpus".*Did you mean "gpu"/));
  assert.throws(bad({ simd: "relaxd" }), type(/unknown simd "relaxd".*Did you mean "relaxed"/));
  assert.throws(bad({ onednn: { thread: 2 } }), type(/"thread".*Did you mean "threads"/));
  assert.throws(bad({ onednn: { library: 1 } }), type(/library must be the path.*found 1/));
  for (const threads of [0, 1.5, "2", 1e6]) {
    assert.throws(bad({ onednn: { threads } }), { name: "RangeError", message: /from 1 to 1024/ });
  }
  assert.throws(bad({ adapter: " " }), type(/adapter must be part/));
  assert.throws(bad({ prefer: "wasm", require: "cpu" }), type(/both prefer and require/));
});

Deno.test("selectBackend() takes the first that was proved and tells the fate of the others", () => {
  const choice = selectBackend(["webgpu", "wasm", "cpu"], { webgpu: software, wasm: proved });
  assert.equal(choice.chosen, "wasm");
  assert.deepEqual(choice.found.map(({ status }) => status), ["refused", "chosen", "not tried"]);
  assert.equal(choice.found[2].reason, "wasm was chosen before it");
  assert.match(choice.why, /^webgpu refused: adapter is software; wasm passed the proof$/);
});

Deno.test("selectBackend() keeps a second usable backend as ok", () => {
  const choice = selectBackend(["wasm", "cpu"], { wasm: proved, cpu: proved });
  assert.deepEqual(choice.found.map(({ status }) => status), ["chosen", "ok"]);
  assert.match(choice.why, /wasm is first/);
});

Deno.test("selectBackend() chooses nothing when nothing was proved", () => {
  const wrong = { status: "refused", reason: "a matrix product gave 0" } as const;
  const choice = selectBackend(["wasm"], { wasm: wrong });
  assert.equal(choice.chosen, undefined);
  assert.equal(choice.why, "wasm refused: a matrix product gave 0");
});
