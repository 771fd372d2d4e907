// A cell is done when its outputs are; abort and deadlines hold until then.
import assert from "node:assert/strict";
import type { Kernel } from "../../../src/runner/kernels/kernel.ts";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../../../src/runner/execute/execute_options.ts";
import { NotebookRun } from "../../../src/runner/execute/notebook_run.ts";
import { CellTimeoutError } from "../../../src/runner/runner_errors.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";

/** Raises at once; the kernel hangs when it is asked then whether all outputs are sent. */
const BLOCKS_LATER = `console.log("first");
setTimeout(() => { while (true); }, 0);
throw new Error("allowed");`;

async function runBlocked(options: ExecuteNotebookOptions) {
  const notebook = fromCells(BLOCKS_LATER, "2");
  const result = await executeNotebook(notebook, {
    ...{ kernel: "deno", allowErrors: true },
    ...options,
  });
  return { ...result, statuses: result.cells.map(({ status }) => status) };
}

Deno.test("executeNotebook({ signal }) stops while the outputs of a cell are collected", async () => {
  const controller = new AbortController();
  const onOutput = () => setTimeout(() => controller.abort(new Error("enough")), 500);
  const { status, statuses, error, warnings } = await runBlocked({
    signal: controller.signal,
    hooks: { onOutput },
  });
  assert.equal(status, "aborted");
  assert.deepEqual(statuses, ["aborted", "not_run"]);
  assert.equal(error?.message, "enough");
  assert.deepEqual(warnings, []);
});

Deno.test("executeNotebook({ timeout }) holds while the outputs of a cell are collected", async () => {
  const { status, statuses, error, notebook } = await runBlocked({ timeout: 1500 });
  assert.equal(status, "timeout");
  assert.deepEqual(statuses, ["timeout", "not_run"]);
  assert(error instanceof CellTimeoutError);
  assert.match(error.message, /timeout of 1500 ms/);
  // The kernel may hang before it has said what was raised.
  const [[first, ...raised], second] = shortOutputs(notebook);
  assert.equal(first, "first\n");
  assert(["", "Error: allowed"].includes(raised.join()), raised.join());
  assert.deepEqual(second, []);
});

Deno.test("executeNotebook({ notebookTimeout }) holds while outputs are collected", async () => {
  const { status, statuses, error } = await runBlocked({ notebookTimeout: 1500 });
  assert.equal(status, "timeout");
  assert.deepEqual(statuses, ["timeout", "not_run"]);
  assert.match(error?.message ?? "", /notebookTimeout of 1500 ms/);
});

/** How the stub below stands; a kernel cannot be made to end between its reply and its outputs. */
interface StubState {
  readonly exited?: Promise<{ code: number; signal: null }>;
  readonly iopubClosed?: boolean;
  readonly passes?: boolean;
}

/** A kernel that replies at once and may never confirm its outputs. */
function silentKernel(state: StubState): Kernel {
  const never = new Promise<never>(() => {});
  const reply = Promise.resolve({ content: { status: "ok" } });
  const client = { iopubClosed: state.iopubClosed ?? false, fault: never, listeners: {} };
  return {
    ...{ client, exited: state.exited ?? never, implementation: "stub", needsBarrier: true },
    ...{ exit: { code: 3, signal: null }, stderr: "", spec: { name: "stub" }, adapter: {} },
    ...{ interrupt: () => {}, barrier: () => state.passes ? Promise.resolve() : never },
    execute: () => ({ id: "1", reply, idle: Promise.resolve() }),
  } as unknown as Kernel;
}

async function runSilent(state: StubState, options: ExecuteNotebookOptions = {}) {
  const clock = () => performance.now();
  const run = new NotebookRun(fromCells("1"), silentKernel(state), { ...options, clock });
  return (await run.execute()).status;
}

Deno.test("executeNotebook() does not wait for outputs of a kernel that ended", async () => {
  const exited = Promise.resolve({ code: 3, signal: null });
  assert.equal(await runSilent({ exited }), "dead_kernel");
  assert.equal(await runSilent({ exited, iopubClosed: true }), "dead_kernel");
});

Deno.test("executeNotebook() waits for outputs no longer than it may", async () => {
  assert.equal(await runSilent({ passes: true }), "ok");
  assert.equal(await runSilent({}, { timeout: 50 }), "timeout");
  assert.equal(await runSilent({}, { notebookTimeout: 50 }), "timeout");
  assert.equal(await runSilent({}, { signal: AbortSignal.timeout(50) }), "aborted");
});

Deno.test("executeNotebook() lets go of the signal when it is done", async () => {
  let listeners = 0;
  const { signal } = new AbortController();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  await runSilent({ passes: true }, { signal });
  assert.equal(listeners, 0);
});
