import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  bestEngine,
  canRunEngine,
  engineBytes,
  engineModule,
} from "../../../src/quantum/engine/engine_module.ts";
import { statevectorSimulator } from "../../../src/quantum/simulator.ts";
import { TARGETS } from "../../_tools/build_wasm.ts";

Deno.test("the engine's modules are what the sources compile to", async () => {
  const { file, build } = TARGETS.ENGINE;
  assert.equal(await readFile(file, "utf8"), await build());
});

Deno.test("the engine's modules ask for nothing but a memory, and start nothing", () => {
  for (const precision of ["f32", "f64"] as const) {
    for (const kind of ["relaxed", "plain"] as const) {
      for (const pages of [1, 300]) {
        for (const shared of [true, false]) {
          const module = engineModule(precision, kind, shared ? pages : undefined);
          assert.deepEqual(WebAssembly.Module.imports(module), [
            { module: "env", name: "memory", kind: "memory" },
          ]);
          const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
          new WebAssembly.Instance(module, { env: { memory } });
          const untouched = new Uint8Array(memory.buffer).every((byte) => byte === 0);
          assert.ok(untouched, `${precision} ${kind}`);
        }
      }
    }
  }
});

Deno.test("a module for threads takes a shared memory of its size alone, another none that is shared", () => {
  const link = (module: WebAssembly.Module, pages: number, shared: boolean) => () => {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
    return new WebAssembly.Instance(module, { env: { memory } });
  };
  const many = engineModule("f32", "plain", 7), one = engineModule("f32", "plain");
  link(many, 7, true)();
  assert.throws(link(many, 6, true), WebAssembly.LinkError);
  assert.throws(link(many, 8, true), WebAssembly.LinkError);
  assert.throws(link(many, 7, false), WebAssembly.LinkError);
  link(one, 7, false)();
  assert.throws(link(one, 7, true), WebAssembly.LinkError);
});

Deno.test("bestEngine() prefers fused multiply-add, and statevectorSimulator() takes it", () => {
  assert.equal(bestEngine(), canRunEngine("relaxed") ? "relaxed" : "plain");
  assert.equal(statevectorSimulator().module, bestEngine());
  // The guard sees what cannot run: the first byte after the header is no section.
  const broken = engineBytes("f32", "plain");
  broken[8] = 99;
  assert.equal(WebAssembly.validate(broken), false);
});
