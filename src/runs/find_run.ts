import { lstat, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { nearestName } from "../_internal/nearest_name.ts";
import { readLatest } from "./latest.ts";

/** Options of {@linkcode findRun}. */
export interface FindRunOptions {
  /** Folder that paths are relative to. @default the current one */
  readonly from?: string;
}

/** A name under which no run, or more than one, is found. */
export class RunNotFoundError extends Error {
  /** Name of the class, for a cell that shows nothing else. */
  override readonly name = "RunNotFoundError";
}

/**
 * The folder of a run, by its id, by the beginning of an id that only one run has, by `latest`, or by
 * a path. An id goes before a path.
 *
 * @throws {RunNotFoundError} when there is none, or the beginning fits several
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { findRun, openRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: {} });
 * await run.finish({});
 * assert.equal(await findRun(root, "latest"), run.folder);
 * assert.equal(await findRun(root, run.id.slice(0, 20)), run.folder);
 * ```
 */
export async function findRun(
  root: string,
  name: string,
  options: FindRunOptions = {},
): Promise<string> {
  checkOptions("findRun()", options, ["from"]);
  const ids = await folderNames(root);
  if (name === "latest") {
    const latest = await readLatest(root);
    if (latest !== undefined && ids.includes(latest)) return join(root, latest);
    throw new RunNotFoundError(
      `Found no latest run below ${root}: the file latest ` +
        `${latest === undefined ? "is missing" : `names ${latest}, which is gone`}. Name a run`,
    );
  }
  if (ids.includes(name)) return join(root, name);
  const fitting = name === "" ? [] : ids.filter((id) => id.startsWith(name));
  if (fitting.length === 1) return join(root, fitting[0]);
  const path = resolve(options.from ?? ".", name);
  if (name !== "" && await isRunFolder(path)) return path;
  if (fitting.length > 1) {
    const shown = fitting.slice(0, 4).join(", ") + (fitting.length > 4 ? ", …" : "");
    throw new RunNotFoundError(
      `"${name}" is the beginning of ${fitting.length} runs below ${root}: ${shown}. Name more of it`,
    );
  }
  const near = nearestName(name, ids);
  throw new RunNotFoundError(
    `Found no run "${name}" below ${root}${near === undefined ? "" : `; did you mean ${near}?`} ` +
      `Wanted an id, its beginning, latest or a path; qsight runs list shows them`,
  );
}

async function folderNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name).sort();
}

/** A folder with a file that each run has from its beginning, or from its end. */
async function isRunFolder(path: string): Promise<boolean> {
  for (const name of ["manifest.json", "config.json"]) {
    if (await lstat(join(path, name)).then((kind) => kind.isFile(), () => false)) return true;
  }
  return false;
}
