// What the tslab kernel does otherwise than Jupyter says, and what is made of it.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../../../src/runner/execute/execute_options.ts";
import type { CodeCell } from "../../../src/runner/notebook/nbformat.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";
import { runFreshKernels } from "../execute/fresh_kernels.ts";
import { missingTslab, withTslab } from "./tslab.ts";

/** Where node_modules/@types/node is found: without it every cell of tslab fails. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

async function run(cells: string[], options: ExecuteNotebookOptions = {}) {
  const patient = { kernel: "tslab", timeout: 120_000, cwd: ROOT };
  const result = await executeNotebook(fromCells(...cells), { ...patient, ...options });
  const statuses = result.cells.map(({ status }) => status);
  return { ...result, statuses, outputs: shortOutputs(result.notebook) };
}

testOrSkip(
  "a tslab cell prints its result, and displays",
  missingTslab,
  () =>
    withTslab(async () => {
      const { status, outputs, notebook } = await run([
        "const a: number = 6; a * 7",
        `import { display } from "tslab"; display.html("<b>x</b>"); console.log("b");`,
      ]);
      assert.equal(status, "ok");
      assert.deepEqual(outputs[0], ["42\n"]);
      const [shown, printed] = (notebook.cells[1] as CodeCell).outputs;
      assert(shown.output_type === "display_data" && shown.data["text/html"] === "<b>x</b>");
      assert(printed.output_type === "stream" && printed.text === "b\n");
    }),
);

testOrSkip(
  "a flood of prints of a tslab cell arrives whole",
  missingTslab,
  () =>
    withTslab(async () => {
      const { outputs, warnings } = await run([
        "for (let i = 0; i < 3000; i++) console.log(i);",
        `console.log("next")`,
      ]);
      const numbers = Array.from({ length: 3000 }, (_, i) => `${i}\n`).join("");
      assert.deepEqual(outputs, [[numbers], ["next\n"]]);
      assert.deepEqual(warnings, []);
    }),
);

testOrSkip(
  "an error of a tslab cell gets the name and text that it printed",
  missingTslab,
  () =>
    withTslab(async () => {
      const thrown = await run([`throw new TypeError("wrong shape")`]);
      assert.equal(thrown.status, "error");
      assert.match(thrown.error?.message ?? "", /^Cell 0 failed with TypeError: wrong shape\n/);
      const typed = await run([`const x: number = "s";`]);
      assert.match(typed.error?.message ?? "", /1:7 - Type 'string' is not assignable/);
    }),
);

testOrSkip(
  "a tslab cell behind an allowed error is run, though tslab turns it away at first",
  missingTslab,
  () =>
    withTslab(async () => {
      const cells = ["throw new Error('first')", `console.log("runs")`];
      const { status, statuses, outputs } = await run(cells, { allowErrors: true });
      assert.equal(status, "ok");
      assert.deepEqual(statuses, ["allowed_error", "ok"]);
      assert.deepEqual(outputs[1], ["runs\n"]);
    }),
);

testOrSkip(
  "a tslab cell that takes too long is interrupted",
  missingTslab,
  () =>
    withTslab(async () => {
      for (const endless of ["while (true);", "await new Promise(() => {});"]) {
        const cells = [`console.log("begun"); ${endless}`, "2"];
        const { status, statuses } = await run(cells, { timeout: 3000 });
        assert.equal(status, "timeout");
        assert.deepEqual(statuses, ["timeout", "not_run"]);
      }
    }),
);

testOrSkip(
  "no output of fresh tslab kernels is lost or misplaced",
  missingTslab,
  () => withTslab(() => runFreshKernels(20, "tslab")),
);
