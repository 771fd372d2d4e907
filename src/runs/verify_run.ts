import { digestFile, isTemporary, listFiles } from "./file_digest.ts";
import { ManifestError, readManifest } from "./manifest.ts";

/** A file of a run folder that is not as the manifest says. */
export interface VerifyFinding {
  /** Path inside the run folder. */
  readonly path: string;
  /** Named but gone, other content than then, or not named. */
  readonly status: "missing" | "changed" | "extra";
  /** What was found, for a person. */
  readonly detail: string;
}

/**
 * Compares a run folder with its manifest: every file by size and SHA-256. An empty list means
 * that the run is whole and untouched. Links are not followed.
 *
 * @throws {Error} when the folder cannot be read
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openRun, verifyRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: {} });
 * await run.finish({});
 * assert.deepEqual(await verifyRun(run.folder), []);
 * ```
 */
export async function verifyRun(folder: string): Promise<VerifyFinding[]> {
  const present = await listFiles(folder);
  let files;
  try {
    ({ files } = await readManifest(folder));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const status = present.some(({ path }) => path === "manifest.json") ? "changed" : "missing";
    return [{ path: "manifest.json", status, detail: error.message }];
  }
  const findings: VerifyFinding[] = [];
  const links = new Map(present.map(({ path, link }) => [path, link]));
  for (const { path, bytes, sha256 } of files) {
    const link = links.get(path);
    if (link === undefined) {
      findings.push({ path, status: "missing", detail: `${bytes} bytes, SHA-256 ${sha256}` });
    } else if (link) {
      findings.push({ path, status: "changed", detail: "a link stands in place of the file" });
    } else {
      const now = await digestFile(folder, path);
      if (now.sha256 !== sha256) {
        const detail = `${bytes} bytes then, ${now.bytes} now; SHA-256 ${now.sha256}`;
        findings.push({ path, status: "changed", detail });
      }
    }
  }
  const known = new Set(["manifest.json", ...files.map(({ path }) => path)]);
  for (const { path } of present) {
    if (known.has(path)) continue;
    const detail = isTemporary(path)
      ? "left by a write that was stopped; safe to delete"
      : "not in the manifest";
    findings.push({ path, status: "extra", detail });
  }
  return findings;
}
