import assert from "node:assert/strict";
import { toRgbBytes } from "../../src/images/to_rgb_bytes.ts";

Deno.test("toRgbBytes() repeats grey, drops alpha and what lies behind RGB, and keeps RGB", () => {
  const of = (channels: number, ...data: number[]) => [
    ...toRgbBytes(Uint8Array.from(data), { channels }),
  ];
  assert.deepEqual(of(1, 5, 9), [5, 5, 5, 9, 9, 9]);
  assert.deepEqual(of(2, 5, 255, 9, 0), [5, 5, 5, 9, 9, 9]);
  assert.deepEqual(of(4, 1, 2, 3, 255, 4, 5, 6, 0), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(of(5, 1, 2, 3, 7, 8), [1, 2, 3]);
  const rgb = Uint8Array.of(1, 2, 3);
  assert.equal(toRgbBytes(rgb, { channels: 3 }), rgb);
});
