// Each notebook below fixtures/notebooks has one behaviour; all run on the Deno that runs the tests.
import assert from "node:assert/strict";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../../../src/runner/execute/execute_options.ts";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import type { OutputChange } from "../../../src/runner/execute/notebook_outputs.ts";
import {
  CellExecutionError,
  CellTimeoutError,
  DeadKernelError,
  KernelStartError,
} from "../../../src/runner/runner_errors.ts";
import { fixture, fromCells, shortOutputs } from "../_fixture.ts";

/** Generous: only a cell that hangs meets it. */
const PATIENT: ExecuteNotebookOptions = { kernel: "deno", timeout: 60_000 };

async function run(name: string, options: ExecuteNotebookOptions = {}) {
  const result = await executeNotebook(fixture(name), { ...PATIENT, ...options });
  const statuses = result.cells.map(({ status }) => status);
  return { ...result, statuses, outputs: shortOutputs(result.notebook) };
}

Deno.test("executeNotebook() runs cells in order and keeps their outputs", async () => {
  const { status, outputs, statuses, notebook, error, warnings } = await run("ok");
  assert.equal(error, undefined);
  assert.deepEqual(warnings, []);
  assert.equal(status, "ok");
  assert.deepEqual(statuses, ["ok", "ok"]);
  assert.deepEqual(outputs, [["sum 42\n"], ["42"]]);
  const counts = notebook.cells.flatMap((c) => c.cell_type === "code" ? [c.execution_count] : []);
  assert.deepEqual(counts, [1, 2]);
  assert.equal((notebook.metadata.language_info as { name: string }).name, "typescript");
});

Deno.test("executeNotebook() stops at an error, quotes the cell and clears what was not run", async () => {
  const { status, outputs, statuses, error, notebook } = await run("error");
  assert.equal(status, "error");
  assert.deepEqual(statuses, ["ok", "error", "not_run"]);
  assert.deepEqual(outputs, [["before\n"], ["TypeError: wrong shape"], []]);
  assert(error instanceof CellExecutionError);
  assert.deepEqual([error.cellIndex, error.ename, error.evalue], [1, "TypeError", "wrong shape"]);
  assert.match(error.message, /throw new TypeError\("wrong shape"\);\n\}\nfail\(\);/);
  assert.match(error.message, /at fail/);
  const last = notebook.cells[2];
  assert(last.cell_type === "code");
  assert.equal(last.execution_count, null);
});

Deno.test("executeNotebook({ allowErrors }) goes on after an error", async () => {
  const { status, statuses, outputs } = await run("error", { allowErrors: true });
  assert.equal(status, "ok");
  assert.deepEqual(statuses, ["ok", "allowed_error", "ok"]);
  assert.deepEqual(outputs[2], ["after\n"]);
});

Deno.test("executeNotebook() makes an error output where the kernel only replies with one", async () => {
  const { status, notebook, statuses } = await run("syntax_error");
  assert.equal(status, "error");
  assert.deepEqual(statuses, ["error", "not_run"]);
  const [cell] = notebook.cells;
  assert(cell.cell_type === "code");
  assert.equal(cell.outputs[0]?.output_type, "error");
});

Deno.test("executeNotebook() honours raises-exception and skip-execution", async () => {
  const raises = await run("raises_exception");
  assert.deepEqual(raises.statuses, ["allowed_error", "ok"]);
  assert.equal(raises.status, "ok");
  assert.deepEqual(raises.outputs, [["RangeError: expected"], ["still runs\n"]]);
  const skips = await run("skip_execution");
  assert.deepEqual(skips.statuses, ["ok", "skipped", "ok"]);
  assert.deepEqual(skips.outputs, [[], ["stale\n"], ["1\n"]]);
});

Deno.test("executeNotebook({ parameters }) injects after the tagged cell, or first", async () => {
  const parameters = { epochs: 2, name: 'a "b" \\ 漢' };
  const { outputs, notebook } = await run("parameters", { parameters });
  assert.deepEqual(outputs, [[], [], ['2 a "b" \\ 漢\n']]);
  assert.deepEqual(notebook.cells[1].metadata.tags, ["injected-parameters"]);
  const again = await executeNotebook(notebook, { ...PATIENT, parameters: { epochs: 3 } });
  assert.deepEqual(shortOutputs(again.notebook), [[], [], ["3 default\n"]]);
  const first = await run("no_parameters", { parameters: { epochs: 4 } });
  assert.deepEqual(first.outputs, [[], ["4\n"]]);
});

Deno.test("executeNotebook({ timeout }) interrupts an endless loop and keeps what it printed", async () => {
  const { status, statuses, outputs, error } = await run("endless_loop", { timeout: 1500 });
  assert.equal(status, "timeout");
  assert.deepEqual(statuses, ["timeout", "not_run"]);
  assert.deepEqual(outputs, [["looping\n"], []]);
  assert(error instanceof CellTimeoutError);
  assert.match(error.message, /timeout of 1500 ms[^]*while \(true\);/);
});

Deno.test("executeNotebook({ notebookTimeout }) ends a cell that awaits for ever", async () => {
  const { status, statuses, error, outputs } = await run("pending_await", {
    notebookTimeout: 1500,
  });
  assert.equal(status, "timeout");
  assert.deepEqual(statuses, ["ok", "timeout", "not_run"]);
  assert.match(error?.message ?? "", /notebookTimeout of 1500 ms/);
  assert.deepEqual(outputs[0], ["waiting\n"]);
});

