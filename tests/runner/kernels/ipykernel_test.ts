// What is done for IPython's kernel beyond the protocol.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { ipykernelAdapter } from "../../../src/runner/kernels/ipykernel_adapter.ts";
import { findKernel } from "../../../src/runner/kernels/kernel_spec.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";

const noPython = await findKernel("python3").then(() => undefined, () => "no python3 kernel");

testOrSkip(
  "executeNotebook() starts ipykernel without its debugger, which a cell may import",
  noPython,
  async () => {
    const cwd = await mkdtemp(join(tmpdir(), "qsight-test-"));
    try {
      // Modules beside the notebook must not come before those that the kernel needs.
      for (const name of ["runpy", "random", "ipykernel"]) {
        await writeFile(join(cwd, `${name}.py`), `raise RuntimeError("wrong ${name}")`);
      }
      await writeFile(join(cwd, "beside.py"), "value = 7");
      const { notebook, status, error } = await executeNotebook(
        fromCells(
          "import sys, os; print('debugpy' in sys.modules, os.path.basename(sys.argv[0]))",
          "import importlib.util as u; 'debugpy' in sys.modules or u.find_spec('debugpy'); 1",
          "import beside; beside.value",
          "__name__",
        ),
        { kernel: "python3", cwd, timeout: 120_000 },
      );
      assert.equal(status, "ok", error?.message);
      assert.deepEqual(shortOutputs(notebook), [
        ["False ipykernel_launcher.py\n"],
        ["1"],
        ["7"],
        ["'__main__'"],
      ]);
    } finally {
      await rm(cwd, { recursive: true });
    }
  },
);

Deno.test("ipykernelAdapter.launch() changes only the launcher that it knows", () => {
  const spec = {
    ...{ name: "python3", displayName: "Python", language: "python", env: {}, metadata: {} },
    ...{ interruptMode: "signal" as const, resourceDir: "", origin: "" },
  };
  const argvOf = (...argv: string[]) => [...ipykernelAdapter.launch({ ...spec, argv }).argv];
  const [python, option, , ...rest] = argvOf("python", "-m", "ipykernel_launcher", "-f", "file");
  assert.deepEqual([python, option, ...rest], [
    "python",
    "-c",
    "-f",
    "file",
    "--HistoryManager.hist_file=:memory:",
  ]);
  const own = ["env/python", "-m", "my_launcher", "-f", "file"];
  assert.deepEqual(argvOf(...own), [...own, "--HistoryManager.hist_file=:memory:"]);
});
