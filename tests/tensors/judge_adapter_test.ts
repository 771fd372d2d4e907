import assert from "node:assert/strict";
import { SOFTWARE_NAMES } from "../hardware/_fake_sources.ts";
import { judgeAdapter } from "../../src/tensors/judge_adapter.ts";

Deno.test("judgeAdapter() refuses software unless it is named", () => {
  const llvmpipe = { description: "llvmpipe (LLVM 15)", vendor: "65541", isFallbackAdapter: true };
  assert.equal(judgeAdapter(llvmpipe).status, "refused");
  assert.match(judgeAdapter(llvmpipe).reason, /software.*adapter: "llvmpipe"/);
  assert.equal(judgeAdapter(llvmpipe, { adapter: "LLVMpipe" }).status, "ok");
  assert.equal(judgeAdapter(llvmpipe, { adapter: "radeon" }).status, "absent");
  for (const description of SOFTWARE_NAMES) {
    const facts = { description, vendor: "", isFallbackAdapter: false };
    assert.equal(judgeAdapter(facts).status, "refused", description);
  }
  const warp = {
    description: "Microsoft Basic Render Driver",
    vendor: "",
    isFallbackAdapter: false,
  };
  assert.match(judgeAdapter(warp).reason, /adapter: "Basic Render"/);
  const vendor = { description: "", vendor: "llvmpipe", isFallbackAdapter: false };
  assert.equal(judgeAdapter(vendor).status, "refused");
});

Deno.test("judgeAdapter() takes a real adapter, and only the named one if one is named", () => {
  const radeon = { description: "AMD Radeon RX", vendor: "4098", isFallbackAdapter: false };
  assert.equal(judgeAdapter(radeon).status, "ok");
  assert.equal(judgeAdapter(radeon, { adapter: "radeon" }).status, "ok");
  assert.match(
    judgeAdapter(radeon, { adapter: "llvmpipe" }).reason,
    /no GPU adapter named "llvmpipe"/,
  );
});

Deno.test("judgeAdapter() has no software where a real GPU is required, not even when it is named", () => {
  const llvmpipe = { description: "llvmpipe", vendor: "", isFallbackAdapter: true };
  const radeon = { description: "AMD Radeon RX", vendor: "4098", isFallbackAdapter: false };
  for (const adapter of [undefined, "llvmpipe"]) {
    const verdict = judgeAdapter(llvmpipe, { adapter, realGpu: true });
    assert.equal(verdict.status, "refused");
    assert.match(verdict.reason, /"llvmpipe" is software, and a GPU is required.*"webgpu"/);
  }
  assert.equal(judgeAdapter(radeon, { realGpu: true }).status, "ok");
});
