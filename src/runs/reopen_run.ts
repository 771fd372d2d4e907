import { access, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { RUN_ID, timeOfId } from "./run_id.ts";
import { settleAll } from "./write_folder.ts";

/** A run folder that a process left without an end. */
export interface ReopenedFolder {
  readonly folder: string;
  /** From the name of the folder. */
  readonly started: Date;
  /** What the run was called, if anything. */
  readonly name: string | undefined;
}

/**
 * Takes up a run folder again: checks that it has not ended and that it is of the same configuration,
 * and puts right what a kill left between two states.
 *
 * @param config the text of `config.json` as it would be written now
 * @throws {RangeError} when `id` is no run id
 * @throws {Error} when there is no such run, it has ended, or its configuration was another
 */
export async function reopenFolder(
  root: string,
  { id, config }: { readonly id: string; readonly config: string },
): Promise<ReopenedFolder> {
  const parts = RUN_ID.exec(basename(id));
  if (parts === null || basename(id) !== id) {
    throw new RangeError(
      `openRun(): reopen must be the id of a run, which is the name of its folder, found ` +
        `${JSON.stringify(id)}: pass e.g. reopen: "20260131-235959-999-1a2b3c4d"`,
    );
  }
  const folder = join(root, id);
  if (await access(join(folder, "manifest.json")).then(() => true, () => false)) {
    throw new Error(`openRun(): run ${id} has ended, its manifest is written: open a new run`);
  }
  const before = await readFile(join(folder, "config.json"), "utf8").catch((cause) => {
    throw new Error(
      `openRun(): found no run to reopen at ${folder}: check root and reopen, or leave reopen out ` +
        `to begin a new run`,
      { cause },
    );
  });
  if (before !== config) {
    throw new Error(
      `openRun(): the configuration is not that of run ${id}, it differs in ` +
        `${differences(before, config)}: pass what ${
          join(folder, "config.json")
        } holds, or open a ` +
        `new run`,
    );
  }
  await settleAll(folder);
  return { folder, started: new Date(timeOfId(id)!), name: parts[1] };
}

/** The keys at which two configurations differ; their outermost ones are enough to find the place. */
function differences(before: string, now: string): string {
  const [then, next] = [before, now].map((text) => JSON.parse(text) as unknown);
  const isMap = (value: unknown): value is Record<string, unknown> =>
    value !== null && typeof value === "object" && !Array.isArray(value);
  if (!isMap(then) || !isMap(next)) return "its whole content";
  const text = (value: unknown) => JSON.stringify(value);
  const keys = [...new Set([...Object.keys(then), ...Object.keys(next)])];
  return keys.filter((key) => text(then[key]) !== text(next[key])).join(", ");
}
