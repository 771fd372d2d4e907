import { type FileHandle, open, readFile } from "node:fs/promises";
import { namingFullDisk } from "../_internal/disk_full_error.ts";

/**
 * Appends lines. A last line without an end, which a killed process leaves, is cut off first so
 * that nothing is glued to it. On disk when the promise resolves.
 */
export async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const text = lines.map((line) => line + "\n").join("");
  try {
    const file = await open(path, "a+");
    try {
      await cutTornLine(file);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw namingFullDisk(error, path, text.length);
  }
}

/** Cuts off a last line without an end; makes the file if it is missing. */
export async function endLines(path: string): Promise<void> {
  const file = await open(path, "a+");
  try {
    await cutTornLine(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Looks from the end on, as the file may be long. */
async function cutTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const block = new Uint8Array(4096);
  for (let end = size; end > 0; end = Math.max(0, end - block.length)) {
    const start = Math.max(0, end - block.length);
    await file.read(block, 0, end - start, start);
    const last = block.subarray(0, end - start).lastIndexOf(10);
    if (last < 0 && start > 0) continue;
    if (start + last + 1 < size) await file.truncate(start + last + 1);
    return;
  }
}

/** How many whole lines a file has; none when it is missing. */
export async function countLines(path: string): Promise<number> {
  return lineEnds(await contentOf(path)).length;
}

/**
 * Cuts off everything behind the first lines.
 *
 * @throws {RangeError} when there are fewer whole lines than that
 */
export async function keepLines(path: string, count: number): Promise<void> {
  const content = await contentOf(path);
  const ends = lineEnds(content);
  if (ends.length < count) {
    throw new RangeError(
      `${path} has ${ends.length} lines, wanted ${count} at least: somebody shortened it. ` +
        `Begin a new run`,
    );
  }
  const end = count === 0 ? 0 : ends[count - 1];
  if (end === content.length) return;
  const file = await open(path, "r+");
  try {
    await file.truncate(end);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Where each whole line ends. */
function lineEnds(content: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) ends.push(at + 1);
  return ends;
}

async function contentOf(path: string): Promise<Uint8Array> {
  return await readFile(path).catch((error: Error & { code?: string }) => {
    if (error.code === "ENOENT") return new Uint8Array(0);
    throw error;
  });
}

/**
 * The values of a JSON lines file; none when the file is missing. A last line without an end is
 * what a killed process leaves and is passed over.
 *
 * @throws {SyntaxError} on a whole line that is not JSON, naming it
 */
export async function readLines(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8").catch((error: Error & { code?: string }) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  lines.pop();
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line)];
    } catch (error) {
      throw new SyntaxError(
        `${path} line ${i + 1} is not JSON (${(error as Error).message}): delete or mend that line`,
      );
    }
  });
}
