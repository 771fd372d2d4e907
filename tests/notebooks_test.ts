// Every notebook that is shipped must run from its first cell to its last.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { executeNotebook } from "../src/runner/execute/execute_notebook.ts";
import { testParameters } from "./_tools/test_parameters.ts";
import { fixture } from "./runner/_fixture.ts";

const FOLDER = fileURLToPath(new URL("../notebooks/", import.meta.url));
const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".ipynb")).sort();

for (const path of [fixture("ok"), ...names.map((name) => join(FOLDER, name))]) {
  Deno.test(`${path.slice(path.lastIndexOf("/") + 1)} runs from first to last cell`, async () => {
    const out = await mkdtemp(join(tmpdir(), "qsight-test-"));
    try {
      const result = await executeNotebook(path, {
        kernel: "deno",
        parameters: await testParameters(path, out),
        notebookTimeout: 10 * 60_000,
      });
      assert.equal(result.error?.message, undefined);
      assert.equal(result.status, "ok");
      assert(result.cells.some(({ status }) => status === "ok"));
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
}
