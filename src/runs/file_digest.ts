import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ifGone } from "./if_gone.ts";

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

/** What stands under a folder and is none itself. */
export interface FoundFile {
  /** Path inside the folder, with `/`. */
  readonly path: string;
  /** Whether it is a link. */
  readonly link: boolean;
  /** Whether it is a file with a content: neither a link nor a pipe or the like. */
  readonly regular: boolean;
}

/**
 * What stands under a folder, sorted by path. Links are named but not followed. A folder below that
 * leaves while it is looked at, as those of writes do, counts as gone.
 *
 * @throws {Error} when the folder itself cannot be read
 */
export async function listFiles(folder: string): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const walk = async (inner: string) => {
    for (const entry of await readdir(join(folder, inner), { withFileTypes: true })) {
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) await walk(path).catch(ifGone(undefined));
      else files.push({ path, link: entry.isSymbolicLink(), regular: entry.isFile() });
    }
  };
  await walk("");
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Names of unfinished atomic writes and of what is in them, which a killed process leaves. */
export function isTemporary(path: string): boolean {
  return /(^|\/)\.[^/]*\.tmp(\/|$)/.test(path);
}
