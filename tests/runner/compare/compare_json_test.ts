import assert from "node:assert/strict";
import { compareJson } from "../../../src/runner/compare/compare_json.ts";

const EXACT = { tolerance: undefined, sanitize: (text: string) => text };
const messageOf = (stored: unknown, fresh: unknown, options = EXACT) =>
  compareJson(stored, fresh, options)?.message;

Deno.test("compareJson() does not mind the order of keys", () => {
  const stored = { a: 1, b: [true, null, { c: "x", d: {} }] };
  assert.equal(compareJson(stored, { b: [true, null, { d: {}, c: "x" }], a: 1 }, EXACT), undefined);
});

Deno.test("compareJson() names the path of the first difference, and how many there are", () => {
  assert.equal(
    messageOf({ data: [{ y: [1, 2] }, 5] }, { data: [{ y: [1, 4] }, 6] }),
    "$.data[0].y[1]: stored 2, fresh 4 (off by 2, relative 1); 2 places differ",
  );
  assert.equal(messageOf({ "a b": "x" }, { "a b": "y" }), '$["a b"]: stored "x", fresh "y"');
  assert.equal(messageOf(1, "1"), '$: stored 1, fresh "1"');
  assert.equal(messageOf(null, {}), "$: stored null, fresh an object of 0 keys");
  assert.equal(messageOf([], {}), "$: stored a list of 0, fresh an object of 0 keys");
  assert.equal(messageOf({ a: 1 }, {}), "$.a: stored, and did not come");
  assert.equal(messageOf({}, { a: undefined }), "$.a: came, and is not stored");
  assert.equal(messageOf([1, 2], [1]), "$: stored 2 items, fresh 1");
  assert.equal(
    messageOf({ __proto__: null, toString: 1 }, {}),
    "$.toString: stored, and did not come",
  );
  assert.match(messageOf("x".repeat(99), "") ?? "", /^\$: stored "x+…, fresh ""$/);
});

Deno.test("compareJson() takes near numbers for equal with a tolerance alone", () => {
  const near = { ...EXACT, tolerance: { relative: 0.01 } };
  assert.equal(messageOf({ a: [1] }, { a: [1.001] }, near as never), undefined);
  assert.equal(compareJson({ a: [1] }, { a: [1.001] }, EXACT)?.kind, "json");
  assert.equal(compareJson([1], [2], near)?.kind, "number");
  assert.equal(compareJson([1, "a"], [2, "b"], near)?.kind, "json");
});

Deno.test("compareJson() sanitises strings and shows both sides with sorted keys", () => {
  const options = { ...EXACT, sanitize: (text: string) => text.replace(/\d+/g, "N") };
  assert.equal(compareJson(["at 12"], ["at 13"], options), undefined);
  const difference = compareJson({ b: "12", a: 1 }, { a: 2, b: "13" }, options);
  assert.equal(difference?.stored, '{\n "a": 1,\n "b": "N"\n}');
  assert.equal(difference?.fresh, '{\n "a": 2,\n "b": "N"\n}');
});
