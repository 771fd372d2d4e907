import assert from "node:assert/strict";
import { runCommand } from "../../src/_internal/run_command.ts";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";
import { SamplerLockTimeoutError } from "../../src/sampler_lock/lock_errors.ts";
import { withNodeBundle } from "../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

/** A worker that is inside the lock. */
async function workerInside(handle: SharedArrayBuffer, way: string): Promise<Worker> {
  const worker = new Worker(new URL("./dying_worker.ts", import.meta.url), { type: "module" });
  worker.onerror = (event) => event.preventDefault();
  await new Promise((inside) => {
    worker.onmessage = inside;
    worker.postMessage({ handle, way });
  });
  return worker;
}

for (const way of ["terminate", "close", "throw"] as const) {
  Deno.test(`D1.3 D1.7 the lock is free again when the worker inside ends by ${way}`, async () => {
    const lock = samplerLock();
    const worker = await workerInside(lock.handle, way);
    if (way === "terminate") {
      await assert.rejects(lock.run(() => 1, { timeout: 400 }), SamplerLockTimeoutError);
      assert.equal(lock.stats().freed, 0, "a worker that lives keeps the lock");
    }
    const waiting = [1, 2, 3].map((i) => lock.run(() => i, { timeout: 60_000 }));
    if (way === "terminate") worker.terminate();
    assert.deepEqual(await Promise.all(waiting), [1, 2, 3]);
    assert.equal(lock.stats().freed, 1);
    worker.terminate();
  });
}

testOrSkip(
  "D1.3 D1.7 in Node the lock is free again when a watched worker ends inside, busy or not",
  missingProgram("node"),
  () =>
    withNodeBundle("tests/sampler_lock/_node_death.ts", async ({ module }) => {
      const found = await runCommand(["node", module], { timeout: 120_000 });
      assert.equal(found.stdout.trim(), "got it 1, SamplerLockTimeoutError 0", found.stderr);
    }),
);
