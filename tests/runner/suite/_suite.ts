import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { formatNotebook } from "../../../src/runner/notebook/nbformat.ts";
import type { SuiteResult } from "../../../src/runner/suite/suite_result.ts";
import { fromCells } from "../_fixture.ts";

/** Writes files below a folder; a list of sources becomes a notebook of code cells. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const text = typeof content === "string" ? content : formatNotebook(fromCells(...content));
    await writeFile(join(folder, name), text);
  }
}

/** Path, verdict and status of each notebook. */
export function short({ verdicts }: Pick<SuiteResult, "verdicts">): string[] {
  return verdicts.map(({ path, verdict, status }) => `${path} ${verdict} ${status}`);
}

/** Source of a Deno cell that waits until a file is there. */
export function untilFile(name: string): string {
  return `while (!await Deno.stat("${name}").then(() => true, () => false)) ` +
    "await new Promise((resolve) => setTimeout(resolve, 20));";
}

/** Processes that work in a folder or below it; Linux only. */
export function processesIn(folder: string): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return `${readlinkSync(`/proc/${pid}/cwd`)}${sep}`.startsWith(`${folder}${sep}`);
    } catch {
      return false;
    }
  });
}

/** Why processes cannot be looked at here. */
export const NO_PROC = Deno.build.os === "linux" ? undefined : "needs /proc";

/** Waits for something, a minute at most: the caller asserts that it has come. */
export async function until(reached: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!reached() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asserts that all processes of a folder end: those that were killed need a moment for it. */
export async function assertNothingLeftIn(folder: string): Promise<void> {
  await until(() => processesIn(folder).length === 0);
  assert.deepEqual(processesIn(folder), []);
}
