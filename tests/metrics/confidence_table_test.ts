import assert from "node:assert/strict";
import { confidenceTable } from "../../src/metrics/confidence_table.ts";
import { toCsv } from "../../src/metrics/to_csv.ts";

const classes = ["no DR", "mild", "severe"];
// Class 0: p(true) .5 right, .3 wrong. Class 1: .6 right.
const a = Float32Array.of(0.5, 0.25, 0.25, 0.3, 0.6, 0.1, 0.2, 0.6, 0.2);
const yTrue = [0, 0, 1];
const near = (found: number | null, wanted: number) =>
  assert.ok(found !== null && Math.abs(found - wanted) < 1e-6, `${found}, wanted ${wanted}`);

Deno.test("confidenceTable() equals hand-computed means, which are not the recall", () => {
  const [none, mild] = confidenceTable({ yTrue, heads: { a }, classes }).rows;
  near(none.meanTrueProbability, 0.4);
  near(none.recall, 0.5);
  near(none.meanMargin, (0.25 - 0.3) / 2);
  const entropy = (...p: number[]) => p.reduce((sum, x) => sum - x * Math.log(x), 0);
  near(none.meanEntropy, (entropy(0.5, 0.25, 0.25) + entropy(0.3, 0.6, 0.1)) / 2);
  near(mild.meanTrueProbability, 0.6);
  near(mild.recall, 1);
  assert.deepEqual([none.count, none.label, none.class, none.head], [2, "no DR", 0, "a"]);
});

Deno.test("confidenceTable() of an absent class is null with count 0", () => {
  const severe = confidenceTable({ yTrue, heads: { a }, classes }).rows[2];
  assert.deepEqual(severe, {
    head: "a",
    class: 2,
    label: "severe",
    count: 0,
    meanTrueProbability: null,
    meanMargin: null,
    meanEntropy: null,
    recall: null,
    invalid: 0,
    flag: null,
  });
});

Deno.test("confidenceTable() of a certain head has entropy 0, not NaN, and margin 1", () => {
  const table = confidenceTable({ yTrue: [1], heads: { a: [0, 1, 0] }, classes });
  const { meanEntropy, meanMargin, recall } = table.rows[1];
  assert.deepEqual([meanEntropy, meanMargin, recall], [0, 1, 1]);
});

Deno.test("confidenceTable() has exactly the active heads, for every mask of three heads", () => {
  for (let mask = 0; mask < 8; mask++) {
    const heads = {
      classical_a: mask & 1 ? a : null,
      classical_b: mask & 2 ? a : null,
      quantum: mask & 4 ? a : null,
    };
    const table = confidenceTable({ yTrue, heads, classes });
    const wanted = ["classical_a", "classical_b", "quantum"].filter((_, i) => mask & (1 << i));
    assert.deepEqual(table.heads, wanted);
    assert.equal(table.masked.length, 3 - wanted.length);
    assert.equal(table.rows.length, 3 * wanted.length);
    assert.deepEqual([...new Set(table.rows.map((row) => row.head))], wanted);
  }
});

Deno.test("confidenceTable() flags rows that are no probabilities and uses the others", () => {
  const bad: [string, number[]][] = [
    ["NaN", [NaN, 0.5, 0.5]],
    ["a logit", [3, -1, -1]],
    ["a wrong sum", [0.5, 0.4, 0.4]],
  ];
  for (const [what, row] of bad) {
    const broken = a.slice();
    broken.set(row, 3);
    const none = confidenceTable({ yTrue, heads: { a: broken }, classes }).rows[0];
    near(none.meanTrueProbability, 0.5);
    assert.deepEqual([none.count, none.invalid], [2, 1], what);
    assert.match(none.flag ?? "", /1 of 2 rows are left out/);
  }
  const all = confidenceTable({ yTrue, heads: { a: new Float32Array(9).fill(NaN) }, classes });
  assert.equal(all.rows[0].meanTrueProbability, null);
  assert.ok(all.rows.every((row) => !Object.values(row).some(Number.isNaN)));
});

Deno.test("confidenceTable() survives JSON and knows classes by number", () => {
  const table = confidenceTable({ yTrue, heads: { a }, classes: 3 });
  assert.deepEqual(JSON.parse(JSON.stringify(table)), table);
  assert.deepEqual(table.classes, ["0", "1", "2"]);
});

Deno.test("confidenceTable() rejects wrong lengths and labels, naming the head", () => {
  assert.throws(
    () => confidenceTable({ yTrue, heads: { quantum: [1] }, classes }),
    /head "quantum": 1 probabilities, wanted 3 rows × 3 classes/,
  );
  assert.throws(() => confidenceTable({ yTrue: [3], heads: {}, classes }), /label 3/);
  assert.throws(() => confidenceTable({ yTrue, heads: {}, class: 3 } as never), /"classes"/);
  // A head that does not exist is a compile error.
  const table = confidenceTable({ yTrue, heads: { a }, classes });
  // @ts-expect-error "b" is no head of this table
  assert.equal(table.heads.includes("b"), false);
});

Deno.test("toCsv() round trip of a confidence table", () => {
  const table = confidenceTable({ yTrue, heads: { a }, classes });
  const [header, ...lines] = toCsv(table).trimEnd().split("\r\n").map((line) => line.split(","));
  assert.deepEqual(header, Object.keys(table.rows[0]));
  lines.forEach((line, i) => {
    const row = table.rows[i];
    assert.equal(line[2], row.label);
    assert.equal(line[4] === "" ? null : Number(line[4]), row.meanTrueProbability);
  });
});

Deno.test("toCsv() never writes a cell that a spreadsheet runs", () => {
  for (const label of ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"]) {
    const cell = toCsv([{ label }]).split("\r\n").slice(1).join("\r\n").replace(/^"/, "");
    assert.equal(cell[0], "'", JSON.stringify(label));
  }
  assert.equal(toCsv([{ "=evil": 1 }]), "'=evil\r\n1\r\n");
  assert.equal(toCsv([{ margin: -0.25 }]), "margin\r\n-0.25\r\n");
});

Deno.test("toCsv() quotes and leaves gaps where a row lacks a column", () => {
  assert.equal(
    toCsv([{ a: 'x"y', b: "1,2" }, { c: true }]),
    'a,b,c\r\n"x""y","1,2",\r\n,,true\r\n',
  );
});
