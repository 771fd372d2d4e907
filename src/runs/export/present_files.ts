import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isTemporary } from "../file_digest.ts";

/**
 * Paths of the files in a run folder, sorted; no links and no halves of writes. The run may go on
 * meanwhile: what leaves while it is looked at counts as gone, which `listFiles()` takes for a fault.
 */
export async function presentFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (inner: string) => {
    const entries = await readdir(join(folder, inner), { withFileTypes: true }).catch(ifGone([]));
    for (const entry of entries) {
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && !isTemporary(path)) files.push(path);
    }
  };
  await walk("");
  return files.sort();
}

/** For `catch()`: another value where a file or folder is gone. */
export function ifGone<T>(value: T): (error: unknown) => T {
  return (error) => {
    const { code } = error as { readonly code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return value;
    throw error;
  };
}
