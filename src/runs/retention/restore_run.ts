import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../../_internal/write_atomic.ts";
import type { FileDigest } from "../file_digest.ts";
import { updateLatest } from "../latest.ts";
import { ManifestError, readManifest } from "../manifest.ts";
import { safeName } from "../safe_path.ts";
import { ArchiveError } from "./archive_error.ts";
import { readTarGz } from "./tar_reader.ts";

/**
 * Unpacks an archived run below a root: into a hidden folder first, where every file is compared with
 * the manifest, and only then to its name. Resolves to the run folder. The archive stays.
 *
 * @throws {ArchiveError} when a run of that id is there already (nothing is overwritten), the archive
 * is not of one run or not whole, or an entry leads out of the folder or is a link
 * @throws {Error} when the archive cannot be read, or the root not be written
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { applyRetention, openRun, planRetention, restoreRun, verifyRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * for (const seed of [1, 2]) await (await openRun({ root, seed, config: {} })).finish({});
 * const plan = await planRetention(root, { keepLast: 1, archive: true });
 * const [{ archive }] = (await applyRetention(plan)).results;
 * const folder = await restoreRun(archive!, root);
 * assert.deepEqual(await verifyRun(folder), []);
 * ```
 */
export async function restoreRun(archive: string, root = "trained_model"): Promise<string> {
  await mkdir(root, { recursive: true });
  const hidden = join(root, `.${randomUUID()}.restore.tmp`);
  try {
    await mkdir(hidden);
    const { id, found } = await unpack(archive, { root, hidden });
    await compare(archive, { folder: hidden, id, found });
    const folder = join(root, id);
    await refuseExisting(folder);
    await rename(hidden, folder);
    await syncFolder(root);
    await updateLatest(root);
    return folder;
  } finally {
    await rm(hidden, { recursive: true, force: true });
  }
}

async function unpack(
  archive: string,
  { root, hidden }: { readonly root: string; readonly hidden: string },
): Promise<{ id: string; found: ReadonlyMap<string, FileDigest> }> {
  let id: string | undefined;
  const found = new Map<string, FileDigest>();
  await readTarGz(archive, async (entry, content) => {
    const slash = entry.path.indexOf("/");
    const [top, path] = [entry.path.slice(0, Math.max(0, slash)), entry.path.slice(slash + 1)];
    if (id === undefined && top !== "" && safeName(top) === top) {
      id = top;
      await refuseExisting(join(root, id));
    }
    if (top === "" || top !== id || path === "" || found.has(path)) {
      throw new ArchiveError(
        `${archive} holds "${entry.path}", wanted each file once and all in the folder of one run: ` +
          `pass an archive that qsight wrote`,
      );
    }
    found.set(path, await writeOut(hidden, path, content));
  });
  if (id === undefined) {
    throw new ArchiveError(`${archive} holds no file: pass an archive that qsight wrote`);
  }
  return { id, found };
}

async function writeOut(
  folder: string,
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<FileDigest> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(target, "wx");
  try {
    for await (const piece of content) {
      hash.update(piece);
      bytes += piece.length;
      await file.write(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Every file of the manifest must be there as it was. */
async function compare(
  archive: string,
  { folder, id, found }: {
    readonly folder: string;
    readonly id: string;
    readonly found: ReadonlyMap<string, FileDigest>;
  },
): Promise<void> {
  const manifest = await readManifest(folder).catch((cause) => {
    if (!(cause instanceof ManifestError)) throw cause;
    throw new ArchiveError(`${archive} has no whole manifest.json: use a copy of it`, { cause });
  });
  if (manifest.id !== id) {
    throw new ArchiveError(
      `${archive} holds the folder ${id} with the manifest of ${manifest.id}: pass an archive that ` +
        `qsight wrote`,
    );
  }
  for (const { path, bytes, sha256 } of manifest.files) {
    const file = found.get(path);
    if (file?.sha256 === sha256 && file.bytes === bytes) continue;
    throw new ArchiveError(
      `${archive}: ${path} is ${
        file === undefined ? "missing" : "not the file that was archived"
      }: ` +
        `use a copy of it`,
    );
  }
}

async function refuseExisting(folder: string): Promise<void> {
  if (await lstat(folder).catch(() => undefined) === undefined) return;
  throw new ArchiveError(
    `${folder} exists, and nothing is overwritten: move it away, or restore to another root`,
  );
}
