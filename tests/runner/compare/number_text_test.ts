import assert from "node:assert/strict";
import { compareNumbers } from "../../../src/runner/compare/number_text.ts";
import { isClose } from "../../../src/runner/compare/number_tolerance.ts";

const RELATIVE = { tolerance: { relative: 0.01 } };

Deno.test("isClose() adds the absolute and the relative tolerance to the stored number", () => {
  assert.equal(isClose(100, 101, { relative: 0.01 }), true);
  assert.equal(isClose(100, 101.001, { relative: 0.01 }), false);
  assert.equal(isClose(0, 1e-9, { relative: 0.5 }), false);
  assert.equal(isClose(0, 1e-9, { absolute: 1e-9 }), true);
  assert.equal(isClose(10, 10.3, { relative: 0.01, absolute: 0.2 }), true);
  assert.equal(isClose(10, 10.31, { relative: 0.01, absolute: 0.2 }), false);
  assert.equal(isClose(1, 2, {}), false);
  assert.equal(isClose(1, 1 + Number.EPSILON, {}), false);
});

Deno.test("isClose() takes NaN and the infinities for near themselves alone", () => {
  const values = [NaN, Infinity, -Infinity, 1];
  for (const a of values) {
    for (const b of values) {
      assert.equal(isClose(a, b, { relative: 10, absolute: 10 }), Object.is(a, b), `${a} ${b}`);
    }
  }
  assert.equal(isClose(0, -0, {}), true);
});

Deno.test("compareNumbers() finds numbers of all forms near", () => {
  const pairs = [
    ["loss: 0.5012, acc=97%", "loss: 0.5013, acc=97.1%"],
    ["[1. .5 -2e-3 +4E5]", "[1.001 0.501 -2.001e-3 400001.]"],
    ["nan NaN inf -inf Infinity", "NaN nan Inf -Infinity inf"],
    ["3-2 1.0+2.0j (1,-2)", "3-2.001 1.001+2.001j (1.00,-2)"],
    ["1.0+1e-300j", "1.0+1.001e-300j"],
    ["2.5s 10ms 1e3px", "2.51s 10.1ms 1001px"],
    ["a\nb 1\n", "a\nb 1.0\n"],
  ];
  for (const [stored, fresh] of pairs) {
    assert.equal(compareNumbers(stored, fresh, RELATIVE)?.differing, 0, `${stored} ~ ${fresh}`);
    assert.notEqual(stored, fresh);
  }
});

Deno.test("compareNumbers() wants the text around the numbers and their count equal", () => {
  const pairs = [
    ["loss 1", "Loss 1"],
    ["1 2", "1 2 3"],
    ["1 2 3", "1 2"],
    ["1, 2", "1; 2"],
    ["x1 2", "x2 2"],
    ["float32 1", "float64 1"],
    ["0x7f 1", "0x8f 1"],
    ["1 a", "1 b"],
    ["a", "1"],
    ["info", "inf"],
    ["nano", "nan"],
    ["1\n2", "1 2"],
    ["1", ""],
  ];
  for (const [stored, fresh] of pairs) {
    const options = { tolerance: { absolute: 100, relative: 100 } };
    assert.equal(compareNumbers(stored, fresh, options), undefined, `${stored} / ${fresh}`);
    assert.equal(compareNumbers(fresh, stored, options), undefined, `${fresh} / ${stored}`);
  }
});

Deno.test("compareNumbers() lets padding change only where a number's width does", () => {
  const table = ["    a     b\n0  1.0  20.0", "     a      b\n0  1.01  20.01"];
  assert.equal(compareNumbers(table[0], table[1], RELATIVE)?.differing, 0);
  assert.equal(compareNumbers("[ 9.99 1.  ]", "[10.   1.01]", RELATIVE)?.differing, 0);
  assert.equal(compareNumbers("a   1.0", "a 1.0", RELATIVE), undefined);
  assert.equal(compareNumbers("a   1.0", "a 1.1", { tolerance: { relative: 1 } }), undefined);
});

Deno.test("compareNumbers() says which number differs and by how much", () => {
  const found = compareNumbers("a 1\nb 2 0.5\nc 3", "a 1\nb 2 0.75\nc 4", RELATIVE);
  assert.deepEqual([found?.differing, found?.count, found?.largest], [2, 4, 1]);
  assert.equal(
    found?.message,
    "number 3 in line 2: stored 0.5, fresh 0.75 (off by 0.25, relative 0.5)",
  );
  assert.equal(compareNumbers("1 1", "4 2", RELATIVE)?.largest, 3);
  assert.equal(
    compareNumbers("0", "1e-9", RELATIVE)?.message,
    "number 1: stored 0, fresh 1e-9 (off by 1e-9)",
  );
  assert.match(compareNumbers("1", "nan", RELATIVE)?.message ?? "", /not comparable/);
});

Deno.test("compareNumbers() reads the numbers of paths, and no colours or references", () => {
  const options = { tolerance: { absolute: 0.01 }, svg: true };
  assert.equal(
    compareNumbers("M10-5L.5.5 3,4Z", "M10.001 -5L 0.5 .501,3 4Z", options)?.differing,
    0,
  );
  assert.equal(compareNumbers("M10 5", "M 10,5", options)?.differing, 0);
  assert.equal(compareNumbers("M10-5", "M10-6", options)?.differing, 1);
  const wide = { tolerance: { absolute: 1e9 }, svg: true };
  assert.equal(compareNumbers("#1f77b4", "#1f77b5", wide), undefined);
  assert.equal(compareNumbers("url(#id1) 2", "url(#id2) 2", wide), undefined);
  assert.equal(compareNumbers("url(#id1) 2", "url(#id1) 3", wide)?.differing, 0);
});

// Text of this size must not take a time that grows with its square.
Deno.test("compareNumbers() takes megabytes of numbers, digits and blanks", () => {
  const numbers = "0.12345 ".repeat(700_000);
  const found = compareNumbers(numbers, `${numbers}`.replace(/5 $/, "6 "), RELATIVE);
  assert.deepEqual([found?.differing, found?.count], [0, 700_000]);
  const digits = "1".repeat(5_000_000), blanks = " ".repeat(5_000_000);
  assert.equal(compareNumbers(`${digits}x`, `${digits}y`, RELATIVE), undefined);
  assert.equal(compareNumbers(`a${blanks}b 1`, `a ${blanks}b 1.0`, RELATIVE)?.differing, 0);
  assert.equal(compareNumbers("-".repeat(5_000_000), "+".repeat(5_000_000), RELATIVE), undefined);
});
