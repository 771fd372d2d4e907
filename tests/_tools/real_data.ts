import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = resolve(
  Deno.env.get("QSIGHT_DATA") ?? fileURLToPath(new URL("../../../shared/data", import.meta.url)),
);

/** Where a file of real data lies, if this machine has it. */
export function realData(file: string): { path: string; missing: string | undefined } {
  const path = join(FOLDER, file);
  try {
    if (Deno.statSync(path).isFile) return { path, missing: undefined };
  } catch {
    // Told below.
  }
  return { path, missing: `${file} is not in the data folder` };
}
