import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { runCommand } from "../../../src/_internal/run_command.ts";
import { withNodeBundle } from "../../_tools/node_bundle.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { folderWith, notebookOf } from "./_check.ts";

testOrSkip(
  "checkTypes() runs under Node, and says so where deno is not there",
  missingProgram("node"),
  async () => {
    await using notebooks = await folderWith();
    await withNodeBundle("src/runner/typecheck/check_types.ts", async ({ folder, module }) => {
      const script = join(folder, "run.mjs");
      const files = [{
        path: join(notebooks.path, "a.ipynb"),
        notebook: notebookOf(["let a = 1", "a = 's'"]),
      }];
      await writeFile(
        script,
        `import { checkTypes } from ${JSON.stringify(module)};
       console.log(JSON.stringify(await checkTypes(${
          JSON.stringify(files)
        }, { timeout: 240000 })));`,
      );
      const check = async (path: string, home?: string) => {
        // Kernels that are installed for a person are found from the home.
        const env = { ...process.env, PATH: path, ...(home && { HOME: home }) } as Record<
          string,
          string
        >;
        const program = join(await nodeFolder(), "node");
        const { stdout, stderr, status } = await runCommand([program, script], {
          timeout: 300_000,
          env,
        });
        assert.equal(status, "ok", stderr);
        return JSON.parse(stdout);
      };
      const found = await check(`${dirname(Deno.execPath())}:${process.env.PATH}`);
      assert.deepEqual(found.unchecked, []);
      assert.deepEqual(
        found.faults.map((
          { cellIndex, code }: { cellIndex: number; code: string },
        ) => [cellIndex, code]),
        [[1, "TS2322"]],
      );
      const none = await check(notebooks.path, notebooks.path);
      assert.deepEqual(none.faults, []);
      assert.match(none.unchecked[0].reason, /^there is no deno to check it/);
    });
  },
);

/** Node is found before the PATH is taken away. */
async function nodeFolder(): Promise<string> {
  const { stdout } = await runCommand(["node", "-p", "process.execPath"], { timeout: 60_000 });
  return dirname(stdout.trim());
}
