import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileSize } from "./file_facts.ts";
import { KNOWN_DATA, type KnownData } from "./known_data.ts";

/** A data set that is known, or lies in the folder. */
export interface ListedData {
  /** Its name for `fetchData()`, or that of its file or folder. */
  readonly name: string;
  /** One line for a person. */
  readonly about: string;
  /** Undefined for data of one's own. */
  readonly known: KnownData | undefined;
  /** Where it is or would be. */
  readonly path: string;
  /**
   * `here`; `partial`: a fetch was stopped; `damaged`: a file of another size than it must have;
   * `absent`.
   */
  readonly status: "here" | "partial" | "damaged" | "absent";
  /** Bytes on disk, of files. */
  readonly bytes: number | null;
}

/**
 * All known data sets and whether they are in the folder, then what else lies there: npz files and
 * folders. Checksums are not computed; `fetchData()` does that.
 *
 * @param folder need not be there
 */
export async function listData(folder: string): Promise<ListedData[]> {
  const known = await Promise.all(KNOWN_DATA.map((data) => listKnown(folder, data)));
  const taken = new Set(KNOWN_DATA.map(({ path }) => path));
  const names = await readdir(folder).catch(() => []);
  const others: ListedData[] = [];
  for (const name of names.sort()) {
    if (taken.has(name) || name.startsWith(".")) continue;
    const path = join(folder, name), found = await stat(path).catch(() => undefined);
    const isData = found?.isDirectory() || /\.npz$/i.test(name);
    if (found === undefined || !isData) continue;
    others.push({
      ...{ name, path, known: undefined, status: "here" },
      about: found.isDirectory() ? "a folder" : "an npz file",
      bytes: found.isDirectory() ? null : found.size,
    });
  }
  return [...known, ...others];
}

async function listKnown(folder: string, known: KnownData): Promise<ListedData> {
  const { name, about, source } = known, path = join(folder, known.path);
  const facts = { name, about, known, path };
  if (source.kind === "hand") {
    const found = await stat(path).catch(() => undefined);
    return { ...facts, status: found?.isDirectory() ? "here" : "absent", bytes: null };
  }
  const bytes = await fileSize(path);
  if (bytes !== undefined) {
    const wrong = source.bytes !== undefined && bytes !== source.bytes;
    return { ...facts, status: wrong ? "damaged" : "here", bytes };
  }
  const part = await fileSize(`${path}.part`);
  return { ...facts, status: part === undefined ? "absent" : "partial", bytes: part ?? null };
}
