// What a kernel sends faster than this process reads it, as on a machine with other work.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { findKernel } from "../../../src/runner/kernels/kernel_spec.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";
import { missingTslab, withTslab } from "../kernels/tslab.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COUNT = 8000;
const noPython = await findKernel("python3").then(() => undefined, () => "no python3 kernel");

/** Runs the cell, reads nothing for three seconds after its first output, and gives all of them. */
async function readLate(cell: string, kernel: string) {
  const late = new Int32Array(new SharedArrayBuffer(4));
  let waits = true;
  const { notebook, status, warnings } = await executeNotebook(fromCells(cell), {
    ...{ kernel, cwd: ROOT, timeout: 240_000 },
    hooks: {
      onOutput: () => {
        if (waits) Atomics.wait(late, 0, 0, 3000);
        waits = false;
      },
    },
  });
  assert.equal(status, "ok");
  assert.deepEqual(warnings, []);
  return shortOutputs(notebook)[0].join("\n").split("\n").filter((line) => line !== "");
}

const NUMBERS = Array.from({ length: COUNT }, (_, i) => `${i}`);

testOrSkip("no display of IPython's kernel is lost when it is read late", noPython, async () => {
  const cell = `for i in range(${COUNT}): display(i)`;
  assert.deepEqual(await readLate(cell, "python3"), NUMBERS);
});

testOrSkip("no print of tslab is lost when it is read late", missingTslab, async () => {
  const cell = `for (let i = 0; i < ${COUNT}; i++) console.log(i);`;
  await withTslab(async () => assert.deepEqual(await readLate(cell, "tslab"), NUMBERS));
});

Deno.test("no print of Deno's kernel is lost when it is read late", async () => {
  const cell = `for (let i = 0; i < ${COUNT}; i++) console.log(i);`;
  assert.deepEqual(await readLate(cell, "deno"), NUMBERS);
});
