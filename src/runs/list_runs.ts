import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { sha256 } from "../_internal/sha256.ts";
import { listFiles } from "./file_digest.ts";
import { readLatest } from "./latest.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { isPinned } from "./pin_run.ts";
import { RUN_ID, timeOfId } from "./run_id.ts";
import { isAlive } from "./process_identity.ts";
import { readWriter } from "./run_writer.ts";

/**
 * How a run stands: the status in its manifest; or `running` while a process writes it; `unended` when
 * that process has gone without a manifest; `damaged` when the manifest cannot be read as one.
 */
export type RunStatus = Manifest["status"] | "running" | "unended" | "damaged";

/** A run folder under a root, as far as its manifest tells without looking into other files. */
export interface ListedRun {
  /** Name of the folder. */
  readonly id: string;
  /** Path of the folder. */
  readonly folder: string;
  /** How it stands. */
  readonly status: RunStatus;
  /** Null while there is none that can be read. */
  readonly manifest: Manifest | null;
  /** SHA-256 of the bytes of `manifest.json`; null without one. */
  readonly fingerprint: string | null;
  /** When it began, ISO 8601; from the name of the folder where nothing else tells. */
  readonly started: string | null;
  /** Size of all files: as the manifest says, counted where there is none. */
  readonly bytes: number;
  /** Whether retention must leave it alone. */
  readonly pinned: boolean;
  /** Whether `latest` names it. */
  readonly latest: boolean;
}

/** Options of {@linkcode listRuns}. */
export interface ListRunsOptions {
  /** Time by which runs on other machines count as left. @default the system clock */
  readonly now?: Date;
}

/** A run of another machine, whose processes cannot be seen, counts as running this long. */
const QUIET_HOURS = 24;
const AT_ONCE = 32;

/**
 * The runs directly under a root, newest first: folders with a manifest, and folders named like a
 * run that have none yet. Links, hidden folders and all else are passed over. Only manifests are
 * read, so that hundreds of runs take a moment. None when the root is missing.
 *
 * @throws {TypeError} on an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { listRuns, openRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: {} });
 * assert.equal((await listRuns(root))[0].status, "running");
 * await run.finish({});
 * assert.equal((await listRuns(root))[0].status, "finished");
 * ```
 */
export async function listRuns(
  root = "trained_model",
  options: ListRunsOptions = {},
): Promise<ListedRun[]> {
  checkOptions("listRuns()", options, ["now"]);
  const { now = new Date() } = options;
  const entries = await readdir(root, { withFileTypes: true }).catch((error) => {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name);
  const latest = await readLatest(root);
  const runs: ListedRun[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const batch = names.slice(at, at + AT_ONCE);
    const read = await Promise.all(batch.map((id) => readRun(root, { id, latest, now })));
    runs.push(...read.flatMap((run) => run ?? []));
  }
  return runs.sort(newestFirst);
}

/** One run folder; undefined when the folder is none of a run. */
export async function readRun(
  root: string,
  { id, latest, now }: {
    readonly id: string;
    readonly latest: string | undefined;
    readonly now: Date;
  },
): Promise<ListedRun | undefined> {
  const folder = join(root, id);
  const path = join(folder, "manifest.json");
  const kind = await lstat(path).catch(() => undefined);
  const about = { id, folder, latest: id === latest, pinned: await isPinned(folder) };
  if (kind === undefined) return await withoutManifest(root, { about, now });
  const started = timeOf(id);
  const damaged = { ...about, status: "damaged", manifest: null, bytes: kind.size } as const;
  // A link could show one content now and another one later.
  if (!kind.isFile()) return { ...damaged, fingerprint: null, started };
  const text = await readFile(path, "utf8");
  const fingerprint = sha256(text);
  try {
    const manifest = parseManifest(JSON.parse(text), path);
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, kind.size);
    const { status, started } = manifest;
    return { ...about, status, manifest, fingerprint, started, bytes };
  } catch {
    return { ...damaged, fingerprint, started };
  }
}

async function withoutManifest(
  root: string,
  { about, now }: {
    readonly about: Pick<ListedRun, "id" | "folder" | "latest" | "pinned">;
    readonly now: Date;
  },
): Promise<ListedRun | undefined> {
  const { id, folder } = about;
  const writer = await readWriter(root, id);
  if (writer === undefined && !RUN_ID.test(id)) return undefined;
  const { bytes, newest } = await measure(folder);
  const alive = writer === undefined ? undefined : await isAlive(writer);
  const quiet = now.getTime() - newest > QUIET_HOURS * 3_600_000;
  const status = alive ?? !quiet ? "running" : "unended";
  const started = writer?.started ?? timeOf(id);
  return { ...about, status, manifest: null, fingerprint: null, started, bytes };
}

/** Size of all files, and when the last of them was written, in milliseconds. */
async function measure(folder: string): Promise<{ bytes: number; newest: number }> {
  let bytes = 0, newest = 0;
  for (const path of ["", ...(await listFiles(folder)).map((file) => file.path)]) {
    // Temporary files leave while we look.
    const kind = await lstat(join(folder, path)).catch(() => undefined);
    if (kind === undefined) continue;
    if (kind.isFile()) bytes += kind.size;
    newest = Math.max(newest, kind.mtimeMs);
  }
  return { bytes, newest };
}

function timeOf(id: string): string | null {
  return RUN_ID.test(id) ? timeOfId(id) ?? null : null;
}

/** Names settle what began at the same moment, so that the order never depends on the disk. */
function newestFirst(a: ListedRun, b: ListedRun): number {
  const [first, second] = [a, b].map(({ started }) => started ?? "");
  if (first !== second) return first < second ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
