import assert from "node:assert/strict";
import { systemClock } from "../../../src/runner/execute/execute_notebook.ts";
import { findKernel } from "../../../src/runner/kernels/kernel_spec.ts";
import { startKernel } from "../../../src/runner/kernels/start_kernel.ts";
import { WarmKernels } from "../../../src/runner/suite/warm_kernels.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "../../cli/_call.ts";
import { assertNothingLeftIn, NO_PROC, processesIn } from "./_suite.ts";

/** Warm Deno kernels in a folder; counts the starts. */
async function warmIn(cwd: string, most: number) {
  const spec = await findKernel("deno");
  const started: string[] = [];
  const kernels = new WarmKernels({
    most,
    start: (path, signal) => {
      started.push(path);
      if (path === "broken") return Promise.reject(new Error("no kernel"));
      return startKernel(spec, { cwd, clock: systemClock, signal });
    },
  });
  return { kernels, started };
}

testOrSkip(
  "WarmKernels starts no more kernels than it may, and gives each once",
  NO_PROC,
  async () => {
    await inFolder(async (cwd) => {
      const { kernels, started } = await warmIn(cwd, 2);
      await Promise.all([kernels.warm(["a", "b", "c"]), kernels.warm(["a", "b", "c"])]);
      assert.deepEqual(started, ["a", "b"]);
      const kernel = await kernels.take("a");
      assert.equal(kernel?.exit, undefined);
      assert.ok(processesIn(cwd).includes(kernel!.pid!));
      assert.equal(await kernels.take("a"), undefined);
      assert.equal(await kernels.take("never asked for"), undefined);
      await kernels.warm(["c"]);
      assert.deepEqual(started, ["a", "b", "c"]);
      await kernel!.stop();
      await kernels.stop();
      await assertNothingLeftIn(cwd);
      await kernels.warm(["d"]);
      assert.equal(started.length, 3, "nothing starts after the end");
    });
  },
);

testOrSkip(
  "WarmKernels gives no kernel that has died, or that could not start",
  NO_PROC,
  async () => {
    await inFolder(async (cwd) => {
      const { kernels } = await warmIn(cwd, 3);
      await kernels.warm(["a", "broken"]);
      assert.equal(await kernels.take("broken"), undefined);
      let pids: number[] = [];
      while (pids.length === 0) {
        pids = processesIn(cwd);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      for (const pid of pids) {
        try {
          Deno.kill(pid, "SIGKILL");
        } catch {
          // What only prepares the kernel has ended by itself meanwhile.
        }
      }
      assert.equal(await kernels.take("a"), undefined);
      await kernels.stop();
      await assertNothingLeftIn(cwd);
    });
  },
);

testOrSkip("WarmKernels.stop() ends kernels in the middle of their start", NO_PROC, async () => {
  await inFolder(async (cwd) => {
    const { kernels } = await warmIn(cwd, 2);
    await kernels.warm(["a", "b"]);
    await kernels.stop();
    await assertNothingLeftIn(cwd);
  });
});
