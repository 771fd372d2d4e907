// What the Deno kernel does otherwise than Jupyter says, and what is made of it.
import assert from "node:assert/strict";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../../../src/runner/execute/execute_options.ts";
import { DenoRouter } from "../../../src/runner/kernels/deno_router.ts";
import type { Message } from "../../../src/runner/protocol/message_codec.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";

async function run(cells: string[], options: ExecuteNotebookOptions = {}) {
  const patient = { kernel: "deno", timeout: 120_000 };
  const result = await executeNotebook(fromCells(...cells), { ...patient, ...options });
  return { ...result, outputs: shortOutputs(result.notebook) };
}

const show = (text: string) =>
  `Deno.jupyter.broadcast("display_data", ` +
  `{ data: { "text/plain": ${text} }, metadata: {}, transient: {} });`;

Deno.test("a Deno cell's prints, displays and result keep their order", async () => {
  const { outputs } = await run([
    `console.log("a"); await Deno.jupyter.display({ "text/plain": "b" }, { raw: true });
     console.log("c"); ${show('"d"')} console.error("e"); console.log("f"); 7`,
    `console.log("g"); ${show('"h"')} throw new Error("last")`,
  ], { allowErrors: true });
  assert.deepEqual(outputs, [["a\n", "b", "c\n", "d", "e\n", "f\n", "7"], [
    "g\n",
    "h",
    "Error: last",
  ]]);
});

Deno.test("a flood of prints and displays stays in its Deno cell, with silent cells behind it", async () => {
  const count = 1500;
  const { outputs, warnings } = await run([
    `for (let i = 0; i < ${count}; i++) { console.log(i); } 1`,
    "2",
    `for (let i = 0; i < ${count}; i++) { ${show("String(i)")} } undefined`,
    "4",
    `console.log("end")`,
  ]);
  const numbers = Array.from({ length: count }, (_, i) => String(i));
  assert.deepEqual(outputs[0], [numbers.map((line) => `${line}\n`).join(""), "1"]);
  assert.deepEqual(outputs.slice(1), [["2"], numbers, ["4"], ["end\n"]]);
  assert.deepEqual(warnings, []);
});

Deno.test("outputs of 20 MB arrive whole though other cells follow at once", async () => {
  const size = 20e6;
  const { status, outputs, error } = await run([
    `await Deno.jupyter.display({ "text/plain": "x".repeat(${size}) }, { raw: true });`,
    `console.log("small")`,
    `console.log("y".repeat(${size}))`,
    `({ [Deno.jupyter.$display]: () => ({ "text/plain": "z".repeat(${size}) }) })`,
    "5",
  ]);
  assert.equal(error, undefined);
  assert.equal(status, "ok");
  const sizes = outputs.map((cell) => cell.map((text) => text.length));
  assert.deepEqual(sizes, [[size], [6], [size + 1], [size], [1]]);
});

Deno.test("prints leave a Deno cell while it computes", async () => {
  const controller = new AbortController();
  const hooks = { onOutput: () => controller.abort(new Error("seen")) };
  const loop = `console.log("first"); while (true);`;
  const { error } = await run([loop], { signal: controller.signal, hooks });
  assert.equal(error?.message, "seen");
});

Deno.test("errors that nobody handles are printed, and do not stall the cell that awaits", async () => {
  const { status, outputs } = await run([
    `Promise.reject(new Error("lost")); 1`,
    `setTimeout(() => { throw new Error("timer"); }, 10); 2`,
    `await new Promise((resolve) => setTimeout(resolve, 100)); 3`,
  ]);
  assert.equal(status, "ok");
  const printed = outputs.flat().join("");
  assert.match(printed, /Uncaught \(in promise\) Error: lost\n/);
  assert.match(printed, /Uncaught Error: timer\n/);
});

Deno.test("console of a prepared Deno kernel prints what it prints elsewhere", async () => {
  const { outputs } = await run([
    `console.group("G"); console.log("in %d %o", 1, { a: 1 }); console.groupEnd();
     console.table([{ a: 1 }]); console.count(); console.assert(true); console.dir([2]); undefined`,
    `console.count(); console.log.name`,
  ]);
  assert.deepEqual(outputs, [[
    "G\n  in 1 { a: 1 }\n┌───────┬───┐\n│ (idx) │ a │\n├───────┼───┤\n│     0 │ 1 │\n└───────┴───┘\n" +
    "default: 1\n[ 2 ]\n",
  ], ["default: 2\n", '"log"']]);
});

Deno.test("a Deno cell that floods is stopped by an error that says how to go on", async () => {
  for (const flood of [`console.log("x".repeat(1000))`, show('"x"')]) {
    const { status, error, peakMemoryBytes } = await run([`while (true) { ${flood} }`, "2"], {
      maxOutputBytes: 4e6,
    });
    assert(status === "error" || status === "output_limit", status);
    assert.match(error?.message ?? "", /maxOutputBytes/);
    assert(peakMemoryBytes < 2e9, String(peakMemoryBytes));
  }
});

function message(type: string, parent: string, content: Record<string, unknown>): Message {
  const header = { msg_type: type } as Message["header"];
  return { header, parentHeader: { msg_id: parent }, metadata: {}, content, buffers: [] };
}

Deno.test("DenoRouter.route() moves what came before a cell's mark, and reads its result's number", () => {
  const router = new DenoRouter({ maxOutputBytes: 1000 });
  const nonce = /nonce = "(.*?)"/.exec(router.prelude)![1];
  router.cellSent("r0", 0);
  router.cellSent("r2", 2);
  const routed = (type: string, parent: string, content: Record<string, unknown>) =>
    router.route(message(type, parent, content)).map((one) =>
      one.kind === "move" ? `to ${one.toCell}` : one.cellIndex
    );
  assert.deepEqual(routed("execute_input", "r0", { execution_count: 1 }), [0]);
  assert.deepEqual(routed("execute_input", "r2", { execution_count: 2 }), [2]);
  assert.deepEqual(routed("stream", "r2", { text: "late" }), [2]);
  assert.deepEqual(routed("execute_result", "r2", { execution_count: 1 }), ["to 0", 0]);
  assert.deepEqual(routed(nonce, "r2", { id: "1" }), ["to 0"]);
  assert.deepEqual(routed("execute_result", "r2", { execution_count: 2 }), [2]);
  assert.deepEqual(routed("stream", "a barrier", { text: "late" }), [2]);
  assert.deepEqual(routed("status", "a barrier", { execution_state: "idle" }), []);
  assert.deepEqual(routed("error", "a barrier", { ename: "Error" }), []);
});

Deno.test("DenoRouter needs a barrier behind each cell where the prelude does not run", () => {
  const router = new DenoRouter({ maxOutputBytes: 1000 });
  assert.equal(router.needsBarrier, true);
  router.preludeDone(true);
  assert.equal(router.needsBarrier, false);
  router.preludeDone(false);
  assert.equal(router.needsBarrier, true);
});
