import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** One file of a run. */
export interface FileDigest {
  /** Path inside the run folder, with `/`. */
  readonly path: string;
  /** Size. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** Size and SHA-256 of a file, read piece by piece. */
export async function digestFile(folder: string, path: string): Promise<FileDigest> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(join(folder, path))) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** What stands under a folder, sorted by path. Links are named but not followed. */
export async function listFiles(
  folder: string,
): Promise<{ path: string; link: boolean }[]> {
  const files: { path: string; link: boolean }[] = [];
  const walk = async (inner: string) => {
    for (const name of await readdir(join(folder, inner))) {
      const path = inner === "" ? name : `${inner}/${name}`;
      const kind = await lstat(join(folder, path));
      if (kind.isDirectory()) await walk(path);
      else files.push({ path, link: kind.isSymbolicLink() });
    }
  };
  await walk("");
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Names of unfinished atomic writes and of what is in them, which a killed process leaves. */
export function isTemporary(path: string): boolean {
  return /(^|\/)\.[^/]*\.tmp(\/|$)/.test(path);
}
