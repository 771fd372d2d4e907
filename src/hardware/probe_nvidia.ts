import type { CommandResult } from "../_internal/run_command.ts";
import { absent, found, type Probe, unknown } from "./probe.ts";
import type { Gpu } from "./snapshot.ts";

type Run = (command: readonly [string, ...string[]]) => Promise<CommandResult>;

const FIELDS = ["index", "name", "memory.total", "memory.free", "driver_version"] as const;

/**
 * NVIDIA GPUs by `nvidia-smi`. When the tool exists but cannot talk to the driver the answer is
 * "unknown": computing may still work, and a wrong "absent" would hide a fault that can be mended.
 */
export async function probeNvidia(run: Run): Promise<Probe<readonly Gpu[]>> {
  const query = (fields: readonly string[]) =>
    run(["nvidia-smi", `--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits"]);
  let result = await query([...FIELDS, "mig.mode.current"]);
  // Drivers before 450 do not know MIG and refuse the whole query.
  if (/not a valid field/i.test(result.stdout + result.stderr)) result = await query(FIELDS);
  const { status, stdout, stderr } = result;
  if (status === "absent") return absent("nvidia-smi is not installed");
  if (status === "timeout") return unknown("nvidia-smi did not answer before its deadline");
  const text = `${stdout}\n${stderr}`.trim();
  if (/No devices were found/i.test(text)) return absent("nvidia-smi: No devices were found");
  if (status === "failed" || /Failed to initialize NVML|has failed because/i.test(text)) {
    return unknown(`nvidia-smi: ${firstLine(text)}${remedy(text)}`);
  }
  const gpus = stdout.split(/\r?\n/).filter((line) => line.trim() !== "").map(parseRow);
  if (gpus.some((gpu) => gpu === undefined)) {
    return unknown(`nvidia-smi answered in an unknown form: ${firstLine(text)}`);
  }
  const rows = gpus as Row[];
  if (rows.length === 0) return absent("nvidia-smi lists no GPU");
  const instances = rows.some((row) => row.migOn)
    ? migInstances(await run(["nvidia-smi", "-L"]))
    : new Map<number, string[]>();
  const value = rows.map((row) => toGpu(row, instances));
  return found(value, `nvidia-smi lists ${value.length}`);
}

interface Row extends Omit<Gpu, "mig"> {
  readonly migOn: boolean;
}

function parseRow(line: string): Row | undefined {
  const [index, name, total, free, driver, mig] = line.split(",").map((cell) => cell.trim());
  if (driver === undefined || !/^\d+$/.test(index)) return undefined;
  return {
    index: Number(index),
    name,
    memoryBytes: mebibytes(total),
    freeBytes: mebibytes(free),
    driver: isSaid(driver) ? driver : null,
    migOn: mig === "Enabled",
  };
}

/** Bytes of a cell in MiB; null for `[N/A]`, `[Not Supported]`, `ERR!` and the like. */
function mebibytes(cell: string): number | null {
  return /^\d+$/.test(cell) ? Number(cell) * 2 ** 20 : null;
}

function isSaid(cell: string): boolean {
  return cell !== "" && !/^\[|^ERR/.test(cell);
}

function toGpu({ migOn, ...row }: Row, instances: ReadonlyMap<number, string[]>): Gpu {
  if (!migOn) return { ...row, mig: null };
  const mig = instances.get(row.index) ?? [];
  // A process sees one instance only: profile 1g.5gb has 5 GB.
  const gigabytes = mig.map((profile) => Number(/\.(\d+)gb/.exec(profile)?.[1] ?? NaN));
  const largest = Math.max(...gigabytes.filter((size) => size > 0));
  return { ...row, mig, memoryBytes: largest > 0 ? largest * 1e9 : null, freeBytes: null };
}

/** MIG profiles by GPU index, from the indented lines of `nvidia-smi -L`. */
function migInstances({ stdout }: CommandResult): Map<number, string[]> {
  const byGpu = new Map<number, string[]>();
  let gpu = -1;
  for (const line of stdout.split(/\r?\n/)) {
    gpu = Number(/^GPU (\d+):/.exec(line)?.[1] ?? gpu);
    const profile = /^\s+MIG (\S+)\s+Device/.exec(line)?.[1];
    if (profile !== undefined) byGpu.set(gpu, [...byGpu.get(gpu) ?? [], profile]);
  }
  return byGpu;
}

function firstLine(text: string): string {
  return text.split(/\r?\n/)[0].trim() || "no output";
}

function remedy(text: string): string {
  if (/version mismatch/i.test(text)) {
    return ". The driver was updated under a running kernel module: restart the machine";
  }
  if (/couldn't communicate/i.test(text)) return ". The kernel module is not loaded: check dmesg";
  return "";
}
