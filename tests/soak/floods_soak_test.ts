// Outputs beyond all bounds at the limits that hold when nobody sets others.
import assert from "node:assert/strict";
import process from "node:process";
import { runCommand } from "../../src/_internal/run_command.ts";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { fromCells } from "../runner/_fixture.ts";

const PYTHON = "/usr/bin/python3";
const probe = await runCommand([PYTHON, "-c", "import ipykernel"], { timeout: 60_000 });
const missing = probe.status === "ok" ? undefined : `${PYTHON} cannot import ipykernel`;

const DISPLAY = `Deno.jupyter.broadcast("display_data", ` +
  `{ data: { "text/plain": "x" }, metadata: {}, transient: {} });`;

/** By kernel and name, cells that never end, or put out 200 MB at once. */
const FLOODS: readonly (readonly ["deno" | "python3", string, string])[] = [
  ["deno", "200 MB displayed", `${DISPLAY.replace('"x"', '"x".repeat(200e6)')} 1`],
  ["deno", "200 MB printed", `console.log("x".repeat(200e6));`],
  ["deno", "an endless printer", `while (true) console.log("x".repeat(100));`],
  ["deno", "an endless displayer", `while (true) { ${DISPLAY} }`],
  ["python3", "200 MB printed", "print('x' * 200_000_000)"],
  ["python3", "an endless printer", "while True: print('x' * 100)"],
  ["python3", "an endless displayer", "while True: display('x' * 1000)"],
];

for (const [kernel, name, cell] of FLOODS) {
  testOrSkip(
    `executeNotebook() ends ${name} on ${kernel} with bounded memory and a clear verdict`,
    kernel === "python3" ? missing : undefined,
    async () => {
      const result = await executeNotebook(fromCells(cell, "2"), { kernel, timeout: 300_000 });
      assert.match(result.status, /^(?:error|output_limit)$/);
      assert.match(result.error?.message ?? "", /maxOutputBytes/);
      assert.equal(result.cells[1].status, "not_run");
      assert(result.peakMemoryBytes < 2e9, `the kernel held ${result.peakMemoryBytes}`);
      const { rss } = process.memoryUsage();
      assert(rss < 2e9, `the runner holds ${rss}`);
    },
  );
}
