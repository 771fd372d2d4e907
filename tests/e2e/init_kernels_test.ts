// What qsight init writes, used by Jupyter's own client instead of ours.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { initProject } from "../../src/doctor/templates/init_project.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

const PYTHON = "/usr/bin/python3";
const probe = await runCommand([PYTHON, "-c", "import nbclient, nbformat"], { timeout: 60_000 });
const missing = probe.status === "ok"
  ? missingProgram("node")
  : `${PYTHON} cannot import nbclient, nbformat`;

/** Runs one cell that prints so many lines, and says how many arrived. */
const COUNT = `
import sys, nbformat, nbclient
cell = nbformat.v4.new_code_cell("for (let i = 0; i < 2000; i++) console.log(i)")
notebook = nbformat.v4.new_notebook(cells=[cell])
try:
    nbclient.NotebookClient(notebook, kernel_name="tslab", timeout=60, iopub_timeout=20).execute()
except Exception as error:
    print(type(error).__name__, file=sys.stderr)
print(sum(output.get("text", "").count("\\n") for output in cell.outputs))
`;

testOrSkip(
  "the tslab kernel of qsight init loses no output under Jupyter's own client",
  missing,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
    try {
      await initProject(folder);
      const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
      await symlink(modules, join(folder, "node_modules"));
      const env = { ...process.env, JUPYTER_PATH: join(folder, "share/jupyter") };
      const lines = async () => {
        const result = await runCommand([PYTHON, "-c", COUNT], {
          timeout: 180_000,
          cwd: folder,
          env: env as Record<string, string>,
        });
        assert.equal(result.code, 0, result.stderr);
        return Number(result.stdout);
      };
      assert.equal(await lines(), 2000);
      // Without the file that the spec loads first, most of it is lost.
      const path = join(folder, "share/jupyter/kernels/tslab/kernel.json");
      const spec = JSON.parse(await readFile(path, "utf8"));
      const argv = spec.argv.filter((word: string) => !word.startsWith("--require="));
      assert.equal(argv.length, spec.argv.length - 1);
      await writeFile(path, JSON.stringify({ ...spec, argv }));
      assert.ok(await lines() < 2000);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
