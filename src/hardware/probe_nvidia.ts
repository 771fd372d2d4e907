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
  let fields: readonly string[] = [...FIELDS, "mig.mode.current"];
  let result = await query(fields);
  // Drivers before 450 do not know MIG and refuse the whole query.
  if (/not a valid field/i.test(result.stdout + result.stderr)) {
    fields = FIELDS;
    result = await query(fields);
  }
  const { status, stdout, stderr } = result;
  if (status === "absent") return absent("nvidia-smi is not installed");
  if (status === "timeout") return unknown("nvidia-smi did not answer before its deadline");
  const text = `${stdout}\n${stderr}`.trim();
  if (/No devices were found/i.test(text)) return absent("nvidia-smi: No devices were found");
  if (status === "failed" || /Failed to initialize NVML|has failed because/i.test(text)) {
    return unknown(`nvidia-smi: ${firstLine(text)}${remedy(text)}`);
  }
  const gpus = stdout.split(/\r?\n/).filter((line) => line.trim() !== "")
    .map((line) => parseRow(line, fields.length));
  if (gpus.some((gpu) => gpu === undefined)) {
    return unknown(`nvidia-smi answered in an unknown form: ${firstLine(text)}`);
  }
  const rows = gpus as Row[];
  if (rows.length === 0) return absent("nvidia-smi lists no GPU");
  const nothing: CommandResult = { status: "ok", code: 0, stdout: "", stderr: "" };
  const [list, header] = await Promise.all([
    rows.some((row) => row.migOn) ? run(["nvidia-smi", "-L"]) : nothing,
    run(["nvidia-smi", "-q", "-d", "COMPUTE"]), // No field of the query names the CUDA version.
  ]);
  const instances = migInstances(list);
  const cuda = /CUDA Version\s*:\s*(\d+\.\d+)/.exec(header.stdout)?.[1] ?? null;
  const value = rows.map((row) => toGpu({ ...row, cuda }, instances));
  return found(value, `nvidia-smi lists ${value.length}${contradiction(rows)}`);
}

interface Row extends Omit<Gpu, "mig" | "cuda"> {
  readonly migOn: boolean;
  /** Set where the free memory is more than there is. */
  readonly contradiction: boolean;
}

/** One GPU; undefined unless the line has one cell for each field, so that no comma shifts them. */
function parseRow(line: string, cells: number): Row | undefined {
  const row = line.split(",").map((cell) => cell.trim());
  const [index, name, total, free, driver, mig] = row;
  if (row.length !== cells || !/^\d+$/.test(index)) return undefined;
  if (mig !== undefined && !/^(?:Enabled|Disabled|\[.*\])$/.test(mig)) return undefined;
  const memoryBytes = mebibytes(total), freeBytes = mebibytes(free);
  const contradiction = memoryBytes !== null && freeBytes !== null && freeBytes > memoryBytes;
  return {
    index: Number(index),
    name,
    memoryBytes,
    freeBytes: contradiction ? null : freeBytes,
    driver: isSaid(driver) ? driver : null,
    migOn: mig === "Enabled",
    contradiction,
  };
}

function contradiction(rows: readonly Row[]): string {
  const odd = rows.filter((row) => row.contradiction).map(({ index }) => index);
  return odd.length === 0 ? "" : `; more free memory than there is on GPU ${odd.join(", ")}`;
}

/** Bytes of a cell in MiB; null for `[N/A]`, `[Not Supported]`, `ERR!` and the like. */
function mebibytes(cell: string): number | null {
  return /^\d+$/.test(cell) ? Number(cell) * 2 ** 20 : null;
}

function isSaid(cell: string): boolean {
  return cell !== "" && !/^\[|^ERR/.test(cell);
}

function toGpu(
  { migOn, contradiction: _, ...row }: Row & Pick<Gpu, "cuda">,
  instances: ReadonlyMap<number, string[]>,
): Gpu {
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
