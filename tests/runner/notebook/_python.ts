// Debian's own nbformat, as the reference for what is valid and how old files are converted.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../src/_internal/run_command.ts";

const PYTHON = "/usr/bin/python3";
const probe = await runCommand([PYTHON, "-c", "import nbformat, yaml"], { timeout: 60_000 });

/** Why the comparisons cannot run here, or undefined where they can. */
export const missingNbformat = probe.status === "ok"
  ? undefined
  : `${PYTHON} cannot import nbformat and yaml`;

/** What a Python script prints that gets `input` as a JSON file in `sys.argv[1]`. */
export async function python(script: string, input: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const path = join(folder, "input.json");
    await writeFile(path, JSON.stringify(input));
    const { status, stdout, stderr } = await runCommand(
      [PYTHON, "-W", "ignore", "-c", script, path],
      { timeout: 300_000 },
    );
    assert.equal(status, "ok", stderr);
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
