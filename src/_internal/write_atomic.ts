import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { namingFullDisk } from "./disk_full_error.ts";

/**
 * Writes a file so that a reader sees the old content or the whole new one, never a part: a
 * temporary file in the same folder, fsync, rename, fsync of the folder. Missing folders are made.
 *
 * @throws {DiskFullError} when there is no room; the old content stays
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw namingFullDisk(error, path, content.length);
  }
  await syncFolder(folder);
}

/** Makes the rename itself durable; Windows cannot open folders, and there it is not needed. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
