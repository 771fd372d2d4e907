import assert from "node:assert/strict";
import { settleText } from "../../../src/runner/execute/settle_text.ts";

const MEGABYTES = 2 ** 21;

/** The definition by nbclient's regular expressions, whose time grows with the square of a line. */
function settleByDefinition(text: string): string {
  let settled = text;
  for (let before = ""; before !== settled;) {
    before = settled;
    // deno-lint-ignore no-control-regex
    settled = settled.replace(/[^\n\x08]\x08/gu, "");
  }
  return settled.replace(/[^\n]*\r(?=[^\n])/g, "");
}

Deno.test("settleText() leaves what a terminal would show", () => {
  assert.equal(settleText("10 %\r50 %\r100 %\nb"), "100 %\nb");
  assert.equal(settleText("kept\r\nkept\r"), "kept\r\nkept\r");
  assert.equal(settleText("abc\b\bd\n\be🧪\bf"), "ad\n\bef");
  assert.equal(settleText(""), "");
});

Deno.test("settleText() follows its definition for every text of up to six characters", () => {
  let texts = [""];
  for (let length = 1; length <= 6; length++) {
    texts = texts.flatMap((text) => ["a", "🧪", "\r", "\b", "\n"].map((next) => text + next));
    for (const text of texts) {
      assert.equal(settleText(text), settleByDefinition(text), JSON.stringify(text));
    }
  }
});

// By the definition each of these takes hours.
Deno.test("settleText() takes a line of megabytes", () => {
  const line = "x".repeat(MEGABYTES);
  assert.equal(settleText(line), line);
  assert.equal(settleText(`${line}\r`), `${line}\r`);
  assert.equal(settleText(`a\r${line}`), line);
});

Deno.test("settleText() takes megabytes of carriage returns and of backspaces", () => {
  assert.equal(settleText(`${"x\r".repeat(MEGABYTES / 2)}end`), "end");
  assert.equal(settleText(`${"x".repeat(MEGABYTES)}${"\b".repeat(MEGABYTES)}end`), "end");
});
