import assert from "node:assert/strict";
import { imageAt } from "../../src/data/image_at.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";

Deno.test("imageAt() gives the image at a position, without copying it", () => {
  const set = syntheticFundus({ count: 3, size: 16, seed: 1 });
  const image = imageAt(set, 2);
  assert.deepEqual([image.width, image.height], [16, 16]);
  assert.deepEqual([...image.data], [...set.images.slice(2 * 768)]);
  assert.equal(image.data.buffer, set.images.buffer);
});

Deno.test("imageAt() refuses a position outside the set", () => {
  const set = syntheticFundus({ count: 3, size: 16, seed: 1 });
  for (const index of [-1, 3, 0.5]) {
    assert.throws(() => imageAt(set, index), new RegExp(`found index ${index}, wanted 0…2`));
  }
});
