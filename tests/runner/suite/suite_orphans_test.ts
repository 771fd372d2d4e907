// Kernels that run and kernels that wait must be gone however a suite's process ends.
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { inFolder } from "../../cli/_call.ts";
import { assertNothingLeftIn, NO_PROC, processesIn, until, writeFiles } from "./_suite.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  testOrSkip(
    `qsight test leaves no kernel behind when its process gets ${signal}`,
    NO_PROC,
    async () => {
      await inFolder(async (cwd) => {
        await writeFiles(cwd, {
          "a/a.ipynb": ["while (true);"],
          "b/b.ipynb": ["1"],
          "tmp/.keep": "",
        });
        const args = ["test", "**/*.ipynb", "--jobs", "1", "--no-check-types"];
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--no-check", MAIN, ...args],
          env: { INIT_CWD: cwd, TMPDIR: join(cwd, "tmp") },
          stdin: "null",
          stdout: "null",
          stderr: "null",
        }).spawn();
        const [running, waiting] = [join(cwd, "a"), join(cwd, "b")];
        await until(() => processesIn(running).length > 0 && processesIn(waiting).length > 0);
        assert.ok(processesIn(running).length > 0, "a kernel runs");
        assert.ok(processesIn(waiting).length > 0, "a kernel waits");
        child.kill(signal);
        await child.status;
        await assertNothingLeftIn(cwd);
        const folders = () => [...Deno.readDirSync(join(cwd, "tmp"))].map(({ name }) => name);
        await until(() => folders().length === 1);
        assert.deepEqual(folders(), [".keep"], "connection folders");
      });
    },
  );
}
