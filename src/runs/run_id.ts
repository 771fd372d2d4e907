import { createHash, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { safeName } from "./safe_path.ts";

/** What a run id is made of. */
export interface RunIdParts {
  readonly time: Date;
  readonly seed: number;
  readonly config: string;
  readonly name?: string;
}

/** The form of a run id; its group is the name of the run, if it has one. */
export const RUN_ID = /^\d{8}-\d{6}-\d{3}-[0-9a-f]{8}(?:-(.+))?$/;

/** The time that a name begins with as run ids do, ISO 8601; undefined for other names. */
export function timeOfId(id: string): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})-/.exec(id);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`;
}

/**
 * Makes a folder that no other process has: `20260131-235959-999-1a2b3c4d` with an optional name
 * behind it. UTC time first, so that names sort by time; the hash is over seed, configuration,
 * time and fresh random bytes, and the folder is made exclusively.
 */
export async function makeRunFolder(
  root: string,
  { time, seed, config, name }: RunIdParts,
): Promise<{ id: string; folder: string }> {
  await mkdir(root, { recursive: true });
  const stamp = time.toISOString().replace(/[-:Z]/g, "").replace(/[T.]/g, "-");
  for (;;) {
    const hash = createHash("sha256")
      .update(JSON.stringify([seed, config, stamp, randomBytes(16).toString("hex")]))
      .digest("hex").slice(0, 8);
    const id = [stamp, hash, ...name === undefined ? [] : [safeName(name)]].join("-");
    const folder = join(root, id);
    try {
      await mkdir(folder);
      return { id, folder };
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }
}
