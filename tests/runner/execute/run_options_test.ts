// The options of a run beyond deadlines: answers, allowed errors, silence, limits, autosave.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../../../src/runner/execute/execute_options.ts";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";

async function run(cells: string[], options: ExecuteNotebookOptions = {}) {
  const patient = { kernel: "deno", timeout: 120_000 };
  const result = await executeNotebook(fromCells(...cells), { ...patient, ...options });
  return {
    ...result,
    outputs: shortOutputs(result.notebook),
    statuses: result.cells.map(({ status }) => status),
  };
}

Deno.test("executeNotebook({ stdin }) answers in order, and refuses when answers run out", async () => {
  const ask = `console.log(prompt("Name?"))`;
  const { outputs, statuses, error } = await run([ask, ask, ask, "4"], { stdin: ["Ada", ""] });
  assert.deepEqual(outputs.slice(0, 2), [["Ada\n"], ["\n"]]);
  assert.deepEqual(statuses, ["ok", "ok", "error", "not_run"]);
  assert.match(error?.message ?? "", /asked for input/);
});

Deno.test("executeNotebook({ stdin }) hands each question to a function", async () => {
  const asked: unknown[] = [];
  const { outputs } = await run(["1", `prompt("Seed?", "7")`], {
    stdin: (question) => {
      asked.push(question);
      return "42";
    },
  });
  assert.equal(outputs[1][0], '"42"');
  assert.equal(asked.length, 1);
  assert.match(JSON.stringify(asked[0]), /^\{"prompt":"Seed\?.*"password":false,"cellIndex":1\}$/);
});

Deno.test("executeNotebook({ stdin }) throws on what the function throws", async () => {
  const stdin = () => {
    throw new Error("no answer");
  };
  await assert.rejects(run([`prompt("x")`], { stdin }), /no answer/);
});

Deno.test("executeNotebook({ allowErrorNames }) goes on after these errors only", async () => {
  const cells = [`throw new RangeError("a")`, `throw new TypeError("b")`, "3"];
  const { statuses, status } = await run(cells, { allowErrorNames: ["RangeError"] });
  assert.deepEqual(statuses, ["allowed_error", "error", "not_run"]);
  assert.equal(status, "error");
});

Deno.test("executeNotebook({ treatment }) decides which cells are skipped and which may raise", async () => {
  const { statuses } = await run([`throw new Error("a")`, "2", "3"], {
    treatment: (cell) => ({ skip: cell.source === "2", mayRaise: cell.source.includes("throw") }),
  });
  assert.deepEqual(statuses, ["allowed_error", "skipped", "ok"]);
});

Deno.test("executeNotebook({ quietTimeout }) ends a silent cell, not one that goes on printing", async () => {
  const talks = `for (let i = 0; i < 8; i++) {
    console.log(i);
    await new Promise((resolve) => setTimeout(resolve, 300));
  } undefined`;
  const silent = "await new Promise((resolve) => setTimeout(resolve, 600_000));";
  const { statuses, error } = await run([talks, silent, "3"], { quietTimeout: 2000 });
  assert.deepEqual(statuses, ["ok", "timeout", "not_run"]);
  assert.match(error?.message ?? "", /Cell 1 put out nothing for longer than the quietTimeout/);
});

Deno.test("executeNotebook({ maxMemoryBytes }) kills a kernel that takes more, and says where", async () => {
  const hungry = "const kept = []; while (true) kept.push(new Float64Array(1e6).fill(1));";
  const { status, statuses, error, peakMemoryBytes } = await run(["1", hungry, "3"], {
    maxMemoryBytes: 700e6,
  });
  assert.equal(status, "memory");
  assert.deepEqual(statuses, ["ok", "memory", "not_run"]);
  assert.equal(error?.name, "MemoryLimitError");
  assert.match(error?.message ?? "", /in cell 1, allowed are 668 MiB.*maxMemoryBytes/);
  assert(peakMemoryBytes > 700e6);
});

Deno.test("executeNotebook({ autosave }) leaves what a killed run had come to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const autosave = join(folder, "out.ipynb");
    const seen: string[] = [];
    const { status } = await run([`console.log("kept")`, "Deno.exit(3)", "3"], {
      autosave,
      hooks: { onCellComplete: ({ status }) => seen.push(status) },
    });
    assert.equal(status, "dead_kernel");
    assert.deepEqual(shortOutputs(await loadNotebook(autosave))[0], ["kept\n"]);
    assert.deepEqual(seen, ["ok", "dead_kernel"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("executeNotebook({ autosave }) writes after cells, while others still run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const autosave = join(folder, "out.ipynb");
    const waits = `const { readFile } = await import("node:fs/promises");
      let text = "";
      while (!text.includes("first")) {
        text = await readFile(${JSON.stringify(autosave)}, "utf8").catch(() => "");
        await new Promise((resolve) => setTimeout(resolve, 50));
      } undefined`;
    const { status } = await run([`console.log("first")`, waits], { autosave });
    assert.equal(status, "ok");
    assert.match(await readFile(autosave, "utf8"), /"nbformat": 4/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("executeNotebook({ autosave }) throws when the file cannot be written", async () => {
  const autosave = "/proc/no/such/folder/out.ipynb";
  await assert.rejects(run(["1"], { autosave }), /ENOENT|EACCES|no such/i);
});
