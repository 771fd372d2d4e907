import assert from "node:assert/strict";
import { decode } from "fast-png";
import { encodePng } from "../../src/images/encode_png.ts";

Deno.test("encodePng() keeps notes in the file and leaves the pixels as they are", () => {
  const pixels = {
    width: 2,
    height: 1,
    data: Uint8Array.of(1, 2, 3, 4, 5, 6),
    channels: 3,
  } as const;
  const { data, text } = decode(encodePng({ ...pixels, text: { Comment: "synthetic image" } }));
  assert.deepEqual([...data], [...pixels.data]);
  assert.deepEqual({ ...text }, { Comment: "synthetic image" });
  assert.deepEqual({ ...decode(encodePng(pixels)).text }, {});
});
