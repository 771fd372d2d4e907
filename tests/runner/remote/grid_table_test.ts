import assert from "node:assert/strict";
import { gridTable } from "../../../src/runner/remote/grid_table.ts";
import type { GridRow } from "../../../src/runner/remote/run_grid.ts";

function row(index: number, fields: Partial<GridRow>): GridRow {
  const common = { index, parameters: {}, results: {}, warnings: [] };
  return { ...common, status: "ok", durationMs: 1234, ...fields };
}

function tableOf(...rows: GridRow[]) {
  return gridTable({ rows, status: "ok", durationMs: 1 });
}

Deno.test("gridTable() has a column for every parameter and value that any row has", () => {
  const { text, csv } = tableOf(
    row(0, {
      parameters: { lr: 0.1, head: "mlp" },
      results: { auc: 0.95 },
      path: "out/n_001.ipynb",
    }),
    row(1, {
      parameters: { lr: 0.01, head: "linear" },
      status: "error",
      error: new Error("Cell 3 failed with ValueError: no\nlong traceback"),
      results: { n: [1, 2] },
    }),
  );
  assert.deepEqual(text.split("\n"), [
    "  lr  head    status  seconds   auc  n      error                              notebook",
    "----  ------  ------  -------  ----  -----  ---------------------------------  ---------------",
    " 0.1  mlp     ok          1.2  0.95                                            out/n_001.ipynb",
    "0.01  linear  error       1.2        [1,2]  Cell 3 failed with ValueError: no",
  ]);
  assert.equal(
    csv,
    "lr,head,status,seconds,auc,n,error,notebook\r\n" +
      "0.1,mlp,ok,1.2,0.95,,,out/n_001.ipynb\r\n" +
      '0.01,linear,error,1.2,,"[1,2]",Cell 3 failed with ValueError: no,\r\n',
  );
});

Deno.test("gridTable() lets no value run as a formula, break the table or hide a column", () => {
  const { text, csv } = tableOf(row(0, {
    parameters: { lr: "=1+1" },
    results: { lr: -1, "@name": "a\nb\x1b[31m", status: "fine" },
  }));
  assert.match(
    csv,
    /^lr,status,seconds,lr \(result\),'@name,status \(result\)\r\n'=1\+1,ok,1.2,-1,/,
  );
  assert.equal(text.split("\n").length, 3);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /\x1b/);
});
