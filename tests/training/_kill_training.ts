import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { eventfulFit, eventfulRun, lastingBytes } from "./_resume.ts";
import { smallTask } from "./_small.ts";

/** What the kills met. */
export interface KillCounts {
  /** Trainings that were still running. */
  running: number;
  /** Folders that were changing places, or files that were being written. */
  torn: number;
}

/**
 * Kills a training at random moments, resumes it here, and compares its bytes with those of one that
 * was left alone.
 */
export async function killTrainings(
  { kills, seed }: { readonly kills: number; readonly seed: number },
): Promise<KillCounts> {
  const random = new SeededRandom(seed);
  const root = await mkdtemp(join(tmpdir(), "qsight-kills-"));
  const counts = { running: 0, torn: 0 };
  try {
    const { data } = await smallTask();
    const whole = await eventfulRun(root);
    const started = performance.now();
    await eventfulFit(data, { run: whole });
    const length = performance.now() - started;
    const wanted = await lastingBytes(whole.folder);
    for (let kill = 0; kill < kills; kill++) {
      const { id, running } = await killOne(root, random.uniform(0, 1.2 * length));
      if (running) counts.running++;
      const left = await readdir(join(root, id), { recursive: true });
      if (left.some((path) => path.endsWith(".tmp"))) counts.torn++;
      const run = await eventfulRun(root, id);
      const { stopped } = await eventfulFit(data, { run });
      assert.equal(stopped, null);
      assert.deepEqual(await lastingBytes(run.folder), wanted, `kill ${kill}, run ${id}`);
      await rm(run.folder, { recursive: true });
    }
    return counts;
  } finally {
    await rm(root, { recursive: true });
  }
}

async function killOne(root: string, after: number): Promise<{ id: string; running: boolean }> {
  const script = new URL("./_training_process.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, root],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    assert.ok(!done, "the training ended before it was killed");
    text += value;
  }
  await new Promise((resolve) => setTimeout(resolve, after));
  try {
    child.kill("SIGKILL");
  } catch {
    // It has come to its end already.
  }
  const { signal } = await child.status;
  await reader.cancel();
  return { id: text.trim(), running: signal === "SIGKILL" };
}
