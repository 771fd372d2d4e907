// The runner is a library for Node too: bundled, it must run a notebook there.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { fixture } from "./_fixture.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

testOrSkip("executeNotebook() runs under Node", missingProgram("node"), async () => {
  // Below node_modules: ignored by git.
  const folder = join(ROOT, "node_modules", ".qsight-test", crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  const esbuild = await import("esbuild");
  try {
    const outfile = join(folder, "runner.mjs");
    await esbuild.build({
      entryPoints: [join(ROOT, "src/runner/mod.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      outfile,
      logLevel: "silent",
    });
    const script = join(folder, "run.mjs");
    await writeFile(
      script,
      `import { executeNotebook } from ${JSON.stringify(outfile)};
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
  } finally {
    await esbuild.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
