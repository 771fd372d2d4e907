import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isProcess } from "../../_internal/is_process.ts";

const NAME = /^\.qsight-types-\d+\.(?:mts|tsx)$/;
const OWNER = /^\/\/ Process (\d+) on (\S*) checks notebooks here, and removes this file\n/;

/** Whether text could be the top of such a file, cut off by whoever reads too early. */
function ownerLine(): string {
  return `// Process ${process.pid} on ${hostname()} checks notebooks here, and removes this file\n`;
}

/** The line that every such file begins with, so that those of dead processes can be told. */
export const OWNER_LINES = 1;

/**
 * Writes a hidden file with a name that is free in the folder. The names are the same again and
 * again: Deno keeps what it knows of a module by its name, and would keep it of every name for ever.
 *
 * @throws what the file system throws, such as for a folder that cannot be written to
 */
export async function claimHiddenFile(
  folder: string,
  { text, extension }: { readonly text: string; readonly extension: ".mts" | ".tsx" },
): Promise<string> {
  for (let n = 0;; n++) {
    const path = join(folder, `.qsight-types-${n}${extension}`);
    try {
      await writeFile(path, ownerLine() + text, { flag: "wx" });
      return path;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }
}

/** Writes other text into a file that was claimed. */
export async function rewriteHiddenFile(path: string, text: string): Promise<void> {
  await writeFile(path, ownerLine() + text);
}

/** Removes what processes of this machine that are no more have left in a folder. */
export async function sweepHiddenFiles(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((entry) => NAME.test(entry))) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8").catch(() => "");
    const [, pid, host] = OWNER.exec(text) ?? [];
    // A file without its first line is being written right now.
    if (pid === undefined || host !== hostname() || isProcess(Number(pid))) continue;
    await rm(path, { force: true });
  }
}
