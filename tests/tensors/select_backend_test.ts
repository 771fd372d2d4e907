import assert from "node:assert/strict";
import { SOFTWARE_NAMES } from "../hardware/_fake_sources.ts";
import {
  askedBackends,
  judgeAdapter,
  type OpenTensorsOptions,
  selectBackend,
} from "../../src/tensors/select_backend.ts";

const proved = { status: "ok", reason: "passed the proof" } as const;
const software = { status: "refused", reason: "adapter is software" } as const;

Deno.test("askedBackends() keeps the order of preference and ends where every machine can go", () => {
  assert.deepEqual(askedBackends(), ["webgpu", "wasm", "cpu"]);
  assert.deepEqual(askedBackends({ prefer: "cpu" }), ["cpu", "wasm"]);
  assert.deepEqual(askedBackends({ prefer: ["wasm", "webgpu"] }), ["wasm", "webgpu", "cpu"]);
  assert.deepEqual(askedBackends({ require: "webgpu" }), ["webgpu"]);
});

Deno.test("askedBackends() refuses what it does not know and names the nearest", () => {
  const bad = (options: unknown) => () => askedBackends(options as OpenTensorsOptions);
  const type = (message: RegExp) => ({ name: "TypeError", message });
  assert.throws(bad({ prefer: "wsam" }), type(/"wsam".*Did you mean "wasm"/));
  assert.throws(bad({ require: "webgl" }), type(/"webgl".*Did you mean "webgpu"/));
  assert.throws(bad({ prefer: ["wasm", 3] }), type(/unknown backend "3"/));
  assert.throws(bad({ backend: "wasm" }), type(/unknown option "backend"/));
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

Deno.test("judgeAdapter() refuses software unless it is named", () => {
  const llvmpipe = { description: "llvmpipe (LLVM 15)", vendor: "65541", isFallbackAdapter: true };
  assert.equal(judgeAdapter(llvmpipe, undefined).status, "refused");
  assert.match(judgeAdapter(llvmpipe, undefined).reason, /software.*adapter: "llvmpipe"/);
  assert.equal(judgeAdapter(llvmpipe, "LLVMpipe").status, "ok");
  assert.equal(judgeAdapter(llvmpipe, "radeon").status, "absent");
  for (const description of SOFTWARE_NAMES) {
    const facts = { description, vendor: "", isFallbackAdapter: false };
    assert.equal(judgeAdapter(facts, undefined).status, "refused", description);
  }
  const warp = {
    description: "Microsoft Basic Render Driver",
    vendor: "",
    isFallbackAdapter: false,
  };
  assert.match(judgeAdapter(warp, undefined).reason, /adapter: "Basic Render"/);
  const vendor = { description: "", vendor: "llvmpipe", isFallbackAdapter: false };
  assert.equal(judgeAdapter(vendor, undefined).status, "refused");
});

Deno.test("judgeAdapter() takes a real adapter, and only the named one if one is named", () => {
  const radeon = { description: "AMD Radeon RX", vendor: "4098", isFallbackAdapter: false };
  assert.equal(judgeAdapter(radeon, undefined).status, "ok");
  assert.equal(judgeAdapter(radeon, "radeon").status, "ok");
  assert.match(judgeAdapter(radeon, "llvmpipe").reason, /no GPU adapter named "llvmpipe"/);
});
