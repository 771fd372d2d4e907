import { probeCgroupCpu, probeCgroupMemory } from "../../hardware/probe_cgroup.ts";
import { probeAffinity, probeLogicalCpus, usableCpus } from "../../hardware/probe_cpu.ts";
import { probeAvailableMemory } from "../../hardware/probe_memory.ts";
import { hostSources } from "../../hardware/sources.ts";

/** Processors that this process may use: the least of the machine, its affinity, its control group. */
export async function availableCpus(): Promise<number> {
  const { readText, logicalCpus } = hostSources();
  const [affinity, cgroupLimit] = await Promise.all([
    probeAffinity(readText),
    probeCgroupCpu(readText),
  ]);
  return usableCpus({ logical: probeLogicalCpus(logicalCpus), affinity, cgroupLimit }).usable;
}

/** Bytes that can be had now without swapping, at most what the control group grants at all. */
export async function availableMemory(): Promise<number> {
  const { readText, freeMemory } = hostSources();
  const probes = await Promise.all([
    probeAvailableMemory(readText, freeMemory),
    probeCgroupMemory(readText),
  ]);
  return Math.min(...probes.map((probe) => probe.status === "ok" ? probe.value : Infinity));
}
