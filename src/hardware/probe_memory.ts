import { errorText, found, isMissing, type Probe, unknown } from "./probe.ts";

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
  const { kibibytes, instead } = await memAvailable(readText);
  if (kibibytes !== undefined) return found(kibibytes * 1024, "MemAvailable");
  const bytes = freeMemory();
  return bytes > 0
    ? found(bytes, `Free memory, without what caches would give back${instead}`)
    : unknown("The system reports 0");
}

/** What Linux says, or why free memory is taken instead. */
async function memAvailable(
  readText: (path: string) => Promise<string>,
): Promise<{ kibibytes?: number; instead: string }> {
  let text: string;
  try {
    text = await readText("/proc/meminfo");
  } catch (error) {
    return { instead: isMissing(error) ? "" : ` (${errorText(error)})` };
  }
  const line = /^MemAvailable:.*$/m.exec(text)?.[0] ?? "";
  const kibibytes = /^MemAvailable:\s*(\d+) kB\s*$/.exec(line)?.[1];
  if (kibibytes !== undefined) return { kibibytes: Number(kibibytes), instead: "" };
  return { instead: ` (/proc/meminfo says "${line || "nothing of MemAvailable"}")` };
}

/** Available memory, unless it is more than there is at all. */
export function believable(available: Probe<number>, total: Probe<number>): Probe<number> {
  if (available.status !== "ok" || total.status !== "ok" || available.value <= total.value) {
    return available;
  }
  return unknown(
    `${available.reason} says ${available.value} bytes, more than the ${total.value} there are`,
  );
}
