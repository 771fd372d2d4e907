import { lstat, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { VerifyFinding } from "./compare_run.ts";
import { type FileDigest, isTemporary } from "./file_digest.ts";
import { parseManifest, writeManifest } from "./manifest.ts";

/** A temporary file that was not written to for so long belongs to nobody. */
const QUIET_MINUTES = 60;

/** Makes the manifest of an ended run say what is there; gives the findings with what was done. */
export async function repairFiles(
  folder: string,
  { findings, now }: { readonly findings: readonly VerifyFinding[]; readonly now: Date },
): Promise<VerifyFinding[]> {
  const path = join(folder, "manifest.json");
  const raw = JSON.parse(await readFile(path, "utf8")) as object;
  const { files, damaged = [], notes } = parseManifest(raw, path);
  const find = (list: readonly FileDigest[], file: string) =>
    list.find((digest) => digest.path === file);
  const off = new Map<string, FileDigest>(), on = new Map<string, FileDigest>();
  const out: VerifyFinding[] = [];
  for (const finding of findings) {
    const [listed, lost] = [find(files, finding.path), find(damaged, finding.path)];
    let repaired: string | undefined;
    if (finding.status !== "extra" && listed !== undefined) {
      off.set(finding.path, listed);
      repaired = finding.status === "missing"
        ? "taken off the manifest"
        : "taken off the manifest; the file stays and is not called whole";
    } else if (finding.status === "extra" && lost !== undefined) {
      on.set(finding.path, lost);
      repaired = "on the manifest again";
    } else if (await removeStopped(folder, finding.path, now)) repaired = "removed";
    out.push(repaired === undefined ? finding : { ...finding, repaired });
  }
  if (off.size + on.size > 0) {
    const next = {
      ...raw,
      notes: [...notes, ...notesOf(findings, { off, on })],
      files: sorted([...files.filter((file) => !off.has(file.path)), ...on.values()]),
      damaged: sorted([...damaged.filter((file) => !on.has(file.path)), ...off.values()]),
    };
    await writeManifest(folder, next);
  }
  return out;
}

function notesOf(
  findings: readonly VerifyFinding[],
  { off, on }: {
    readonly off: ReadonlyMap<string, FileDigest>;
    readonly on: ReadonlyMap<string, FileDigest>;
  },
): string[] {
  return findings.flatMap(({ path, status }) =>
    off.has(path)
      ? [`Repaired: ${path} was ${status}, taken off the files`]
      : on.has(path)
      ? [`Repaired: ${path} is back as the run wrote it`]
      : []
  );
}

function sorted(files: readonly FileDigest[]): FileDigest[] {
  return [...files].sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Removes a half of a write, unless somebody may be at it. */
async function removeStopped(folder: string, path: string, now: Date): Promise<boolean> {
  if (!isTemporary(path)) return false;
  const kind = await lstat(join(folder, path)).catch(() => undefined);
  if (kind === undefined || now.getTime() - kind.mtimeMs < QUIET_MINUTES * 60_000) return false;
  await rm(join(folder, path), { force: true });
  return true;
}
