import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";
import { isProcess } from "../_internal/is_process.ts";

/** What tells a process from all others, written into files that it may leave behind. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Empty where nobody may ask for it. */
  readonly host: string;
  /** What tells the process from a later one with its number; null where the system does not say. */
  readonly begun: string | null;
}

/** This process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  return { pid: process.pid, host: hostOf(), begun: await beginOf(process.pid) };
}

/** Whether that process is still there; undefined when it cannot be seen from here. */
export async function isAlive(
  { pid, host, begun }: ProcessIdentity,
): Promise<boolean | undefined> {
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
