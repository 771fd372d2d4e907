import { checkOptions } from "../_internal/check_options.ts";
import { deepFreeze } from "./deep_freeze.ts";
import { type Probe, within } from "./probe.ts";
import { probeCgroupCpu, probeCgroupMemory } from "./probe_cgroup.ts";
import { probeContainer } from "./probe_container.ts";
import { probeAffinity, probeLogicalCpus, usableCpus } from "./probe_cpu.ts";
import { believable, probeAvailableMemory, probeTotalMemory } from "./probe_memory.ts";
import { probeNvidia } from "./probe_nvidia.ts";
import { probeSimd } from "./probe_simd.ts";
import { probeWebGpu } from "./probe_webgpu.ts";
import { probeWsl } from "./probe_wsl.ts";
import { runtimeFacts } from "./runtime_facts.ts";
import type { HardwareSnapshot } from "./snapshot.ts";
import { type HardwareSources, hostSources } from "./sources.ts";

/** Options of {@linkcode probeHardware}. */
export interface ProbeHardwareOptions {
  /** Look again instead of answering from the snapshot of this process. @default {false} */
  readonly refresh?: boolean;
  /** Deadline of each probe in milliseconds. @default {5000} */
  readonly timeout?: number;
  /** Replaces some or all sources; such a snapshot is neither cached nor answered from the cache. */
  readonly sources?: Partial<HardwareSources>;
}

let cached: Promise<HardwareSnapshot> | undefined;

/**
 * What this machine has: processors, memory, SIMD, GPUs, runtime, container. Looked at once a
 * process; later calls answer from the same snapshot until `refresh`.
 *
 * It does not throw for anything it finds: what is missing is `"absent"`, what cannot be told
 * (denied, broken, too late) is `"unknown"`, both with a reason. No environment variable is set,
 * only PATH is read, and where Deno grants no permission the probe does not make it ask for one.
 *
 * @throws {TypeError} on an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { probeHardware } from "@qsight/qsight/hardware";
 *
 * const { cpu, gpus } = await probeHardware();
 * assert.ok(cpu.usable >= 1);
 * if (gpus.status !== "ok") assert.ok(gpus.reason.length > 0);
 * ```
 */
export function probeHardware(options: ProbeHardwareOptions = {}): Promise<HardwareSnapshot> {
  checkOptions("probeHardware()", options, ["refresh", "timeout", "sources"]);
  const { refresh = false, timeout = 5000, sources } = options;
  if (sources !== undefined) return look({ ...hostSources(), ...sources }, timeout);
  if (refresh || cached === undefined) cached = look(hostSources(), timeout);
  return cached;
}

async function look(sources: HardwareSources, milliseconds: number): Promise<HardwareSnapshot> {
  const start = sources.now();
  const sleep = sources.sleep;
  const probe = <T>(body: () => Promise<Probe<T>> | Probe<T>) =>
    within({ milliseconds, sleep }, body);
  const readText = (path: string) => sources.readText(path);
  // A second program gets what the first left, so that none outlives the deadline of its probe.
  const left = () => Math.max(1, milliseconds - (sources.now() - start));
  const [logical, affinity, cgroupLimit, total, available, cgroupMemory, ...others] = await Promise
    .all([
      probe(() => probeLogicalCpus(() => sources.logicalCpus())),
      probe(() => probeAffinity(readText)),
      probe(() => probeCgroupCpu(readText)),
      probe(() => probeTotalMemory(() => sources.totalMemory())),
      probe(() => probeAvailableMemory(readText, () => sources.freeMemory())),
      probe(() => probeCgroupMemory(readText)),
      probe(() => probeNvidia((command) => sources.run(command, left()))),
      probe(() => probeWebGpu(sources)),
      probe(() => probeContainer(readText)),
      probe(() => probeWsl(readText)),
    ]);
  const [gpus, webgpu, container, wsl] = others;
  return deepFreeze({
    cpu: { logical, affinity, cgroupLimit, ...usableCpus({ logical, affinity, cgroupLimit }) },
    memory: {
      totalBytes: total,
      availableBytes: believable(available, total),
      cgroupLimitBytes: cgroupMemory,
    },
    simd: probeSimd((module) => sources.validate(module)),
    gpus,
    webgpu,
    runtime: runtimeFacts(sources),
    platform: platformFacts(sources),
    container,
    wsl,
    milliseconds: Math.round(sources.now() - start),
  });
}

function platformFacts(sources: HardwareSources): HardwareSnapshot["platform"] {
  try {
    return sources.platform();
  } catch {
    return { os: "unknown", arch: "unknown", release: "unknown" };
  }
}
