import { absent, errorText, found, isMissing, type Probe, unknown } from "./probe.ts";
import type { CpuFacts } from "./snapshot.ts";

/** Logical processors of the machine. */
export function probeLogicalCpus(logicalCpus: () => number): Probe<number> {
  const count = logicalCpus();
  return count >= 1 ? found(count, "Reported by the runtime") : unknown("The runtime reports none");
}

/** Processors this process may be scheduled on. */
export async function probeAffinity(
  readText: (path: string) => Promise<string>,
): Promise<Probe<number>> {
  let status: string;
  try {
    status = await readText("/proc/self/status");
  } catch (error) {
    return isMissing(error) ? absent("No /proc on this system") : unknown(errorText(error));
  }
  const list = /^Cpus_allowed_list:\s*(\S+)\s*$/m.exec(status)?.[1];
  const count = list === undefined ? NaN : countList(list);
  return count >= 1
    ? found(count, `Affinity ${list}`)
    : unknown("/proc/self/status names no processor");
}

/** How many numbers a list such as `0-3,8` names. */
function countList(list: string): number {
  return list.split(",").reduce((sum, part) => {
    const [first, last = first] = part.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** The least of all limits. */
export function usableCpus(
  { logical, affinity, cgroupLimit }: Pick<CpuFacts, "logical" | "affinity" | "cgroupLimit">,
): { usable: number; reason: string } {
  const limits = [logical, affinity, cgroupLimit].filter((probe) => probe.status === "ok");
  if (limits.length === 0) return { usable: 1, reason: "Assumed 1: nothing could be read" };
  const least = limits.reduce((a, b) => b.value < a.value ? b : a);
  return { usable: Math.max(1, Math.floor(least.value)), reason: least.reason };
}
