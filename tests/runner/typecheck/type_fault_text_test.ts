import assert from "node:assert/strict";
import { typeFaultText } from "../../../src/runner/typecheck/type_fault_text.ts";
import { notebookOf } from "./_check.ts";

const fault = {
  path: "n/a.ipynb",
  cellIndex: 1,
  cellId: "x",
  kind: "type" as const,
  code: "TS2322",
  message: "One.\n  Two.",
};
const head = (line: number, column: number) =>
  `n/a.ipynb, cell 1, line ${line}, column ${column}: TS2322\n  One.\n    Two.`;

Deno.test("typeFaultText() shows the line with a mark below the column", () => {
  const notebook = notebookOf(["first", "a\r\n\t😀日e\u0301 nosuch\r\nb"]);
  assert.equal(
    typeFaultText({ ...fault, line: 2, column: 8 }, notebook),
    `${head(2, 8)}\n  2 | \t😀日e\u0301 nosuch\n    | \t      ^`,
  );
  assert.equal(
    typeFaultText({ ...fault, line: 3, column: 1 }, notebook),
    `${head(3, 1)}\n  3 | b\n    | ^`,
  );
});

Deno.test("typeFaultText() shows of a long line the part around the column", () => {
  const long = `${"a".repeat(100)}HERE${"b".repeat(100)}`;
  const text = typeFaultText({ ...fault, line: 1, column: 101 }, notebookOf(["", long]));
  const [, , , line, mark] = text.split("\n");
  assert.equal(line, `  1 | …${"a".repeat(60)}HERE${"b".repeat(56)}…`);
  assert.equal(mark.indexOf("^"), line.indexOf("HERE"));
  const [, , , start] = typeFaultText({ ...fault, line: 1, column: 5 }, notebookOf(["", long]))
    .split("\n");
  assert.equal(start, `  1 | ${long.slice(0, 120)}…`);
});

Deno.test("typeFaultText() does without the notebook, or with another one", () => {
  assert.equal(typeFaultText({ ...fault, line: 1, column: 2 }), head(1, 2));
  assert.equal(typeFaultText({ ...fault, line: 1, column: 2 }, notebookOf(["a"])), head(1, 2));
  assert.equal(typeFaultText({ ...fault, line: 5, column: 2 }, notebookOf(["a", "b"])), head(5, 2));
});
