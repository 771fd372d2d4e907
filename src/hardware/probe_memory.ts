import { found, type Probe, unknown } from "./probe.ts";

/** Bytes of memory in the machine. */
export function probeTotalMemory(totalMemory: () => number): Probe<number> {
  const bytes = totalMemory();
  return bytes > 0
    ? found(bytes, "Reported by the operating system")
    : unknown("The system reports 0");
}

/**
 * Bytes that can be had without swapping. Linux tells it exactly (MemAvailable); elsewhere free
 * memory is taken, which leaves out what caches would give back.
 */
export async function probeAvailableMemory(
  readText: (path: string) => Promise<string>,
  freeMemory: () => number,
): Promise<Probe<number>> {
  const text = await readText("/proc/meminfo").catch(() => "");
  const kibibytes = /^MemAvailable:\s*(\d+) kB/m.exec(text)?.[1];
  if (kibibytes !== undefined) return found(Number(kibibytes) * 1024, "MemAvailable");
  const bytes = freeMemory();
  return bytes > 0
    ? found(bytes, "Free memory, without what caches would give back")
    : unknown("The system reports 0");
}
