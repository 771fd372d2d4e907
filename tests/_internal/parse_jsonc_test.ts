import assert from "node:assert/strict";
import { parseJsonc } from "../../src/_internal/parse_jsonc.ts";

Deno.test("parseJsonc() reads comments and trailing commas, and leaves texts alone", () => {
  const text = '\uFEFF// first\n{ "a": "//b, /* c */ ,}", /* d\n */ "e\\"": [1, 2,], // f\r\n}';
  assert.deepEqual(parseJsonc(text), { a: "//b, /* c */ ,}", 'e"': [1, 2] });
});

Deno.test("parseJsonc() names faults by the line and column of the text as it stands", () => {
  assert.throws(() => parseJsonc('// one\n/* two\n three */ { "a" 1 }'), /line 3 column 17/);
  for (const text of ["{,}", "[1,,]", '{"a":,}', "", "{ /* open", '{"a": 1} // x\n}']) {
    assert.throws(() => parseJsonc(text), SyntaxError, text);
  }
});
