import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256 } from "../../_internal/sha256.ts";
import { syncFolder } from "../../_internal/write_atomic.ts";
import { digestFile, type FileDigest, isTemporary, listFiles } from "../file_digest.ts";
import { readManifest } from "../manifest.ts";
import { ArchiveError } from "./archive_error.ts";
import { readTarGz } from "./tar_reader.ts";
import { writeTarGz } from "./tar_writer.ts";

/** Folder of the archives, below the root of the runs. */
export const ARCHIVES = "archive";

/** What happens on the way. */
export type ArchiveStep = "packing" | "verifying" | "archived";

/** Where the archive of a run goes. */
export function archivePath(root: string, id: string): string {
  return join(root, ARCHIVES, `${id}.tar.gz`);
}

/**
 * Packs a run folder with all its files into `archive/<id>.tar.gz`, reads it back, and compares every
 * file with the manifest; only then the archive has its name. The run itself is not touched. An
 * archive that is there already is verified in the same way and used; it is never overwritten.
 *
 * @throws {ArchiveError} when a file is not as the manifest says, a link stands in the folder, or an
 * archive of that name holds something else
 */
export async function archiveRun(
  root: string,
  id: string,
  { onStep = () => {} }: { readonly onStep?: (step: ArchiveStep) => void | Promise<void> } = {},
): Promise<string> {
  const target = archivePath(root, id);
  await makeArchives(root);
  const { files, seconds } = await filesToPack(root, id);
  if (await lstat(target).catch(() => undefined) !== undefined) {
    await onStep("verifying");
    await verifyArchive(target, { id, files }).catch((cause) => {
      throw new ArchiveError(
        `${target} exists and is not of this state of the run (${cause.message}): move it away`,
        { cause },
      );
    });
  } else {
    await pack(root, { id, files, seconds, onStep });
  }
  await syncFolder(dirname(target));
  await onStep("archived");
  return target;
}

async function pack(
  root: string,
  { id, files, seconds, onStep }: {
    readonly id: string;
    readonly files: readonly FileDigest[];
    readonly seconds: number;
    readonly onStep: (step: ArchiveStep) => void | Promise<void>;
  },
): Promise<void> {
  const temporary = join(root, ARCHIVES, `.${id}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await onStep("packing");
      const packed = files.map(({ path, bytes }) => (
        { path: `${id}/${path}`, file: join(root, id, path), bytes }
      ));
      await writeTarGz(file, { files: packed, seconds });
      await file.sync();
    } finally {
      await file.close();
    }
    await onStep("verifying");
    await verifyArchive(temporary, { id, files });
    await rename(temporary, archivePath(root, id));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** All files, as the manifest says where it names them; the manifest first. */
async function filesToPack(
  root: string,
  id: string,
): Promise<{ readonly files: FileDigest[]; readonly seconds: number }> {
  const folder = join(root, id);
  const manifest = await readManifest(folder);
  const text = await readFile(join(folder, "manifest.json"));
  const files = [{ path: "manifest.json", bytes: text.length, sha256: sha256(text) }];
  const known = new Map(manifest.files.map((file) => [file.path, file]));
  for (const { path, link } of await listFiles(folder)) {
    if (path === "manifest.json" || isTemporary(path)) continue;
    if (link) {
      throw new ArchiveError(
        `${join(folder, path)} is a link, wanted files only: replace it by what it leads to`,
      );
    }
    files.push(known.get(path) ?? await digestFile(folder, path));
    known.delete(path);
  }
  const [missing] = known.keys();
  if (missing !== undefined) {
    throw new ArchiveError(
      `${known.size} files of ${folder} are missing, such as ${missing}: put them back, or let ` +
        `qsight runs verify ${id} --repair take them off the manifest`,
    );
  }
  return { files, seconds: Math.max(0, Math.floor(Date.parse(manifest.ended) / 1000)) };
}

/**
 * Reads an archive to its end and compares it with what it should hold.
 *
 * @throws {ArchiveError} naming the first file that differs, is missing or too much
 */
export async function verifyArchive(
  path: string,
  { id, files }: { readonly id: string; readonly files: readonly FileDigest[] },
): Promise<void> {
  const wanted = new Map(files.map((file) => [`${id}/${file.path}`, file]));
  await readTarGz(path, async (entry, content) => {
    const hash = createHash("sha256");
    for await (const piece of content) hash.update(piece);
    const file = wanted.get(entry.path);
    const found = hash.digest("hex");
    if (file === undefined || file.sha256 !== found || file.bytes !== entry.bytes) {
      throw new ArchiveError(
        `${entry.path} has SHA-256 ${found}, wanted ${
          file?.sha256 ?? "no such file"
        }: look at it ` +
          `with qsight runs verify ${id}`,
      );
    }
    wanted.delete(entry.path);
  });
  const [missing] = wanted.keys();
  if (missing !== undefined) {
    throw new ArchiveError(`${missing} is not in ${path}: archive it again`);
  }
}

async function makeArchives(root: string): Promise<void> {
  const folder = join(root, ARCHIVES);
  await mkdir(folder, { recursive: true });
  if ((await lstat(folder)).isDirectory()) return;
  throw new ArchiveError(`${folder} is a link, wanted a folder: links are not followed. Remove it`);
}
