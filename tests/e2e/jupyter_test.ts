// Against Jupyter's own tools, where Debian's python3-nbclient and python3-ipykernel are installed.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/_internal/run_command.ts";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import type { CodeCell, Output } from "../../src/runner/notebook/nbformat.ts";
import { parseNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { saveNotebook } from "../../src/runner/notebook/nbformat.ts";
import { settleText } from "../../src/runner/execute/settle_text.ts";
import { stripAnsi } from "../../src/runner/runner_errors.ts";
import { fixture } from "../runner/_fixture.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const PYTHON = "/usr/bin/python3";
const probe = await runCommand([PYTHON, "-c", "import nbclient, nbformat, ipykernel"], {
  timeout: 60_000,
});
const missing = probe.status === "ok"
  ? undefined
  : `${PYTHON} cannot import nbclient, nbformat and ipykernel`;

async function python(script: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCommand([PYTHON, "-c", script, ...args], {
    timeout: 180_000,
  });
  assert.equal(status, "ok", stderr);
  return stdout;
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const VALIDATE = `
import sys, nbformat
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
nbformat.validate(notebook)
assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5), notebook.nbformat_minor
assert nbformat.writes(notebook) + "\\n" == open(path, encoding="utf-8").read(), "layout"
`;

for (
  const name of ["ok", "error", "unicode", "rich_display", "display_update", "many_lines"]
    .concat(["parameters", "old_minor", "markdown_only", "python_display"])
) {
  testOrSkip(
    `saveNotebook() writes ${name}.ipynb as nbformat itself would, and valid`,
    missing,
    () =>
      inFolder(async (folder) => {
        const path = join(folder, "out.ipynb");
        const options = { timeout: 60_000, recordTiming: true };
        await saveNotebook(path, (await executeNotebook(fixture(name), options)).notebook);
        await python(VALIDATE, path);
      }),
  );
}

const NBCLIENT = `
import sys, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
notebook = nbformat.read(sys.argv[1], as_version=4)
try:
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
except CellExecutionError as error:
    pass
nbformat.write(notebook, sys.argv[2])
`;

/** What must be equal: colours, addresses and how prints were cut into messages may differ. */
function comparable(outputs: readonly Output[]): unknown[] {
  const merged: Output[] = [];
  for (const output of structuredClone(outputs) as Output[]) {
    const last = merged.at(-1);
    const isStream = output.output_type === "stream" && last?.output_type === "stream";
    if (isStream && last.name === output.name) last.text += output.text;
    else merged.push(output);
  }
  return merged.map((output) => {
    if (output.output_type === "stream") return { ...output, text: settleText(output.text) };
    if (output.output_type !== "error") return output;
    return { ...output, traceback: output.traceback.map(stripAnsi) };
  });
}

for (const name of ["python_ok", "python_error", "python_display"]) {
  testOrSkip(
    `executeNotebook() gives the outputs of nbclient for ${name}.ipynb`,
    missing,
    () =>
      inFolder(async (folder) => {
        const ours = await executeNotebook(fixture(name), { timeout: 60_000 });
        const path = join(folder, "nbclient.ipynb");
        await python(NBCLIENT, fixture(name), path);
        const theirs = await loadNotebook(path);
        assert.equal(ours.kernel, "python3");
        assert.equal(ours.status, name === "python_error" ? "error" : "ok");
        const code = (cells: typeof theirs.cells) =>
          cells.filter((cell): cell is CodeCell => cell.cell_type === "code")
            .map((cell) => [cell.execution_count, comparable(cell.outputs)]);
        assert.deepEqual(code(ours.notebook.cells), code(theirs.cells));
        assert.deepEqual(ours.notebook.metadata.language_info, theirs.metadata.language_info);
      }),
  );
}

testOrSkip(
  "executeNotebook() interrupts a python loop and writes parameters in python",
  missing,
  async () => {
    const cell = (source: string, tags: string[] = []) => ({
      cell_type: "code",
      source,
      metadata: { tags },
    });
    const cells = [
      cell("a = 1\nb = None", ["parameters"]),
      cell("print(a, b)"),
      cell("while True: pass"),
    ];
    const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
    const result = await executeNotebook(parseNotebook(text), {
      kernel: "python3",
      timeout: 2000,
      parameters: { a: [true, null, -1.5, Infinity], b: { "kéy": 'quote " \\ 🧪' } },
    });
    assert.equal(result.status, "timeout");
    const printed = result.notebook.cells[2] as CodeCell;
    assert.deepEqual(printed.outputs, [{
      output_type: "stream",
      name: "stdout",
      text: "[True, None, -1.5, inf] {'kéy': 'quote \" \\\\ 🧪'}\n",
    }]);
    const [interrupted] = (result.notebook.cells[3] as CodeCell).outputs;
    assert.equal(interrupted.output_type === "error" && interrupted.ename, "KeyboardInterrupt");
  },
);

Deno.test("formatNotebook() leaves a notebook as it was that Jupyter wrote", async () => {
  const path = fixture("unicode");
  await inFolder(async (folder) => {
    await saveNotebook(join(folder, "copy.ipynb"), await loadNotebook(path));
    assert.equal(await readFile(join(folder, "copy.ipynb"), "utf8"), await readFile(path, "utf8"));
  });
});
