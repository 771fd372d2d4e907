import { digestFile, type FileDigest, isTemporary, listFiles } from "./file_digest.ts";
import { type Manifest, ManifestError, readManifest } from "./manifest.ts";
import { PIN } from "./pin_run.ts";

/** A file of a run folder that is not as the manifest says. */
export interface VerifyFinding {
  /** Path inside the run folder. */
  readonly path: string;
  /** Named but gone, other content than then, or not named. */
  readonly status: "missing" | "changed" | "extra";
  /** What was found, for a person. */
  readonly detail: string;
  /** What a repair did about it. @default nothing */
  readonly repaired?: string;
}

/** Compares a run folder with its manifest, every file by its SHA-256. Links are not followed. */
export async function compareRun(folder: string): Promise<VerifyFinding[]> {
  const present = await listFiles(folder);
  let manifest: Manifest;
  try {
    manifest = await readManifest(folder);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const status = present.some(({ path }) => path === "manifest.json") ? "changed" : "missing";
    return [{ path: "manifest.json", status, detail: error.message }];
  }
  const { files, damaged = [] } = manifest;
  const links = new Map(present.map(({ path, link }) => [path, link]));
  const findings: VerifyFinding[] = [];
  for (const file of files) findings.push(...await compareFile(folder, file, links));
  const known = new Set(["manifest.json", PIN, ...files.map(({ path }) => path)]);
  const before = new Map(damaged.map((file) => [file.path, file]));
  for (const { path } of present) {
    if (!known.has(path)) findings.push(await extraFile(folder, path, { links, before }));
  }
  return findings;
}

async function compareFile(
  folder: string,
  { path, bytes, sha256 }: FileDigest,
  links: ReadonlyMap<string, boolean>,
): Promise<VerifyFinding[]> {
  const link = links.get(path);
  if (link === undefined) {
    return [{ path, status: "missing", detail: `${bytes} bytes, SHA-256 ${sha256}` }];
  }
  if (link) return [{ path, status: "changed", detail: "a link stands in place of the file" }];
  const now = await digestFile(folder, path);
  if (now.sha256 === sha256) return [];
  const detail = `${bytes} bytes then, ${now.bytes} now; SHA-256 ${now.sha256}`;
  return [{ path, status: "changed", detail }];
}

async function extraFile(
  folder: string,
  path: string,
  { links, before }: {
    readonly links: ReadonlyMap<string, boolean>;
    readonly before: ReadonlyMap<string, FileDigest>;
  },
): Promise<VerifyFinding> {
  const then = before.get(path);
  if (then !== undefined) {
    // A repair took it off the manifest; that does not make it whole.
    const [finding] = await compareFile(folder, then, links);
    return finding ?? { path, status: "extra", detail: "lost once, and back as the run wrote it" };
  }
  const detail = isTemporary(path)
    ? "left by a write that was stopped; safe to delete"
    : "not in the manifest";
  return { path, status: "extra", detail };
}
