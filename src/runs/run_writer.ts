import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import type { RunFacts } from "./build_manifest.ts";
import type { GitState } from "./git_state.ts";
import { type ProcessIdentity, thisProcess } from "./process_identity.ts";

/**
 * Who writes a run, in `.<run-id>.open` beside its folder while it is open: not in the folder, so that
 * equal trainings leave equal folders. A killed process leaves it, and with it what a manifest that
 * is rebuilt later cannot know otherwise.
 */
export interface RunWriter extends ProcessIdentity {
  /** Form of this file. */
  readonly schema: "qsight.open/1";
  readonly seed: number;
  readonly name: string | null;
  readonly synthetic: boolean;
  readonly started: string;
  readonly git: GitState | null;
}

/** Where it stands. */
export function writerPath(root: string, id: string): string {
  return join(root, `.${id}.open`);
}

/** The id of the run that a file of this kind is about; undefined for other files. */
export function writerOf(name: string): string | undefined {
  return /^\.(.+)\.open$/.exec(name)?.[1];
}

/** Says that this process writes the run. */
export async function markOpen(root: string, facts: RunFacts): Promise<void> {
  const { id, seed, name = null, synthetic = false, started, git } = facts;
  const writer: RunWriter = {
    schema: "qsight.open/1",
    ...await thisProcess(),
    seed,
    name,
    synthetic,
    started: started.toISOString(),
    git,
  };
  await writeAtomic(writerPath(root, id), JSON.stringify(writer) + "\n");
}

/** Says that nobody writes it any more. */
export async function markEnded(root: string, id: string): Promise<void> {
  await rm(writerPath(root, id), { force: true });
}

/** Who writes or wrote a run; undefined when it has ended in order, or is older than this file. */
export async function readWriter(root: string, id: string): Promise<RunWriter | undefined> {
  try {
    const writer = JSON.parse(await readFile(writerPath(root, id), "utf8")) as RunWriter;
    return writer.schema === "qsight.open/1" ? writer : undefined;
  } catch {
    return undefined;
  }
}
