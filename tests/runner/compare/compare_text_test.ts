import assert from "node:assert/strict";
import { compareText, excerpt, firstDifference } from "../../../src/runner/compare/compare_text.ts";

Deno.test("compareText() wants equal texts without a tolerance, and says whether one would do", () => {
  assert.equal(compareText("a\n", "a\n", undefined), undefined);
  assert.deepEqual(compareText("x 1.0\n", "x 1.5\n", undefined), {
    kind: "text",
    message: 'line 1: stored "x 1.0", fresh "x 1.5" (only numbers differ, by 0.5 at most)',
    stored: "x 1.0\n",
    fresh: "x 1.5\n",
  });
  assert.equal(compareText("7\n", "7", undefined)?.kind, "text");
  const difference = compareText("1.0", "1.00", undefined);
  assert.equal(difference?.message, 'line 1: stored "1.0", fresh "1.00"');
});

Deno.test("compareText() with a tolerance compares number by number", () => {
  assert.equal(compareText("1.0 a", "1.001 a", { relative: 0.01 }), undefined);
  const numbers = compareText("1 2 3", "1 3 4", { relative: 0.01 });
  assert.equal(numbers?.kind, "number");
  assert.equal(
    numbers?.message,
    "number 2: stored 2, fresh 3 (off by 1, relative 0.5); 2 of 3 numbers differ",
  );
  const text = compareText("1.0 a", "1.0 b", { relative: 0.01 });
  assert.deepEqual([text?.kind, text?.message], ["text", 'line 1: stored "1.0 a", fresh "1.0 b"']);
});

Deno.test("firstDifference() shows the line that differs, cut to the place", () => {
  assert.equal(firstDifference("a\nb\nc", "a\nB\nc"), 'line 2: stored "b", fresh "B"');
  assert.equal(firstDifference("a\nb\n", "a\n"), 'line 2: stored "b", fresh nothing');
  assert.equal(firstDifference("a\n", "a\nb\n"), 'line 2: stored nothing, fresh "b"');
  assert.equal(firstDifference("7\n", "7"), 'line 1: only the stored text goes on after "7"');
  assert.equal(firstDifference("a\nb", "a\n\nb"), 'line 2: stored "b", fresh ""');
  assert.equal(firstDifference("", "x"), 'line 1: stored "", fresh "x"');
  const long = "x".repeat(100);
  const message = firstDifference(`${long}1${long}`, `${long}2${long}`);
  assert.match(message, /^line 1: stored …"x{30}1x{29}"…, fresh …"x{30}2x{29}"…$/);
});

Deno.test("firstDifference() takes megabytes, as one line and as many", () => {
  const line = "x".repeat(5_000_000), lines = "0123456789\n".repeat(500_000);
  assert.match(firstDifference(`${line}a`, `${line}b`), /^line 1: stored …".*a", fresh …".*b"$/);
  assert.match(firstDifference(`${lines}a`, `${lines}b`), /^line 500001: stored "a", fresh "b"$/);
});

Deno.test("excerpt() is the first line, cut", () => {
  assert.equal(excerpt("a\n"), '"a"');
  assert.equal(excerpt("\n a\nb"), '"a"…');
  assert.equal(excerpt("x".repeat(100)), `"${"x".repeat(60)}"…`);
});
