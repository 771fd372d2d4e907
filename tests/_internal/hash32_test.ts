import assert from "node:assert/strict";
import { hash32 } from "../../src/_internal/hash32.ts";

Deno.test("hash32() gives known answers, computed apart from this code", () => {
  assert.equal(hash32(""), 2872998923);
  assert.equal(hash32("a"), 444641715);
  assert.equal(hash32("qsight"), 2955985621);
});

Deno.test("hash32() is an unsigned 32-bit integer for any text", () => {
  for (const text of ["", "é", "日本", "😀", "x".repeat(100000)]) {
    const hash = hash32(text);
    assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32, text.slice(0, 10));
  }
});

Deno.test("hash32() spreads near texts: about half of the bits change", () => {
  let changed = 0;
  for (let i = 0; i < 1000; i++) {
    const difference = (hash32(`run-${i}`) ^ hash32(`run-${i + 1}`)) >>> 0;
    changed += difference.toString(2).replaceAll("0", "").length;
  }
  assert.ok(Math.abs(changed / 1000 - 16) < 1, `${changed / 1000} of 32 bits`);
});

Deno.test("hash32() has no collision among ten thousand short names", () => {
  const hashes = new Set(Array.from({ length: 10000 }, (_, i) => hash32(`name ${i}`)));
  // 2^32 places: 0.012 collisions are expected.
  assert.equal(hashes.size, 10000);
});
