import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, Status } from "../../src/doctor/finding.ts";
import { reportExitCode } from "../../src/doctor/report.ts";
import { examine } from "../../src/doctor/run_doctor.ts";
import type { SceneOptions } from "../../src/doctor/scene.ts";

/** The folder of this project, which is the package that is examined elsewhere too. */
export const ROOT = new URL("../../", import.meta.url);

/** Files by their path; a value that is no text or bytes is written as JSON. */
export type ProjectFiles = Readonly<Record<string, unknown>>;

/** Runs the test with a project of these files, that is gone afterwards. */
export async function inProject(
  files: ProjectFiles,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    await writeProject(folder, files);
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the files. */
export async function writeProject(folder: string, files: ProjectFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const asIs = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(file, asIs ? content : JSON.stringify(content));
  }
}

/** The findings of one check. */
export async function findingsOf(
  code: string,
  folder: string,
  scene: Partial<SceneOptions> = {},
): Promise<Finding[]> {
  const whole = { cwd: folder, root: ROOT, ...scene };
  const { findings } = await examine(whole, { checks: [code] });
  assert.ok(findings.length > 0, `${code} found nothing, not even that all is well`);
  for (const { status, remedy, found } of findings) {
    assert.ok(status === "ok" || status === "skipped" || remedy !== null, `no remedy: ${found}`);
  }
  return [...findings];
}

/** Says that a check finds exactly one thing, how it stands, and that the exit code tells. */
export async function assertFinding(
  code: string,
  folder: string,
  { status, found, ...scene }: Partial<SceneOptions> & {
    readonly status: Status;
    readonly found: RegExp;
  },
): Promise<Finding> {
  const findings = await findingsOf(code, folder, scene);
  const listed = findings.map((finding) => `${finding.status}: ${finding.found}`).join("\n");
  const match = findings.find((finding) => found.test(finding.found));
  assert.ok(match !== undefined, listed);
  assert.equal(match.status, status, listed);
  const wanted = { failure: 2, warning: 1, skipped: 1, ok: 0 }[status];
  assert.equal(reportExitCode({ findings: [match] }, { strict: true }), wanted);
  return match;
}

/** An import map entry for this package at a folder. */
export function ownImport(root: URL | string = ROOT): Record<string, string> {
  const base = typeof root === "string" ? pathToFileURL(join(root, "/")) : root;
  return { "@qsight/qsight": new URL("mod.ts", base).href };
}
