import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";

/** Name that no file of a run can have: safe names do not begin with a dot. */
export const PIN = ".pinned";

/**
 * Pins a run: retention never touches it. The mark is the file `.pinned` in its folder, not a field of
 * the manifest, so that pinning changes nothing that was measured, and works by hand.
 *
 * @throws {RangeError} when there is no such folder
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { isPinned, openRun, pinRun, unpinRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: {} });
 * await run.finish({});
 * await pinRun(run.folder);
 * assert.equal(await isPinned(run.folder), true);
 * await unpinRun(run.folder);
 * assert.equal(await isPinned(run.folder), false);
 * ```
 */
export async function pinRun(folder: string): Promise<void> {
  await refuseMissing("pinRun()", folder);
  await writeAtomic(join(folder, PIN), "Retention keeps this run until this file is removed.\n");
}

/**
 * Takes the pin off again; one that was not pinned stays as it is.
 *
 * @throws {RangeError} when there is no such folder
 */
export async function unpinRun(folder: string): Promise<void> {
  await refuseMissing("unpinRun()", folder);
  await rm(join(folder, PIN), { force: true });
}

/** Whether a run is pinned. Anything of that name counts: in doubt a run is kept. */
export async function isPinned(folder: string): Promise<boolean> {
  return await lstat(join(folder, PIN)).then(() => true, (error: { readonly code?: string }) => {
    return error.code !== "ENOENT" && error.code !== "ENOTDIR";
  });
}

async function refuseMissing(where: string, folder: string): Promise<void> {
  const kind = await lstat(folder).catch(() => undefined);
  if (kind?.isDirectory()) return;
  const found = kind === undefined ? "nothing" : kind.isSymbolicLink() ? "a link" : "a file";
  throw new RangeError(
    `${where}: found ${found} at ${folder}, wanted the folder of a run. Pass e.g. ` +
      `"trained_model/20260131-235959-999-1a2b3c4d"`,
  );
}
