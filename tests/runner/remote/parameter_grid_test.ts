import assert from "node:assert/strict";
import { parameterGrid, parseGrid } from "../../../src/runner/remote/parameter_grid.ts";

Deno.test("parameterGrid() gives all combinations, the last parameter fastest", () => {
  assert.deepEqual(parameterGrid({ a: [1, 2], b: ["x", "y"], c: [null] }), [
    { a: 1, b: "x", c: null },
    { a: 1, b: "y", c: null },
    { a: 2, b: "x", c: null },
    { a: 2, b: "y", c: null },
  ]);
  assert.deepEqual(parameterGrid({}), [{}]);
});

Deno.test("parameterGrid() refuses what has no values", () => {
  assert.throws(() => parameterGrid({ lr: [] }), /"lr" has no values/);
  assert.throws(() => parameterGrid({ lr: 0.1 as never }), /"lr" is number, wanted a list/);
});

Deno.test("parseGrid() reads values by their look", () => {
  const texts = ["lr=1e-3, .5,-2", "on=true,False", "none=null,None", "text=a b,1x,="];
  assert.deepEqual(parseGrid(...texts), {
    lr: [1e-3, 0.5, -2],
    on: [true, false],
    none: [null, null],
    text: ["a b", "1x", "="],
  });
});

Deno.test("parseGrid() says what is no axis", () => {
  for (const text of ["lr", "=1", "1lr=1", "l-r=1"]) {
    assert.throws(() => parseGrid(text), /is no axis of a grid/);
  }
  for (const text of ["lr=", "lr=1,,2", "lr=1,"]) {
    assert.throws(() => parseGrid(text), /has an empty value/);
  }
  assert.throws(() => parseGrid("lr=1", "lr=2"), /"lr" is given twice/);
});
