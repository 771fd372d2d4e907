import assert from "node:assert/strict";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { shortOutputs } from "../_fixture.ts";

/**
 * Starts so many kernels one after the other and runs 30 cells in each, which print, display and
 * print in bursts; throws at the first output that is lost, doubled or in another cell's place.
 */
export async function runFreshKernels(count: number): Promise<void> {
  const cells = Array.from({ length: 30 }, (_, i) => ({
    cell_type: "code",
    metadata: {},
    source: source(i),
  }));
  const notebook = parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  );
  const expected = cells.map((_, i) => outputs(i));
  for (let kernel = 0; kernel < count; kernel++) {
    const result = await executeNotebook(notebook, { kernel: "deno", timeout: 60_000 });
    assert.equal(result.error, undefined);
    assert.deepEqual(shortOutputs(result.notebook), expected, `kernel ${kernel}`);
  }
}

function source(i: number): string {
  if (i % 3 === 0) return `console.log("line ${i}");`;
  if (i % 3 === 1) {
    return `await Deno.jupyter.display({ "text/plain": "shown ${i}" }, { raw: true });`;
  }
  return `for (let k = 0; k < 60; k++) console.log("burst ${i}", k);`;
}

function outputs(i: number): string[] {
  if (i % 3 === 0) return [`line ${i}\n`];
  if (i % 3 === 1) return [`shown ${i}`];
  return [Array.from({ length: 60 }, (_, k) => `burst ${i} ${k}\n`).join("")];
}
