import { digestFile, type FileDigest, isTemporary, listFiles } from "./file_digest.ts";
import type { GitState } from "./git_state.ts";
import { readLatest } from "./latest.ts";
import { chosenBackend, type Manifest, parseManifest, readManifest } from "./manifest.ts";
import { PIN } from "./pin_run.ts";
import { QSIGHT_VERSION } from "./qsight_version.ts";
import { stableJson } from "./stable_json.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import { join } from "node:path";

/** What is known from the start of a run. */
export interface RunFacts {
  readonly id: string;
  readonly folder: string;
  readonly name?: string;
  readonly seed: number;
  readonly config: unknown;
  readonly synthetic?: boolean;
  readonly estimatedSeconds?: number;
  readonly git: GitState | null;
  readonly started: Date;
}

/** What is known at its end. */
export interface EndFacts {
  readonly root: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly hardware: HardwareSnapshot;
  readonly ended: Date;
  readonly notes: readonly string[];
}

/** The manifest over all files now in the folder; checked like one that is read. */
export async function buildManifest(run: RunFacts, end: EndFacts): Promise<Manifest> {
  const { backend, data, lock, versions, status, kind, estimatedSeconds, ...facts } = end.facts;
  const files = await digestAll(run.folder);
  const estimated = estimatedSeconds ?? run.estimatedSeconds;
  const manifest = {
    schema: "qsight.run/1",
    kind: kind ?? "run",
    id: run.id,
    name: run.name ?? null,
    status: status ?? "finished",
    synthetic: run.synthetic ?? false,
    seed: run.seed,
    config: plain(run.config),
    configSha256: files.find(({ path }) => path === "config.json")?.sha256 ?? "",
    git: run.git,
    versions: { ...runVersions(end.hardware), ...plain(versions ?? {}) as Record<string, string> },
    hardware: plain(end.hardware),
    backend: plain(backend),
    backendChanged: await backendChanged(end.root, backend),
    data: plain(data),
    lock: plain(lock),
    started: run.started.toISOString(),
    ended: end.ended.toISOString(),
    duration: {
      estimatedSeconds: typeof estimated === "number" ? estimated : null,
      actualSeconds: Math.max(0, (end.ended.getTime() - run.started.getTime()) / 1000),
    },
    facts: plain(facts) as Record<string, unknown>,
    notes: [...end.notes],
    files,
  };
  return parseManifest(manifest, "finish()");
}

/** Versions that every run notes, whatever its caller adds. */
export function runVersions({ runtime }: HardwareSnapshot): Readonly<Record<string, string>> {
  return { qsight: QSIGHT_VERSION, [runtime.name]: runtime.version, v8: runtime.v8 };
}

/** Size and SHA-256 of all that belongs to a run: no links, no halves of writes, no pin. */
export async function digestAll(
  folder: string,
  except: readonly string[] = [],
): Promise<FileDigest[]> {
  const left = ["manifest.json", PIN, ...except];
  const digests = [];
  for (const { path, link } of await listFiles(folder)) {
    if (link || isTemporary(path) || left.includes(path)) continue;
    digests.push(await digestFile(folder, path));
  }
  return digests;
}

function plain(value: unknown): unknown {
  return JSON.parse(stableJson(value ?? null).text);
}

/** Whether the run before this one computed on another backend; null when either is not known. */
async function backendChanged(root: string, backend: unknown): Promise<boolean | null> {
  const before = await readLatest(root);
  if (before === undefined) return null;
  const previous = await readManifest(join(root, before)).catch(() => undefined);
  const [then, now] = [chosenBackend(previous?.backend), chosenBackend(backend)];
  return then === null || now === null ? null : then !== now;
}
