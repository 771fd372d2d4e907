// The kernel, what it started, and its connection folder must be gone however the runner ends.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs the endless notebook in a process of its own and gives the pids that it printed. */
async function startRunner(folder: string): Promise<{ runner: ChildProcess; pids: number[] }> {
  const script = `
    import { executeNotebook } from "${ROOT}src/runner/execute/execute_notebook.ts";
    import { parseNotebook } from "${ROOT}src/runner/notebook/load_notebook.ts";
    const source = 'import { spawn } from "node:child_process";' +
      'console.log(Deno.pid, spawn("sleep", ["600"]).pid); while (true);';
    const cells = [{ cell_type: "code", source, metadata: {} }];
    const value = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
    const hooks = { onOutput: ({ output }) => console.log(output.text) };
    await executeNotebook(parseNotebook(JSON.stringify(value)), { kernel: "deno", hooks });`;
  const runner = spawn(Deno.execPath(), ["run", "-A", "--no-check", "-"], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder },
    stdio: ["pipe", "pipe", "inherit"],
  });
  runner.stdin!.end(script);
  let text = "";
  for await (const chunk of runner.stdout!) {
    text += chunk;
    const found = /(\d+) (\d+)\n/.exec(text);
    if (found !== null) return { runner, pids: [Number(found[1]), Number(found[2])] };
  }
  throw new Error(`The runner ended early: ${text}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits, at most 20 s, until the processes are gone; returns those that are not. */
async function leftOver(pids: readonly number[]): Promise<number[]> {
  for (let i = 0; i < 400 && pids.some(isRunning); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return pids.filter(isRunning);
}

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  Deno.test(`executeNotebook() leaves nothing behind when its process gets ${signal}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
    try {
      const { runner, pids } = await startRunner(folder);
      const ended = new Promise((resolve) => runner.once("exit", resolve));
      assert(pids.every(isRunning), "kernel and grandchild run");
      assert.equal((await readdir(folder)).filter((name) => name.startsWith("qsight-")).length, 1);
      runner.kill(signal);
      await ended;
      runner.stdout!.destroy();
      assert.deepEqual(await leftOver(pids), []);
      assert.deepEqual((await readdir(folder)).filter((name) => name.startsWith("qsight-")), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
