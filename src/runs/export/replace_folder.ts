import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../../_internal/write_atomic.ts";
import { changePlaces, nextFolder, settleFolder } from "../write_folder.ts";

/**
 * Writes a folder of event files anew: readers find the one of before or the whole new one. Nothing
 * is held in memory, unlike in `writeFolder()`, with which it shares all else.
 *
 * @throws {RangeError} when anything but event files stands in the folder, which would be lost
 */
export async function replaceFolder(
  path: string,
  write: (next: string) => Promise<void>,
): Promise<void> {
  await settleFolder(path);
  const stranger = await findStranger(path);
  if (stranger !== undefined) {
    throw new RangeError(
      `exportTensorboard(): found ${stranger} in ${path}, wanted a folder with event files only, ` +
        `because it is written anew. Choose another folder with out`,
    );
  }
  const next = nextFolder(path);
  await mkdir(next, { recursive: true });
  try {
    await write(next);
    await changePlaces(path);
    await syncFolder(dirname(path));
  } finally {
    await settleFolder(path);
  }
}

/** A file below a folder that TensorBoard would not read; undefined when there is none. */
async function findStranger(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  });
  for (const entry of entries) {
    if (entry.isDirectory()) {
      const below = await findStranger(join(folder, entry.name));
      if (below !== undefined) return `${entry.name}/${below}`;
    } else if (!entry.isFile() || !entry.name.startsWith("events.out.tfevents.")) {
      return entry.name;
    }
  }
  return undefined;
}
