import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";

const CONFIGS = ["deno.json", "deno.jsonc", "package.json"];

/** The nearest folder, upward, that configures Deno; undefined where there is none. */
export async function projectFolder(folder: string): Promise<string | undefined> {
  for (const name of CONFIGS) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file?.isFile()) return folder;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : await projectFolder(parent);
}
