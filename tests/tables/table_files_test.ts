import assert from "node:assert/strict";
import { toCsv } from "../../src/metrics/to_csv.ts";
import { confidenceTable } from "../../src/metrics/confidence_table.ts";
import { readCsv } from "./_read_csv.ts";
import { fromParquet, toParquet } from "../../src/tables/parquet.ts";
import { tableFiles } from "../../src/tables/table_files.ts";
import { toDataFrame } from "../../src/tables/to_data_frame.ts";

const rows = [
  { text: "no DR", unicode: "日本 é 👁", whole: 3, share: 0.1, right: true, gap: null },
  { text: 'a "b", c\r\nd', unicode: "", whole: -7, share: 1e-300, right: false, gap: null },
  { text: null, unicode: "\u0000\t", whole: 2 ** 53 - 1, share: 2, right: null, gap: null },
];

Deno.test("tableFiles() holds the same rows in JSON, Parquet and CSV", async () => {
  const { csv, json, parquet } = await tableFiles(rows, { name: "all" });
  assert.deepEqual(JSON.parse(json).rows, rows);
  assert.deepEqual(await fromParquet(parquet!), rows);
  const [header, ...lines] = readCsv(csv);
  assert.deepEqual(header, Object.keys(rows[0]));
  const cells = rows.map((row) =>
    Object.values(row).map((value) => value === null ? "" : `${value}`)
  );
  assert.deepEqual(lines, cells);
});

Deno.test("tableFiles() says the types, and whole numbers stay whole", async () => {
  const { json, parquet } = await tableFiles(rows, { name: "all" });
  const { schema, name, columns } = JSON.parse(json);
  assert.deepEqual([schema, name], ["qsight.table/1", "all"]);
  assert.deepEqual(columns.map(({ type }: { type: string }) => type), [
    "text",
    "text",
    "integer",
    "number",
    "boolean",
    "text",
  ]);
  const frame = await toDataFrame(await fromParquet(parquet!));
  assert.deepEqual(frame.dtypes.map((type) => type.toString()), [
    "DataType(String)",
    "DataType(String)",
    "DataType(Int64)",
    "DataType(Float64)",
    "DataType(Bool)",
    "DataType(String)",
  ]);
});

Deno.test("a confidence table with an absent class goes through all three formats", async () => {
  const table = confidenceTable({
    yTrue: [0, 1],
    heads: { a: [1, 0, 0, 0.5, 0.5, 0] },
    classes: 3,
  });
  const { csv, json, parquet } = await tableFiles(table.rows, { name: "confidence_table" });
  assert.deepEqual(JSON.parse(json).rows, table.rows);
  assert.deepEqual(await fromParquet(parquet!), table.rows);
  assert.equal(csv, toCsv(table));
});

Deno.test("NaN and infinities are null in every format, -0 is 0, a half surrogate U+FFFD", async () => {
  const { csv, json, parquet } = await tableFiles(
    [{ a: NaN, b: Infinity, c: -Infinity, d: -0, e: "x\ud800", f: undefined }, { a: 0.5 }],
    { name: "n" },
  );
  const wanted = [
    { a: null, b: null, c: null, d: 0, e: "x\ufffd", f: null },
    { a: 0.5, b: null, c: null, d: null, e: null, f: null },
  ];
  assert.deepEqual(JSON.parse(json).rows, wanted);
  assert.deepEqual(await fromParquet(parquet!), wanted);
  assert.ok(Object.is((await fromParquet(parquet!))[0].d, 0));
  assert.equal(csv, "a,b,c,d,e,f\r\n,,,0,x\ufffd,\r\n0.5,,,,,\r\n");
});

Deno.test("no text of a table's CSV runs in a spreadsheet; JSON and Parquet keep it as it is", async () => {
  for (const label of ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"]) {
    const { csv, json, parquet } = await tableFiles([{ label }], { name: "evil" });
    assert.equal(readCsv(csv)[1][0], `'${label}`);
    assert.equal(JSON.parse(json).rows[0].label, label);
    assert.deepEqual(await fromParquet(parquet!), [{ label }]);
  }
  assert.match((await tableFiles([{ "=x": 1 }], { name: "evil" })).csv, /^'=x\r\n/);
});

Deno.test("types keep one schema where the values of an epoch would give another", async () => {
  const types = { recall: "number", flag: "text", n: "integer" } as const;
  const frame = async (row: object) => await toDataFrame([row], { types });
  const whole = await frame({ recall: 1, flag: null, n: null });
  const broken = await frame({ recall: 0.5, flag: "NaN", n: 3 });
  assert.deepEqual(whole.dtypes.map(String), broken.dtypes.map(String));
  const none = await tableFiles([], { name: "none", types });
  assert.equal(none.csv, "recall,flag,n\r\n");
  assert.deepEqual(await fromParquet(none.parquet!), []);
});

Deno.test("tables without rows, without columns, and of one column have files", async () => {
  const none = await tableFiles([], { name: "none" });
  assert.deepEqual([none.csv, JSON.parse(none.json).rows], ["\r\n", []]);
  assert.deepEqual(await fromParquet(none.parquet!), []);
  assert.equal((await tableFiles([{ a: null }], { name: "one" })).csv, "a\r\n\r\n");
});

Deno.test("the same rows give the same bytes", async () => {
  assert.deepEqual(await toParquet(rows), await toParquet(structuredClone(rows)));
});

Deno.test("what no format can hold is refused, naming column and row", async () => {
  const refuses = async (bad: object[], message: RegExp, options: object = {}) => {
    const call = async () => await tableFiles(bad, { name: "bad", ...options });
    await assert.rejects(call, { name: "TypeError", message });
  };
  await refuses([{ a: 1 }, { a: "x" }], /column "a" mixes number and string, wanted one type/);
  await refuses([{ a: 1 }, { a: [1] }], /column "a", row 1 holds a object/);
  await refuses([{ a: 1n }], /column "a", row 0 holds a bigint/);
  await refuses([[1]], /row 0 is an array/);
  await refuses([{ recall: 1 }], /"recal", which no row has. Did you mean "recall"/, {
    types: { recal: "number" },
  });
  await refuses([{ a: 0.5 }], /"a" is to be integer, found 0.5 in row 0/, {
    types: { a: "integer" },
  });
  await refuses([{ a: 1 }], /type "float" of column "a", wanted one of text/, {
    types: { a: "float" },
  });
  await refuses([{ a: 1 }], /unknown option "nam".*"name"/, { nam: "x" });
  await assert.rejects(() => tableFiles([], {} as never), /found no name/);
  for (const length of [0, 2, 20]) {
    await assert.rejects(() => fromParquet(new Uint8Array(length)), /no Parquet file/);
  }
});

Deno.test("a data frame shows itself in a notebook, with text as text", async () => {
  const frame = await toDataFrame([{ label: "<script>alert(1)</script>" }]);
  const display = (frame as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for("Jupyter.display")
  ];
  const html = display.call(frame)["text/html"];
  assert.match(html, /<table>/);
  assert.ok(!html.includes("<script>"));
});
