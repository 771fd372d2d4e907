import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";
import { signalGroup } from "../../_internal/signal_group.ts";
import { isNotGranted } from "../../hardware/deno_permission.ts";

/** Options of {@linkcode watchMemory}. */
export interface WatchMemoryOptions {
  /** Bytes that all processes of the group together may hold. @default {Infinity} */
  readonly limit?: number;
  /** Milliseconds between two looks. @default {150} */
  readonly interval?: number;
  /** Called once, when the group was over the limit and has been killed. */
  readonly onExceeded?: (bytes: number) => void;
}

/** A look at the memory of a process group now and then. */
export interface MemoryWatch {
  /** Most bytes seen so far; 0 where the system does not tell. */
  readonly peak: number;
  /** Ends the watch after a last look. */
  stop(): Promise<void>;
}

/**
 * Watches the resident memory of a process group and kills the whole group over the limit.
 *
 * There is no hard bound below it: `ulimit -v` and `prlimit --as` bound address space, of which V8
 * reserves many times what it uses, and `--max-old-space-size` leaves out what lies outside the
 * heap, such as tensors. A control group would be exact, but needs rights that a test run has not.
 * So between two looks a group may pass the limit; a look costs about a millisecond.
 *
 * @throws {Error} for a limit where Deno does not let this process see the memory of others
 */
export function watchMemory(group: number, options: WatchMemoryOptions = {}): MemoryWatch {
  const { limit = Infinity, interval = process.platform === "linux" ? 150 : 500, onExceeded } =
    options;
  if (limit < Infinity && process.platform === "linux" && processes() === undefined) {
    throw new Error(
      `A memory limit of ${limit} bytes was found, and Deno lets only a process with all ` +
        "permissions read /proc. Start with -A, or leave the limit out",
    );
  }
  let peak = 0, stopped = false, exceeded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    const bytes = await groupMemory(group);
    peak = Math.max(peak, bytes);
    if (bytes <= limit || exceeded) return;
    exceeded = true;
    signalGroup(group, "SIGKILL");
    onExceeded?.(bytes);
  };
  let looking = look();
  const next = () => {
    if (stopped || exceeded) return;
    timer = setTimeout(() => {
      looking = look();
      void looking.then(next);
    }, interval);
  };
  void looking.then(next);
  return {
    get peak() {
      return peak;
    },
    async stop() {
      if (stopped) return await looking;
      stopped = true;
      clearTimeout(timer);
      await looking;
      if (!exceeded) await look();
    },
  };
}

/** Resident bytes of all processes of a group together; 0 when there is none or nobody tells. */
export async function groupMemory(group: number): Promise<number> {
  if (process.platform === "linux") return procMemory(group);
  const { stdout } = await runCommand(["ps", "-A", "-o", "pgid=,rss="]);
  return stdout.split("\n").reduce((sum, line) => {
    const [pgid, kibibytes] = line.trim().split(/\s+/).map(Number);
    return pgid === group ? sum + kibibytes * 1024 : sum;
  }, 0);
}

/** From /proc. Synchronous: these files are in memory, and hundreds of promises would cost more. */
function procMemory(group: number): number {
  let bytes = 0;
  for (const pid of processes() ?? []) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      // The name of the program, in brackets, may hold spaces and brackets itself.
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(fields[2]) !== group) continue;
      const status = readFileSync(`/proc/${pid}/status`, "latin1");
      bytes += Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      // It ended while we looked.
    }
  }
  return bytes;
}

/** The entries of /proc; undefined where Deno does not let this process read it. */
function processes(): string[] | undefined {
  try {
    return readdirSync("/proc");
  } catch (error) {
    if (isNotGranted(error)) return undefined;
    throw error;
  }
}
