import assert from "node:assert/strict";
import { escapeMarkup } from "../../src/_internal/escape_markup.ts";
import { printable } from "../../src/_internal/printable.ts";
import { textColumns } from "../../src/_internal/text_columns.ts";

Deno.test("textColumns() aligns to the widest cell and ends no line with spaces", () => {
  const rows = [["a", "1"], ["longer", "20"]];
  assert.equal(
    textColumns(["name", "n"], rows, { toRight: (column) => column === 1 }),
    "name     n\n------  --\na        1\nlonger  20",
  );
  assert.equal(
    textColumns(["name", "n"], rows, { rule: false }),
    "name    n\na       1\nlonger  20",
  );
  assert.equal(textColumns(["name"], []), "name\n----");
});

Deno.test("textColumns() keeps what a terminal would obey out of the table", () => {
  assert.equal(textColumns(["a"], [["x\u001b[2J\ny"]]), "a\n-------\nx [2J y");
});

Deno.test("printable() leaves one line of whole characters", () => {
  assert.equal(printable("a\r\n\tb\u0085\u2028c"), "a b c");
  assert.equal(printable("\ud800x\udc00, 😀"), "\ufffdx\ufffd, 😀");
});

Deno.test("escapeMarkup() leaves nothing that opens a tag, an entity or ends a quote", () => {
  assert.equal(escapeMarkup(`<a b="c">&'\``), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;&#96;");
});
