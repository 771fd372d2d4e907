import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";

/** The id of the newest finished run, from the `latest` file of a root; undefined without one. */
export async function readLatest(root = "trained_model"): Promise<string | undefined> {
  const text = await readFile(join(root, "latest"), "utf8").catch(() => "");
  return text.trim() || undefined;
}

/**
 * Writes the newest finished run into `latest`. Two processes may end at once, so it looks again
 * after writing: whoever writes last has then seen both.
 */
export async function updateLatest(root: string): Promise<void> {
  for (;;) {
    const newest = await newestFinished(root);
    if (newest === undefined) return;
    await writeAtomic(join(root, "latest"), `${newest}\n`);
    if (await newestFinished(root) === newest) return;
  }
}

async function newestFinished(root: string): Promise<string | undefined> {
  const names = (await readdir(root)).filter((name) => /^\d{8}-\d{6}-\d{3}-/.test(name));
  for (const name of names.sort().reverse()) {
    if (await stat(join(root, name, "manifest.json")).catch(() => undefined)) return name;
  }
  return undefined;
}
