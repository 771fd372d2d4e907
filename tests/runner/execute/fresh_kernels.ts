import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** How a cell displays a text. */
const DISPLAY = {
  deno: (text: string) => `await Deno.jupyter.display({ "text/plain": "${text}" }, { raw: true });`,
  tslab: (text: string) => `tslab.display.text("${text}");`,
};

/**
 * Starts so many kernels, two at a time, and runs 30 cells in each, which print, display and print
 * in bursts; throws at the first output that is lost, doubled or in another cell's place.
 */
export async function runFreshKernels(count: number, kernel: "deno" | "tslab"): Promise<void> {
  const cells = Array.from({ length: 30 }, (_, i) => source(i, DISPLAY[kernel]));
  if (kernel === "tslab") cells.unshift(`import * as tslab from "tslab";`);
  const notebook = fromCells(...cells);
  const expected = Array.from({ length: 30 }, (_, i) => outputs(i));
  if (kernel === "tslab") expected.unshift([]);
  const run = async (first: number) => {
    for (let round = first; round < count; round += 2) {
      const result = await executeNotebook(notebook, { kernel, timeout: 60_000, cwd: ROOT });
      assert.equal(result.error, undefined);
      assert.deepEqual(result.warnings, []);
      assert.deepEqual(shortOutputs(result.notebook), expected, `kernel ${round}`);
    }
  };
  await Promise.all([run(0), run(1)]);
}

function source(i: number, display: (text: string) => string): string {
  if (i % 3 === 0) return `console.log("line ${i}");`;
  if (i % 3 === 1) return display(`shown ${i}`);
  return `for (let k = 0; k < 60; k++) console.log("burst ${i}", k);`;
}

function outputs(i: number): string[] {
  if (i % 3 === 0) return [`line ${i}\n`];
  if (i % 3 === 1) return [`shown ${i}`];
  return [Array.from({ length: 60 }, (_, k) => `burst ${i} ${k}\n`).join("")];
}
