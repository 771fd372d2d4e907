// The kernel, what it started, and its connection folder must be gone however the runner ends.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isRunning,
  kernelFolders,
  killAtFolder,
  killRunners,
  leftOver,
  startRunner,
} from "./kill_runner.ts";

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  Deno.test(`executeNotebook() leaves nothing behind when its process gets ${signal}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
    try {
      const runner = await startRunner(folder);
      let text = "", found: RegExpExecArray | null = null;
      for await (const chunk of runner.stdout!) {
        text += chunk;
        found = /(\d+) (\d+)\n/.exec(text);
        if (found !== null) break;
      }
      assert(found !== null, `The runner ended early: ${text}`);
      const pids = [Number(found[1]), Number(found[2])];
      const ended = new Promise((resolve) => runner.once("exit", resolve));
      assert(pids.every(isRunning), "kernel and grandchild run");
      assert.equal((await kernelFolders(folder)).length, 1);
      runner.kill(signal);
      await ended;
      runner.stdout!.destroy();
      assert.deepEqual(await leftOver(() => pids.filter(isRunning)), []);
      assert.deepEqual(await leftOver(() => kernelFolders(folder)), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

// tests/soak kills it 50 times.
Deno.test("executeNotebook() leaves nothing behind after SIGKILLs at random moments", () =>
  killRunners(5));

Deno.test("executeNotebook() leaves no folder when SIGKILL comes before the kernel", () =>
  killAtFolder(3));
