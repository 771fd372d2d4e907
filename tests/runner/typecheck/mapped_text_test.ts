import assert from "node:assert/strict";
import {
  lineColumnAt,
  MappedText,
  offsetAt,
  offsetAtCodePoint,
} from "../../../src/runner/typecheck/mapped_text.ts";

Deno.test("MappedText.placeAt() knows copies, stand-ins and glue", () => {
  const text = new MappedText(), inner = new MappedText();
  text.glue("{\n");
  inner.copy("0123456789", { cellIndex: 3, offset: 2 }, 5);
  inner.standIn("abc", { cellIndex: 4, offset: 7 });
  inner.copy("", { cellIndex: 5, offset: 0 }, 0);
  text.append(inner);
  text.glue("}");
  assert.equal(text.text, "{\n234abc}");
  const places = [...text.text].map((_, i) => text.placeAt(i)).map((place) =>
    place === undefined ? "glue" : `${place.cellIndex}/${place.offset}`
  );
  assert.deepEqual(places, ["glue", "glue", "3/2", "3/3", "3/4", "4/7", "4/7", "4/7", "glue"]);
  assert.equal(text.placeAt(99), undefined);
});

Deno.test("MappedText.copy() keeps lengths, with line ends that all compilers agree on", () => {
  const text = new MappedText();
  text.copy("a\rb\r\nc\u2028d\u2029e\n", { cellIndex: 0, offset: 0 }, 99);
  assert.equal(text.text, "a\nb\r\nc d e\n");
});

Deno.test("offsetAt() and offsetAtCodePoint() count columns in their units", () => {
  const text = "ab\n😀😀cd\r\nef";
  assert.equal(offsetAt(text, { line: 1, column: 2 }), 1);
  assert.equal(offsetAt(text, { line: 2, column: 5 }), 7);
  assert.equal(text[offsetAt(text, { line: 2, column: 5 })], "c");
  assert.equal(text[offsetAtCodePoint(text, { line: 2, column: 3 })], "c");
  assert.equal(text[offsetAtCodePoint(text, { line: 2, column: 4 })], "d");
  assert.equal(text[offsetAt(text, { line: 3, column: 2 })], "f");
  assert.equal(offsetAt(text, { line: 9, column: 1 }), text.length);
  assert.equal(offsetAt(text, { line: 3, column: 99 }), text.length);
});

Deno.test("lineColumnAt() counts as editors do", () => {
  const text = "a\rb\r\n😀c\u2028d\n";
  const at = (offset: number) => Object.values(lineColumnAt(text, offset)).join(":");
  assert.equal(at(0), "1:1");
  assert.equal(at(text.indexOf("b")), "2:1");
  assert.equal(at(text.indexOf("\r\n")), "2:2");
  assert.equal(at(text.indexOf("c")), "3:3");
  assert.equal(at(text.indexOf("d")), "3:5");
  assert.equal(at(text.length), "4:1");
});
