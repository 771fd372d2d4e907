import { constants, existsSync, statSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "./usage.ts";

/** What an option wants to write, and where. */
export interface WriteTarget {
  /** As messages name it, such as `"qsight run: --output"`. */
  readonly option: string;
  /** Absolute path. */
  readonly path: string;
  /** @default {"file"} */
  readonly kind?: "file" | "folder";
}

/**
 * A result that cannot be written is noticed before the notebooks have run, not after.
 *
 * @throws {UsageError} saying what stands in the way
 */
export async function checkWritable({ option, path, kind = "file" }: WriteTarget): Promise<void> {
  let folder = kind === "folder" ? path : dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const problem = !statSync(folder).isDirectory()
    ? `cannot be written: ${folder} is a file`
    : kind === "file" && existsSync(path) && statSync(path).isDirectory()
    ? "is a folder"
    : await access(folder, constants.W_OK).then(
      () => undefined,
      () => `cannot be written: no permission in ${folder}`,
    );
  if (problem !== undefined) {
    throw new UsageError(`${option} ${path} ${problem}; choose another ${kind}`);
  }
}
