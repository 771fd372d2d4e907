import assert from "node:assert/strict";
import { decodeImage, encodePng } from "../../src/images/mod.ts";

Deno.test("encodePng() keeps every pixel", async () => {
  const data = new Uint8Array(5 * 4 * 3).map((_, i) => (i * 37) % 256);
  const decoded = await decodeImage(encodePng({ width: 5, height: 4, data, channels: 3 }));
  assert.deepEqual(decoded, { width: 5, height: 4, data });
});

Deno.test("encodePng() gives the same bytes for the same pixels", () => {
  const pixels = { width: 2, height: 2, data: new Uint8Array(4).fill(7), channels: 1 } as const;
  assert.deepEqual(encodePng(pixels), encodePng(pixels));
});

Deno.test("encodePng() refuses bytes that do not fit the size", () => {
  const data = new Uint8Array(11);
  assert.throws(
    () => encodePng({ width: 2, height: 2, data, channels: 3 }),
    /found 11 bytes.*wanted 12/,
  );
  assert.throws(() => encodePng({ width: 2, height: 2, data, channels: 2 as never }), RangeError);
  assert.throws(
    () => encodePng({ width: 2, height: 2, data, channels: 3, texts: {} } as never),
    { name: "TypeError", message: /unknown option "texts".*Did you mean "text"/ },
  );
  assert.throws(
    () => encodePng({ width: 0, height: 0, data: new Uint8Array(), channels: 1 }),
    RangeError,
  );
});
