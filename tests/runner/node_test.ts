// The runner is a library for Node too: bundled, it must run a notebook there.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { runCommand } from "../../src/_internal/run_command.ts";
import { withNodeBundle } from "../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { fixture } from "./_fixture.ts";

testOrSkip("executeNotebook() runs under Node", missingProgram("node"), async () => {
  await withNodeBundle("src/runner/mod.ts", async ({ folder, module }) => {
    const script = join(folder, "run.mjs");
    await writeFile(
      script,
      `import { executeNotebook } from ${JSON.stringify(module)};
       const result = await executeNotebook(${
        JSON.stringify(fixture("error"))
      }, { kernel: "deno" });
       console.log(JSON.stringify([result.status, result.cells, result.notebook.cells[1].outputs]));`,
    );
    const path = `${dirname(Deno.execPath())}:${process.env.PATH}`;
    const env = { ...process.env as Record<string, string>, PATH: path };
    const { stdout, stderr, status } = await runCommand(["node", script], {
      timeout: 120_000,
      env,
    });
    assert.equal(status, "ok", stderr);
    const [verdict, cells, outputs] = JSON.parse(stdout);
    assert.equal(verdict, "error");
    assert.deepEqual(cells.map((cell: { status: string }) => cell.status), [
      "ok",
      "error",
      "not_run",
    ]);
    assert.equal(outputs[0].ename, "TypeError");
  });
});
