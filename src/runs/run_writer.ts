import { readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isProcess } from "../_internal/is_process.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import type { RunFacts } from "./build_manifest.ts";
import type { GitState } from "./git_state.ts";

/**
 * Who writes a run, in `.<run-id>.open` beside its folder while it is open: not in the folder, so that
 * equal trainings leave equal folders. A killed process leaves it, and with it what a manifest that
 * is rebuilt later cannot know otherwise.
 */
export interface RunWriter {
  /** Form of this file. */
  readonly schema: "qsight.open/1";
  readonly pid: number;
  readonly host: string;
  /** What tells the process from a later one with its number; null where the system does not say. */
  readonly begun: string | null;
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
    pid: process.pid,
    host: hostOf(),
    begun: await beginOf(process.pid),
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

/** Whether that process is still there; undefined when it cannot be seen from here. */
export async function isAlive({ pid, host, begun }: RunWriter): Promise<boolean | undefined> {
  if (host === "" || host !== hostOf()) return undefined;
  if (!isProcess(pid)) return false;
  // Numbers of processes come again, soon so in a container.
  return begun === null || begun === await beginOf(pid);
}

function hostOf(): string {
  try {
    return hostname();
  } catch {
    // Without permission to ask, nobody can be told from anybody.
    return "";
  }
}

/** Start of a process in clock ticks since the system began, and which time it began. */
async function beginOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in brackets that may hold anything.
    const ticks = text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${ticks} ${boot.trim()}`;
  } catch {
    return null;
  }
}
