import { isAbsolute, resolve } from "node:path";
import { checkOptions, unknownName } from "../../_internal/check_options.ts";
import { deepFreeze } from "../deep_freeze.ts";
import { errorText, type Probe, unknown, within } from "../probe.ts";
import { runtimeFacts } from "../runtime_facts.ts";
import type {
  DiskFacts,
  EnvironmentSnapshot,
  PortFacts,
  ProgramFacts,
  ProgramName,
} from "./environment_snapshot.ts";
import { type EnvironmentSources, hostEnvironment } from "./environment_sources.ts";
import { probeDisk } from "./probe_disk.ts";
import { probeFonts } from "./probe_fonts.ts";
import { probeKernels } from "./probe_kernels.ts";
import { probePermissions } from "./probe_permissions.ts";
import { probePort } from "./probe_port.ts";
import { probeProgram, PROGRAMS } from "./probe_program.ts";
import { probePath, probeVariables } from "./probe_variables.ts";
import { probeVulkan } from "./probe_vulkan.ts";
import { probeWritable } from "./probe_writable.ts";

const OPTIONS = ["folder", "ports", "programs", "timeout", "sources"] as const;

/** Options of {@linkcode probeEnvironment}. */
export interface ProbeEnvironmentOptions {
  /** The folder whose disk and write permission are looked at. @default the current folder */
  readonly folder?: string;
  /** Loopback TCP ports to try; 0 is one that the system picks. @default {[0]} */
  readonly ports?: readonly number[];
  /** Programs to run for their version; the others are "unknown". @default all, about 0.5 s of CPU */
  readonly programs?: readonly ProgramName[];
  /** Deadline of each probe in milliseconds. @default {5000} */
  readonly timeout?: number;
  /** Replaces some or all sources. @default this machine */
  readonly sources?: Partial<EnvironmentSources>;
}

/**
 * What surrounds the process: programs and browsers with their versions, Jupyter kernels, fonts,
 * Vulkan, room and write permission of a folder, ports, Deno's permissions, and the variables that
 * steer them. Costlier than `probeHardware()`, since it runs the programs, and never cached, since
 * all of it may have changed. The probes run side by side, each with the same deadline.
 *
 * It does not throw for anything it finds, and where Deno grants no permission the probe is
 * `"unknown"` and does not make it ask for one. The only things it touches are a file of its own in
 * `folder`, made and removed, and the ports, bound and let go.
 *
 * @throws {TypeError} on an unknown option or program
 * @throws {RangeError} for a port that is no whole number from 0 to 65535
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { probeEnvironment } from "@qsight/qsight/hardware";
 *
 * const { programs, disk, permissions } = await probeEnvironment({ ports: [] });
 * if (programs.node.status === "ok") assert.match(programs.node.value.version, /^\d+\./);
 * else assert.ok(programs.node.reason.length > 0);
 * if (disk.status === "ok") assert.ok(disk.value.freeBytes <= disk.value.totalBytes);
 * assert.equal(permissions.status, "ok"); // "absent" in Node
 * ```
 */
export async function probeEnvironment(
  options: ProbeEnvironmentOptions = {},
): Promise<EnvironmentSnapshot> {
  checkOptions("probeEnvironment()", options, OPTIONS);
  const { ports = [0], programs: wanted = PROGRAMS, timeout: milliseconds = 5000 } = options;
  const odd = wanted.find((name) => !PROGRAMS.includes(name));
  if (odd !== undefined) {
    throw new TypeError(unknownName("probeEnvironment()", "program", odd, PROGRAMS));
  }
  const wrong = ports.find((port) => !Number.isInteger(port) || port < 0 || port > 65535);
  if (wrong !== undefined) {
    throw new RangeError(
      `probeEnvironment(): found the port ${wrong}; take a whole number from 0 to 65535`,
    );
  }
  const { run, ...others } = { ...hostEnvironment(), ...options.sources };
  const start = others.now();
  const sources = {
    ...others,
    milliseconds,
    // A program that begins late gets what is left, so that none outlives the deadline.
    run: (command: Command, deadline: number) =>
      run(command, Math.max(1, Math.min(deadline, milliseconds - (others.now() - start)))),
  };
  const probe = <T>(body: () => Promise<Probe<T>> | Probe<T>) =>
    within({ milliseconds, sleep: sources.sleep }, body);
  const [programs, kernels, fonts, vulkan, place, bound, path, variables, permissions] =
    await Promise.all([
      probePrograms(wanted, { sources, probe }),
      probe(() => probeKernels(sources)),
      probe(() => probeFonts(sources)),
      probe(() => probeVulkan(sources)),
      probeFolder(options.folder, { sources, probe }),
      Promise.all(ports.map(async (port): Promise<PortFacts> => ({
        port,
        free: await probe(() => probePort(port, sources)),
      }))),
      probe(() => probePath(sources)),
      probe(() => probeVariables(sources)),
      probe(() => probePermissions(sources)),
    ]);
  return deepFreeze({
    runtime: runtimeFacts(sources),
    path,
    variables,
    programs,
    kernels,
    fonts,
    vulkan,
    permissions,
    ...place,
    ports: bound,
    milliseconds: Math.round(sources.now() - start),
  });
}

type Command = Parameters<EnvironmentSources["run"]>[0];

interface Probing {
  readonly sources: EnvironmentSources & { readonly milliseconds: number };
  readonly probe: <T>(body: () => Promise<Probe<T>> | Probe<T>) => Promise<Probe<T>>;
}

async function probePrograms(
  wanted: readonly ProgramName[],
  { sources, probe }: Probing,
): Promise<EnvironmentSnapshot["programs"]> {
  const found = await Promise.all(PROGRAMS.map(async (name) =>
    [
      name,
      wanted.includes(name)
        ? await probe(() => probeProgram(name, sources))
        : unknown("Not asked for"),
    ] as const
  ));
  return Object.fromEntries(found) as Record<ProgramName, Probe<ProgramFacts>>;
}

async function probeFolder(
  asked: string | undefined,
  { sources, probe }: Probing,
): Promise<{ disk: Probe<DiskFacts>; writable: Probe<string> }> {
  let folder: string;
  try {
    folder = asked !== undefined && isAbsolute(asked)
      ? asked
      : resolve(sources.cwd(), asked ?? ".");
  } catch (error) {
    return { disk: unknown(errorText(error)), writable: unknown(errorText(error)) };
  }
  const [disk, writable] = await Promise.all([
    probe(() => probeDisk(folder, sources)),
    probe(() => probeWritable(folder, sources)),
  ]);
  return { disk, writable };
}
