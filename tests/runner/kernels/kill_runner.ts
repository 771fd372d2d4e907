import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A process of its own that runs an endless notebook; its kernels keep what they write in the folder. */
export async function startRunner(folder: string): Promise<ChildProcess> {
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
  await new Promise<void>((resolve) => runner.stdin!.end(script, resolve));
  return runner;
}

/** True while a process of that id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits, at most 20 s, until nothing is left to wait for; returns what is. */
export async function leftOver<T>(look: () => Promise<T[]> | T[]): Promise<T[]> {
  let left = await look();
  for (let i = 0; i < 400 && left.length > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = await look();
  }
  return left;
}

/** The folders of kernels that lie in a folder for temporary files. */
export async function kernelFolders(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith("qsight-"));
}

/** Processes whose environment names the folder: kernels and what they started. */
async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    if (environment.includes(`TMPDIR=${folder}`)) found.push(pid);
  }
  return found;
}

/** Kills a runner in the moment in which the folder of its kernel appears. */
export async function killAtFolder(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await killOnce(`kill ${i}`, (folder) => {
      // Nothing else runs meanwhile, so that the kill comes as early as can be.
      while (!readdirSync(folder).some((name) => name.startsWith("qsight-")));
    });
  }
}

/**
 * Kills a runner so many times, each at a random moment of its first three seconds, which covers
 * the start of the kernel and the run; throws when a process or a folder of it is left.
 */
export async function killRunners(count: number): Promise<void> {
  const random = new SeededRandom(1);
  for (let i = 0; i < count; i++) {
    const wait = random.next() * 3000;
    await killOnce(`kill ${i}`, () => new Promise((resolve) => setTimeout(resolve, wait)));
  }
}

/** Starts a runner and kills it when `moment` is over. */
async function killOnce(
  name: string,
  moment: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const runner = await startRunner(folder);
    runner.stdout!.resume();
    const ended = new Promise((resolve) => runner.once("exit", resolve));
    await moment(folder);
    runner.kill("SIGKILL");
    await ended;
    assert.deepEqual(await leftOver(() => processesOf(folder)), [], name);
    assert.deepEqual(await leftOver(() => kernelFolders(folder)), [], name);
  } finally {
    await rm(folder, { recursive: true });
  }
}
