// A training of seconds by the command, and what equal ones have in common.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Small enough for a test, and large enough to have batches between which to stop. */
export const SMALL = [
  ...["--data", "synthetic", "--set", "data.count=40", "--set", "data.imageSize=16"],
  ...["--set", "model.filters=[4,6]", "--set", "model.wires=2", "--set", "fit.batchSize=6"],
  ...["--set", "stages.classical.epochs=2", "--set", "stages.1.epochs=1"],
  ...["--set", "stages.ensemble.epochs=1"],
];

/** The folder of the one run below a root. */
export async function onlyRun(root: string): Promise<string> {
  const names = (await readdir(root)).filter((name) => /^\d{8}-/.test(name));
  assert.equal(names.length, 1);
  return join(root, names[0]);
}

/** All bytes that equal trainings have in common. */
export async function bytesOf(run: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const entry of await readdir(run, { recursive: true, withFileTypes: true })) {
    // They hold times, or the name of the run.
    const differs = ["manifest.json", "timings.jsonl", "README.md", "index.html"];
    if (!entry.isFile() || differs.includes(entry.name) || /^latency\b/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    out[path.slice(run.length)] = await readFile(path, "base64");
  }
  return out;
}
