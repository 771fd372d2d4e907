import assert from "node:assert/strict";
import { batches, syntheticFundus, weightedIndices } from "../../src/data/mod.ts";

const SET = syntheticFundus({ count: 13, size: 16, seed: 2 });

Deno.test("weightedIndices() draws shares within three standard errors of the weights", () => {
  const weights = [1, 2, 0, 5, 2], count = 20_000;
  const drawn = weightedIndices(weights, { count, seed: 3 });
  weights.forEach((weight, i) => {
    const p = weight / 10;
    const found = drawn.filter((index) => index === i).length / count;
    const sigma = Math.sqrt(p * (1 - p) / count);
    assert.ok(Math.abs(found - p) <= 3 * sigma, `${i}: ${found}, not ${p}`);
  });
});

Deno.test("weightedIndices() balances classes of 90 to 10, which an order of all images cannot", () => {
  const labels = Array.from({ length: 1000 }, (_, i) => i < 900 ? 0 : 1);
  const drawn = weightedIndices(labels.map((label) => label === 0 ? 1 / 900 : 1 / 100));
  const rare = drawn.filter((index) => labels[index] === 1).length / 1000;
  assert.ok(Math.abs(rare - 0.5) < 3 * Math.sqrt(0.25 / 1000), `${rare}`);
  assert.ok(new Set(drawn).size < 1000, "with replacement");
});

Deno.test("weightedIndices() is a function of weights, seed and epoch", () => {
  const draw = (
    seed: number,
    epoch: number,
  ) => [...weightedIndices([1, 2, 3, 4], { count: 30, seed, epoch })];
  assert.deepEqual(draw(1, 2), draw(1, 2));
  assert.notDeepEqual(draw(1, 2), draw(1, 3));
  assert.notDeepEqual(draw(1, 2), draw(2, 2));
});

Deno.test("weightedIndices() refuses a draw without replacement, and says why", () => {
  assert.throws(
    () => weightedIndices([1, 2], { replacement: false as never }),
    /every image is drawn once and the weights change nothing/,
  );
});

Deno.test("weightedIndices() refuses weights that make no sense", () => {
  assert.throws(() => weightedIndices([1, -1]), /weight -1 at 1/);
  assert.throws(() => weightedIndices([NaN]), /weight NaN at 0/);
  assert.throws(() => weightedIndices([1, Infinity]), RangeError);
  assert.throws(() => weightedIndices([0, 0]), /sum of 0/);
  assert.throws(() => weightedIndices([], { count: 1 }), /0 weights/);
  assert.throws(() => weightedIndices([1], { sed: 1 } as never), /Did you mean "seed"/);
});

Deno.test("batches({ weights }) draws as many as the set has, pixels and labels in step", () => {
  const weights = Array.from({ length: 13 }, (_, i) => i === 4 ? 5 : i === 7 ? 5 : 0);
  const walk = (
    batchSize: number,
    epoch = 0,
  ) => [...batches(SET, { batchSize, weights, seed: 1, epoch })];
  const indices = walk(4).flatMap((batch) => [...batch.indices]);
  assert.equal(indices.length, 13);
  assert.deepEqual(new Set(indices), new Set([4, 7]));
  assert.deepEqual(indices, walk(5).flatMap((batch) => [...batch.indices]));
  assert.notDeepEqual(indices, walk(4, 1).flatMap((batch) => [...batch.indices]));
  for (const { x, y, indices } of walk(4)) {
    indices.forEach((index, i) => {
      assert.equal(y[i], SET.labels[index]);
      assert.ok(Math.abs(x[i * 768 + 400] * 255 - SET.images[index * 768 + 400]) < 1e-4);
    });
  }
});

Deno.test("batches({ weights }) augments an image anew each time it comes, the same for each batch size", () => {
  const weights = Array.from({ length: 13 }, (_, i) => i === 4 ? 1 : 0);
  const images = (batchSize: number) =>
    [...batches(SET, { batchSize, weights, seed: 1, augment: true })].flatMap(({ x, y }) =>
      [...y].map((_, i) => x.slice(i * 768, (i + 1) * 768).join())
    );
  assert.equal(new Set(images(4)).size, 13);
  assert.deepEqual(images(4), images(6));
  // The first time it is the image that an epoch without weights shows.
  const plain = [...batches(SET, { batchSize: 13, seed: 1, augment: true })][0];
  const at = plain.indices.indexOf(4);
  assert.equal(images(4)[0], plain.x.slice(at * 768, (at + 1) * 768).join());
});

Deno.test("batches({ weights }) refuses another number of weights, and a fixed order", () => {
  assert.throws(() => batches(SET, { weights: [1, 2] }), /2 weights for 13 images/);
  const weights = new Array<number>(13).fill(1);
  assert.throws(() => batches(SET, { weights, shuffle: false }), /shuffle false/);
  assert.throws(() => batches(SET, { weights: new Array<number>(13).fill(0) }), /sum of 0/);
});
