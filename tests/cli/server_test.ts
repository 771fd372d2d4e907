import assert from "node:assert/strict";
import { join } from "node:path";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { missingServer, withServer } from "../runner/remote/_server.ts";
import { inFolder, NOTEBOOKS, qsight } from "./_call.ts";

testOrSkip("qsight run and test execute notebooks on a Jupyter server", missingServer, async () => {
  await withServer(async (server) => {
    const address = `${server.url}?token=${server.token}`;
    const run = await qsight(["run", "python_ok.ipynb", "--server", address]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /\w/);
    await inFolder(async (cwd) => {
      const reports = ["--output", "out", "--json", "-", "--cache", "--max-memory", "4000"];
      const names = ["python_ok.ipynb", "python_error.ipynb"].map((name) => join(NOTEBOOKS, name));
      const test = await qsight(["test", ...names, "--server", address, ...reports], { cwd });
      assert.equal(test.code, 1, test.stderr);
      const { notebooks, warnings } = JSON.parse(test.stdout);
      const verdicts = notebooks.map((one: { verdict: string }) => one.verdict);
      assert.deepEqual(verdicts, ["failed", "passed"]);
      assert.match(
        warnings.join(),
        /not used for 2 notebook\(s\): the kernel is not on this machine/,
      );
    });
    const wrong = await qsight(["test", "python_ok.ipynb", "--server", `${server.url}?token=no`]);
    assert.equal(wrong.code, 3);
    assert.match(wrong.stdout, /^fault {2}python_ok\.ipynb \(KernelStartError/m);
    for (const text of [run, wrong].flatMap(({ stdout, stderr }) => [stdout, stderr])) {
      assert.ok(!text.includes(server.token), "the token is said nowhere");
    }
  });
});
