import { lstat, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { digestAll } from "./build_manifest.ts";
import { listFiles } from "./file_digest.ts";
import { endLines } from "./json_lines.ts";
import { readRun } from "./list_runs.ts";
import { parseManifest, writeManifest } from "./manifest.ts";
import { readMetrics, toHistory } from "./metrics_rows.ts";
import { QSIGHT_VERSION } from "./qsight_version.ts";
import { markEnded, readWriter } from "./run_writer.ts";
import { stableJson } from "./stable_json.ts";
import { isWholeFile } from "./whole_file.ts";
import { settleAll } from "./write_folder.ts";

/** What became of the repair of a run without a manifest. */
export interface Rebuilt {
  /** What was done; missing when nothing was. */
  readonly repaired?: string;
  /** Why nothing was done. */
  readonly detail?: string;
}

/**
 * Gives a run whose process was killed a manifest: status `interrupted`, over the files that are
 * whole as far as their formats tell. Settles what the kill left between two states first. What
 * only the process knew (hardware, backend, data) stays null.
 */
export async function rebuildManifest(folder: string, now: Date): Promise<Rebuilt> {
  const path = resolve(folder);
  const [root, id] = [dirname(path), basename(path)];
  const run = await readRun(root, { id, latest: undefined, now });
  const writer = await readWriter(root, id);
  if (run?.status === "running") {
    const who = writer === undefined
      ? "it was written to lately"
      : `by ${writer.pid} on ${writer.host}`;
    return { detail: `The run is being written (${who}): repair it when that has ended` };
  }
  const config = await readConfig(path);
  const seed = writer?.seed ?? (config as { readonly seed?: unknown } | null | undefined)?.seed;
  if (config === undefined || !Number.isSafeInteger(seed)) {
    const lacks = config === undefined ? "config.json cannot be read" : "its seed is not known";
    return { detail: `The run has no manifest, and none can be made: ${lacks}. Start it again` };
  }
  // Before anything is settled: that is a write as well.
  const ended = new Date(Math.max(Date.parse(run?.started ?? "") || 0, await lastWrite(path)));
  const damaged = await settleFiles(path);
  const files = await digestAll(path, damaged);
  const started = run?.started ?? ended.toISOString();
  const manifest = parseManifest({
    ...{ schema: "qsight.run/1", kind: "run", id, name: writer?.name ?? null },
    ...{ status: "interrupted", synthetic: writer?.synthetic ?? false, seed, config },
    configSha256: files.find((file) => file.path === "config.json")?.sha256,
    git: writer?.git ?? null,
    versions: { qsight: QSIGHT_VERSION },
    ...{ hardware: null, backend: null, backendChanged: null, data: null, lock: null },
    ...{ started, ended: ended.toISOString() },
    duration: {
      estimatedSeconds: null,
      actualSeconds: (ended.getTime() - Date.parse(started)) / 1000,
    },
    facts: {},
    notes: [
      `Repaired at ${now.toISOString()}: the run ended without a manifest; versions are those of the ` +
      `repair, hardware, backend and data are not known`,
      ...writer === undefined ? ["Repaired: whether images were synthetic is not known"] : [],
      ...damaged.map((file) => `Repaired: ${file} is not whole, left out of the files`),
    ],
    files,
  }, "verifyRun()");
  await writeManifest(path, manifest);
  await markEnded(root, id);
  const left = damaged.length === 0 ? "" : `; ${damaged.length} that are not whole were left out`;
  return { repaired: `written over ${files.length} files${left}` };
}

/** Ends what a kill began; gives the files that are not whole. */
async function settleFiles(folder: string): Promise<string[]> {
  await settleAll(folder);
  const names = (await listFiles(folder)).map(({ path }) => path);
  for (const name of ["metrics.jsonl", "timings.jsonl"].filter((name) => names.includes(name))) {
    await endLines(join(folder, name));
  }
  const damaged = [];
  for (const { path, link } of await listFiles(folder)) {
    if (!link && !await isWholeFile(folder, path)) damaged.push(path);
  }
  if (!names.includes("history.json") && !damaged.includes("metrics.jsonl")) {
    const history = toHistory(await readMetrics(folder));
    await writeAtomic(join(folder, "history.json"), stableJson(history).text);
  }
  return damaged;
}

async function readConfig(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** When a file was last written, in milliseconds. */
async function lastWrite(folder: string): Promise<number> {
  const times = [];
  for (const { path } of await listFiles(folder)) {
    times.push((await lstat(join(folder, path))).mtimeMs);
  }
  return Math.floor(Math.max(0, ...times));
}