Deno.test("executeNotebook() sees at once that the kernel ended", async () => {
  const { status, statuses, outputs, error } = await run("dead_kernel");
  assert.equal(status, "dead_kernel");
  assert.deepEqual(statuses, ["ok", "dead_kernel", "not_run"]);
  assert.deepEqual(outputs[0], ["last words\n"]);
  assert(error instanceof DeadKernelError);
  assert.match(error.message, /exit code 3.*cell 1/);
});

Deno.test("executeNotebook() keeps every line and every late output", async () => {
  const many = await run("many_lines");
  const expected = Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join("");
  assert.deepEqual(many.outputs, [[expected]]);
  const late = await run("late_outputs");
  assert.equal(late.outputs.flat().join(""), "second\nlate\n");
});

Deno.test("executeNotebook() applies display updates, clear_output and carriage returns", async () => {
  const changes: OutputChange[] = [];
  const onOutput = (change: OutputChange) => changes.push(change);
  const updated = await run("display_update", { hooks: { onOutput } });
  assert.deepEqual(updated.outputs, [["epoch 3/3"], []]);
  assert.deepEqual(changes.map(({ updated }) => updated), [false, true, true, true]);
  assert(changes.every(({ displayId }) => displayId === "progress"));
  assert.deepEqual((await run("clear_output")).outputs, [["new\n"], []]);
  assert.deepEqual((await run("carriage_return")).outputs, [["10 % \n50 % \n100 %\nb\n"]]);
});

Deno.test("executeNotebook() keeps unicode and every MIME type", async () => {
  const unicode = "größe 🧪 漢字 \u2028 end";
  assert.deepEqual((await run("unicode")).outputs, [[`${unicode}\n`], [JSON.stringify(unicode)]]);
  const rich = await run("rich_display");
  const [cell] = rich.notebook.cells;
  assert(cell.cell_type === "code" && cell.outputs[0].output_type === "display_data");
  assert.deepEqual(Object.keys(cell.outputs[0].data).sort(), ["image/svg+xml", "text/plain"]);
});

Deno.test("executeNotebook() accepts empty cells and notebooks without code", async () => {
  const empty = await run("empty_cell");
  assert.deepEqual(empty.statuses, ["skipped", "skipped", "ok"]);
  assert.deepEqual(empty.outputs, [[], [], ["only me\n"]]);
  for (const name of ["markdown_only", "empty"]) {
    const { status, cells } = await run(name);
    assert.equal(status, "ok");
    assert.deepEqual(cells, []);
  }
  assert.deepEqual((await run("old_minor")).notebook.nbformat_minor, 5);
});

Deno.test("executeNotebook() refuses a request for input at once", async () => {
  const { status, statuses, error } = await run("stdin");
  assert.equal(status, "error");
  assert.deepEqual(statuses, ["error", "not_run"]);
  assert.match(error?.message ?? "", /asked for input.*parameter/);
});

Deno.test("executeNotebook({ signal }) stops and reports it as aborted", async () => {
  const controller = new AbortController();
  const hooks = { onOutput: () => controller.abort(new Error("enough")) };
  const { signal } = controller;
  const { status, statuses, error } = await run("endless_loop", { signal, hooks });
  assert.equal(status, "aborted");
  assert.deepEqual(statuses, ["aborted", "not_run"]);
  assert.equal(error?.message, "enough");
  const before = await run("ok", { signal: AbortSignal.abort(new Error("too late")) });
  assert.equal(before.status, "aborted");
});

Deno.test("executeNotebook({ cwd, env }) reach the kernel; the notebook's folder is the default", async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "qsight-test-")));
  try {
    const notebook = fromCells('console.log(Deno.cwd(), Deno.env.get("QSIGHT_TEST"))');
    const options = { ...PATIENT, cwd: folder, env: { QSIGHT_TEST: "1" } };
    assert.deepEqual(shortOutputs((await executeNotebook(notebook, options)).notebook), [
      [`${folder} 1\n`],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("executeNotebook() leaves its argument as it was and records times when asked", async () => {
  const notebook = await loadNotebook(fixture("ok"));
  const before = structuredClone(notebook);
  const result = await executeNotebook(notebook, { ...PATIENT, recordTiming: true });
  assert.deepEqual(notebook, before);
  const times = result.notebook.cells[1].metadata.execution as Record<string, string>;
  assert(times["shell.execute_reply"] >= times["iopub.execute_input"]);
});

Deno.test("executeNotebook() throws on what a hook throws, and ends the kernel", async () => {
  let pid = 0;
  const hooks = {
    onOutput: ({ output }: OutputChange) => {
      if (output.output_type === "stream") pid = Number(output.text);
      throw new Error("hook");
    },
  };
  const notebook = fromCells("console.log(Deno.pid)");
  await assert.rejects(executeNotebook(notebook, { ...PATIENT, hooks }), /hook/);
  assert(pid > 0);
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
});

Deno.test("executeNotebook() rejects unknown options, bad limits and unknown kernels", async () => {
  const path = fixture("ok");
  const misspelt = { timeuot: 3 } as ExecuteNotebookOptions;
  await assert.rejects(executeNotebook(path, misspelt), /Did you mean "timeout"/);
  await assert.rejects(executeNotebook(path, { timeout: 0 }), RangeError);
  await assert.rejects(
    executeNotebook(path, { kernel: "deno", cwd: "/no such folder" }),
    /The folder \/no such folder does not exist/,
  );
  await assert.rejects(executeNotebook(path, { kernel: "none" }), (error: unknown) => {
    assert(error instanceof KernelStartError);
    assert.match(error.message, /"none".*Found: deno.*Looked at: .*\/usr\/share\/jupyter\/kernels/);
    return true;
  });
});
