import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "./usage.ts";

/**
 * The lines of a file as answers to what cells ask, in order.
 *
 * @throws {UsageError} for a file that cannot be read
 */
export async function readAnswers(
  file: string | undefined,
  cwd: string,
): Promise<string[] | undefined> {
  if (file === undefined) return undefined;
  try {
    const text = await readFile(resolve(cwd, file), "utf8");
    return text.replace(/\r?\n$/, "").split(/\r?\n/);
  } catch (error) {
    throw new UsageError(
      `--stdin ${file}: ${(error as Error).message}; wanted a file with answers`,
    );
  }
}
