import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { GitState } from "../runs/git_state.ts";
import { type Manifest, ManifestError, readManifest } from "../runs/manifest.ts";
import { type MetricsRow, readMetrics, readTimings } from "../runs/metrics_rows.ts";
import { readWriter } from "../runs/run_writer.ts";
import {
  arrayOf,
  type JsonObject,
  numberOf,
  objectOf,
  type Read,
  readJson,
  textOf,
  under,
} from "./json_access.ts";

/** A folder that is no run, so that there is nothing to report. */
export class ReportError extends Error {
  /** Name of the class, for a cell that shows nothing else. */
  override readonly name = "ReportError";
}

/** What is known of a run: from its manifest, or, before there is one, from its folder and its caller. */
export interface RunRecord {
  readonly folder: string;
  readonly id: string;
  readonly name: string | undefined;
  /** `finished`, `interrupted`, `failed`, or `not ended`. */
  readonly status: string;
  /** Why there is no manifest, in words; undefined where there is one. */
  readonly noManifest: string | undefined;
  readonly manifest: Manifest | undefined;
  readonly synthetic: boolean | undefined;
  readonly seed: number | undefined;
  readonly git: GitState | undefined;
  /** ISO 8601, UTC. */
  readonly started: string | undefined;
  readonly seconds: number | undefined;
  readonly estimatedSeconds: number | undefined;
  readonly config: Read<unknown>;
  readonly versions: JsonObject;
  readonly hardware: unknown;
  readonly backend: unknown;
  readonly data: unknown;
  readonly lock: unknown;
  /** What else is known, e.g. `metrics`, `parameters`, `sampler`. */
  readonly facts: JsonObject;
  readonly notes: readonly string[];
  readonly rows: readonly MetricsRow[];
  /** Why there are no rows, in words. */
  readonly noRows: string | undefined;
  /** Sum over the epochs of `timings.jsonl`. */
  readonly epochSeconds: number | undefined;
}

/**
 * Reads what a run folder says of itself. Whatever is missing or broken is words in the result.
 *
 * @param given facts of a run that has no manifest yet
 * @throws {ReportError} when the folder does not exist or holds nothing of a run
 */
export async function loadRunRecord(folder: string, given: JsonObject = {}): Promise<RunRecord> {
  await checkFolder(folder);
  const { manifest, missing } = await manifestOf(folder);
  const config = manifest !== undefined
    ? { value: manifest.config }
    : await readJson(join(folder, "config.json"), "config.json");
  const { rows, missing: noRows } = await rowsOf(folder);
  const id = manifest?.id ?? basename(resolve(folder));
  const known: JsonObject = manifest === undefined
    ? { ...await writerFacts(folder, id), ...given }
    : { ...manifest.facts, ...manifest };
  const text = (key: string) => textOf(under(known, key));
  return {
    folder,
    id,
    name: text("name"),
    status: text("status") ?? "not ended",
    noManifest: missing,
    manifest,
    synthetic: syntheticOf(known, rows),
    seed: numberOf(under(known, "seed")) ?? numberOf(under(config.value, "seed")),
    git: gitOf(under(known, "git")),
    started: text("started") ?? timeOf(id),
    seconds: numberOf(under(known, "duration", "actualSeconds")),
    estimatedSeconds: numberOf(under(known, "duration", "estimatedSeconds")) ??
      numberOf(under(known, "estimatedSeconds")),
    config,
    versions: objectOf(under(known, "versions")),
    hardware: under(known, "hardware"),
    backend: under(known, "backend"),
    data: under(known, "data"),
    lock: under(known, "lock"),
    facts: manifest?.facts ?? given,
    notes: [...manifest?.notes ?? [], ...damageNotes(manifest)],
    rows,
    noRows,
    epochSeconds: await epochSeconds(folder),
  };
}

/** What the manifest of a run that is open will say of how it began. */
async function writerFacts(folder: string, id: string): Promise<JsonObject> {
  const writer = await readWriter(dirname(resolve(folder)), id);
  if (writer === undefined) return {};
  const { seed, name, synthetic, started, git } = writer;
  return { seed, name, synthetic, started, git };
}

const SIGNS = ["manifest.json", "config.json", "metrics.jsonl", "reports", "checkpoints"];

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  const signs = await Promise.all(
    SIGNS.map((name) => stat(join(folder, name)).then(() => true, () => false)),
  );
  if (found?.isDirectory() && signs.includes(true)) return;
  const what = found === undefined
    ? "no such folder"
    : found.isDirectory()
    ? `none of ${SIGNS.join(", ")} in it`
    : "a file";
  throw new ReportError(
    `Run folder ${folder}: found ${what}, wanted the folder of a run. ` +
      "Pass one such as trained_model/<run-id>; qsight runs list names them",
  );
}

async function manifestOf(folder: string): Promise<{ manifest?: Manifest; missing?: string }> {
  try {
    return { manifest: await readManifest(folder) };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const exists = await stat(join(folder, "manifest.json")).then(() => true, () => false);
    return {
      missing: exists
        ? `Its manifest cannot be used: ${error.message}.`
        : "There is no manifest.json: when this page was written, the run had not ended.",
    };
  }
}

async function rowsOf(folder: string): Promise<{ rows: MetricsRow[]; missing?: string }> {
  try {
    const read: unknown[] = await readMetrics(folder);
    const rows = read.filter((row): row is MetricsRow => {
      const { stage, epoch, split, head } = objectOf(row);
      return [stage, split, head].every((name) => typeof name === "string") &&
        Number.isFinite(epoch);
    });
    return rows.length > 0 ? { rows } : { rows, missing: "There are no rows in metrics.jsonl." };
  } catch (error) {
    return { rows: [], missing: `metrics.jsonl cannot be read: ${(error as Error).message}.` };
  }
}

async function epochSeconds(folder: string): Promise<number | undefined> {
  const rows: unknown[] = await readTimings(folder).catch(() => []);
  const seconds = rows.map((row) => numberOf(under(row, "seconds")) ?? 0);
  return rows.length === 0 ? undefined : seconds.reduce((sum, value) => sum + value, 0);
}

/** A repair keeps the digests of what it found missing or changed. */
function damageNotes(manifest: Manifest | undefined): string[] {
  const damaged = arrayOf(under(manifest, "damaged"));
  const names = damaged.slice(0, 10).map((file) => textOf(under(file, "path")) ?? "?");
  if (damaged.length === 0) return [];
  return [`Files missing or changed since the run ended: ${damaged.length} (${names.join(", ")})`];
}

/** Rows say it too: an interrupted run must not pass for one on photographs. */
function syntheticOf(known: JsonObject, rows: readonly MetricsRow[]): boolean | undefined {
  if (rows.some((row) => row.synthetic === true)) return true;
  const said = under(known, "synthetic") ?? under(known, "data", "synthetic");
  return typeof said === "boolean" ? said : undefined;
}

function gitOf(value: unknown): GitState | undefined {
  const commit = textOf(under(value, "commit"));
  return commit === undefined
    ? undefined
    : { commit, branch: textOf(under(value, "branch")) ?? null };
}

/** A run id begins with its time: 20260131-235959-999. */
function timeOf(id: string): string | undefined {
  const [, y, m, d, h, min, s, ms] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})/.exec(id) ??
    [];
  return y === undefined ? undefined : `${y}-${m}-${d}T${h}:${min}:${s}.${ms}Z`;
}
