import assert from "node:assert/strict";
import { compareNotebooks } from "../../../src/runner/compare/compare_notebooks.ts";
import {
  updateNotebook,
  type UpdateNotebookOptions,
} from "../../../src/runner/compare/update_notebook.ts";
import type { CellStatus } from "../../../src/runner/execute/execute_options.ts";
import { formatNotebook, type Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { display, error, notebookOf, result, stream } from "./_cells.ts";

async function update(stored: Notebook, executed: Notebook, options: UpdateNotebookOptions = {}) {
  const { allowErrors = false } = options;
  const differences = await compareNotebooks(stored, executed, { mode: "all", allowErrors });
  return updateNotebook(stored, executed, differences, options);
}

Deno.test("updateNotebook() changes the cells that differ and nothing else", async () => {
  const stored = notebookOf(
    { outputs: [stream("same\r"), stream("same")], count: 11 },
    { outputs: [stream("old"), result("7")], count: 12 },
    { outputs: [], count: null, source: "" },
  );
  stored.metadata.kernelspec = { name: "old" };
  const executed = notebookOf(
    { outputs: [stream("same")] },
    { outputs: [stream("new"), stream("w", "stderr"), display({ "text/html": "x" })] },
    {},
  );
  executed.metadata.kernelspec = { name: "new" };
  executed.cells[1].metadata.execution = { "iopub.execute_input": "now" };
  const before = structuredClone([stored, executed]);
  const { notebook, changed, kept } = await update(stored, executed);
  assert.deepEqual([stored, executed], before);
  assert.deepEqual(changed, [
    "cell 1: stdout changed, text/plain is gone, stderr is new, text/html is new",
  ]);
  assert.deepEqual(kept, []);
  const lines = formatNotebook(notebook).split("\n"), old = formatNotebook(stored).split("\n");
  const cellAt = (all: string[], id: string) =>
    all.findIndex((line) => line.includes(`"id": "${id}"`));
  assert.deepEqual(lines.slice(0, cellAt(lines, "c1") - 2), old.slice(0, cellAt(old, "c1") - 2));
  assert.deepEqual(lines.slice(cellAt(lines, "c2")), old.slice(cellAt(old, "c2")));
  const cell = notebook.cells[1];
  assert(cell.cell_type === "code" && executed.cells[1].cell_type === "code");
  assert.deepEqual([cell.outputs, cell.execution_count], [executed.cells[1].outputs, 2]);
  assert.notEqual(cell.outputs, executed.cells[1].outputs);
  assert.deepEqual(cell.metadata, stored.cells[1].metadata);
  assert.deepEqual(await compareNotebooks(notebook, executed, { mode: "all" }), []);
});

Deno.test("updateNotebook() leaves an equal notebook as it is", async () => {
  const stored = notebookOf({ outputs: [stream("a")], count: 9 });
  const { notebook, changed } = await update(stored, notebookOf({ outputs: [stream("a")] }));
  assert.equal(formatNotebook(notebook), formatNotebook(stored));
  assert.deepEqual(changed, []);
});

Deno.test("updateNotebook() never stores a run that failed, unless it may", async () => {
  const stored = [{ outputs: [stream("a")] }, { outputs: [stream("b")] }];
  const failed = notebookOf({ outputs: [stream("x"), error("ValueError", "no")] }, { count: null });
  const { notebook, changed, kept } = await update(notebookOf(...stored), failed);
  assert.deepEqual(notebook, notebookOf(...stored));
  assert.deepEqual([changed, kept], [[], ["cell 0: kept, because it raised ValueError"]]);

  const allowed = await update(notebookOf(...stored), failed, { allowErrors: true });
  assert.deepEqual(allowed.changed, ["cell 0: stdout changed, error is new"]);
  assert.deepEqual(allowed.kept, ["cell 1: kept, because it was not run"]);

  const tags = ["raises-exception"];
  const tagged = await update(
    notebookOf({ outputs: [stream("a")], tags }),
    notebookOf({ outputs: [stream("a"), error("ValueError", "no")], tags }),
  );
  assert.deepEqual(tagged.changed, ["cell 0: error is new"]);
});

Deno.test("updateNotebook() never stores outputs that a limit cut off", async () => {
  const [stored, executed] = ["abc", "a"].map((text) => notebookOf({ outputs: [stream(text)] }));
  for (const status of ["timeout", "dead_kernel", "aborted", "error", "not_run"] as CellStatus[]) {
    const cells = [{ cellIndex: 0, status, durationMs: 1 }];
    const { notebook, kept } = await update(stored, executed, { cells });
    assert.deepEqual(notebook, stored, status);
    const reason = status === "error" ? "failed" : `ended with the status ${status}`;
    assert.deepEqual(kept, [`cell 0: kept, because it ${reason}`]);
  }
  const cells = [{ cellIndex: 0, status: "ok" as const, durationMs: 1 }];
  assert.equal((await update(stored, executed, { cells })).changed.length, 1);
});

Deno.test("updateNotebook() gives a cell that was never run its outputs and count", async () => {
  const stored = notebookOf({ outputs: [stream("a")], count: null });
  const executed = notebookOf({ outputs: [stream("a")], count: 1 });
  const { notebook, changed } = await update(stored, executed);
  assert.deepEqual([notebook, changed], [executed, ["cell 0: outputs are from a run"]]);
});

Deno.test("updateNotebook() finds cells behind injected parameters, and by the results of the run", async () => {
  const stored = notebookOf({ id: "a", outputs: [stream("old")] });
  const executed = notebookOf(
    { id: "p", tags: ["injected-parameters"], outputs: [stream("p")] },
    { id: "a", outputs: [stream("new")] },
  );
  const { notebook } = await update(stored, executed);
  assert.deepEqual(notebook.cells.map(({ id }) => id), ["a"]);
  assert.match(formatNotebook(notebook), /"new"/);
  const cells = [{ cellIndex: 1, status: "timeout" as const, durationMs: 1 }];
  assert.equal((await update(stored, executed, { cells })).kept.length, 1);
  const none = await update(stored, notebookOf());
  assert.deepEqual(none.kept, ["cell 0: kept, because it is not in the executed notebook"]);
});

Deno.test("updateNotebook() refuses unknown options", () => {
  assert.throws(
    () => updateNotebook(notebookOf(), notebookOf(), [], { allowError: true } as never),
    /Did you mean "allowErrors"/,
  );
});
