import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { formatNotebook } from "../../../src/runner/notebook/nbformat.ts";
import { gridTable } from "../../../src/runner/remote/grid_table.ts";
import { recordedValues } from "../../../src/runner/remote/recorded_values.ts";
import { runGrid } from "../../../src/runner/remote/run_grid.ts";
import { fromCells } from "../_fixture.ts";

const RECORD = "await Deno.jupyter.display({ 'application/vnd.qsight.result+json': " +
  "{ product: a * b } }, { raw: true });";

/** Multiplies two parameters, and fails for a = 3. */
function product() {
  const notebook = fromCells(
    "let a = 0, b = 0;",
    "if (a === 3) throw new RangeError('three is too much');",
    RECORD,
  );
  notebook.cells[0].metadata.tags = ["parameters"];
  return notebook;
}

Deno.test("runGrid() runs all sets, keeps going after a failure, and writes what it ran", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const path = join(folder, "product.ipynb");
    await writeFile(path, formatNotebook(product()));
    const outputDir = join(folder, "out", "grid");
    const order: number[] = [];
    const result = await runGrid(path, {
      ...{ grid: { a: [2, 3], b: [5, 7] }, jobs: 2, outputDir, kernel: "deno", timeout: 60_000 },
      onRow: ({ index }) => order.push(index),
    });
    assert.equal(result.status, "failed");
    assert.deepEqual(result.rows.map((row) => [row.index, row.parameters, row.status]), [
      [0, { a: 2, b: 5 }, "ok"],
      [1, { a: 2, b: 7 }, "ok"],
      [2, { a: 3, b: 5 }, "error"],
      [3, { a: 3, b: 7 }, "error"],
    ]);
    assert.deepEqual(result.rows.map((row) => row.results.product), [10, 14, undefined, undefined]);
    assert.match(result.rows[2].error!.message, /RangeError: three is too much/);
    assert.deepEqual(order.toSorted(), [0, 1, 2, 3]);
    const names = ["product_001.ipynb", "product_002.ipynb", "product_003.ipynb"];
    assert.deepEqual((await readdir(outputDir)).sort(), [...names, "product_004.ipynb"]);
    assert.deepEqual(recordedValues(await loadNotebook(result.rows[1].path!)), { product: 14 });
    assert.match(gridTable(result).csv, /^a,b,status,seconds,product,error,notebook\r\n2,5,ok,/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("runGrid() takes sets as they are, and shares the other parameters", async () => {
  const result = await runGrid(product(), {
    ...{ grid: [{ a: 2 }, { a: 4, b: 1 }], parameters: { b: 10 }, kernel: "deno" },
  });
  assert.deepEqual(result.rows.map((row) => row.results.product), [20, 4]);
  assert.deepEqual(result.rows.map((row) => row.parameters), [{ a: 2 }, { a: 4, b: 1 }]);
});

Deno.test("runGrid() makes a row of a kernel that does not start", async () => {
  const { rows, status } = await runGrid(product(), { grid: { a: [1, 2] }, kernel: "denno" });
  assert.equal(status, "failed");
  assert.deepEqual(rows.map((row) => row.status), ["kernel_fault", "kernel_fault"]);
  assert.match(rows[0].error!.message, /No kernel named "denno"/);
});

Deno.test("runGrid() stops at an abort and names what was not run", async () => {
  const controller = new AbortController();
  const { rows, status } = await runGrid(product(), {
    ...{ grid: { a: [1, 2, 4] }, kernel: "deno", signal: controller.signal },
    onRow: () => controller.abort(new Error("enough")),
  });
  assert.equal(status, "aborted");
  assert.deepEqual(rows.map((row) => row.status), ["ok", "aborted", "aborted"]);
  assert.equal(rows[2].durationMs, 0);
});

Deno.test("runGrid() throws what is no result: options, grids, a hook's fault", async () => {
  const grid = { a: [1] };
  await assert.rejects(runGrid(product(), { grid, job: 2 } as never), /unknown option "job"/);
  await assert.rejects(runGrid(product(), { grid, jobs: 0 }), /jobs is 0, wanted a whole number/);
  await assert.rejects(runGrid(product(), { grid: [] }), /the grid is empty/);
  await assert.rejects(runGrid(product(), {} as never), /grid is undefined, wanted values/);
  const onRow = () => {
    throw new Error("of the hook");
  };
  await assert.rejects(runGrid(product(), { grid, kernel: "deno", onRow }), /of the hook/);
});
