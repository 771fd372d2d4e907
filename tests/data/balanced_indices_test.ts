import assert from "node:assert/strict";
import { balancedIndices } from "../../src/data/balanced_indices.ts";
import { batches } from "../../src/data/batches.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";

/** 60, 30, 10 images of three classes, and a class without any. */
const LABELS = Array.from({ length: 100 }, (_, i) => i < 60 ? 0 : i < 90 ? 1 : 3);

function counts(indices: Iterable<number>, labels: ArrayLike<number> = LABELS): number[] {
  const found = [0, 0, 0, 0];
  for (const i of indices) found[labels[i]]++;
  return found;
}

for (const replacement of [true, false]) {
  for (const shares of [undefined, [2, 1, 5, 1], [0.5, 0, 0, 0.5]]) {
    Deno.test(`shares ${shares} hold in every run, replacement ${replacement}`, () => {
      const found = balancedIndices(LABELS, { shares, replacement, seed: 2 });
      const wanted = (shares ?? [1, 1, 1, 1]).with(2, 0);
      const sum = wanted.reduce((a, b) => a + b);
      const running = [0, 0, 0, 0];
      found.forEach((index, i) => {
        running[LABELS[index]]++;
        running.forEach((taken, c) => {
          const target = wanted[c] / sum * (i + 1);
          assert.ok(
            Math.abs(taken - target) <= 1,
            `class ${c} after ${i + 1}: ${taken}, ${target}`,
          );
        });
      });
    });
  }
}

Deno.test("without replacement no image comes twice, and the rarest class ends the epoch", () => {
  const found = balancedIndices(LABELS, { replacement: false, seed: 1 });
  assert.equal(new Set(found).size, found.length);
  const [a, b, none, rare] = counts(found);
  assert.equal(rare, 10);
  assert.ok(a >= 10 && a <= 11 && b >= 10 && b <= 11 && none === 0);
});

Deno.test("with replacement an epoch is as long as the set, and rare images come again", () => {
  const found = balancedIndices(LABELS, { seed: 1 });
  assert.equal(found.length, 100);
  assert.ok(new Set([...found].filter((i) => LABELS[i] === 3)).size <= 10);
  assert.equal(balancedIndices(LABELS, { count: 7 }).length, 7);
});

Deno.test("draws follow seed and epoch", () => {
  const draw = (seed: number, epoch: number) =>
    [...balancedIndices(LABELS, { seed, epoch })].join();
  assert.equal(draw(1, 2), draw(1, 2));
  assert.notEqual(draw(1, 2), draw(1, 3));
  assert.notEqual(draw(1, 2), draw(2, 2));
});

Deno.test("batches({ balance }) are balanced one by one, with the images and labels drawn", () => {
  const set = syntheticFundus({ count: 40, size: 16, seed: 1 });
  const labels = set.labels.map((_, i) => i < 28 ? 0 : i < 36 ? 1 : 2);
  const skewed = { ...set, labels };
  for (const batch of batches(skewed, { batchSize: 6, balance: { replacement: false }, seed: 3 })) {
    const found = counts(batch.indices, labels).slice(0, 3);
    assert.deepEqual([...batch.y], Array.from(batch.indices, (i) => labels[i]));
    if (batch.y.length === 6) assert.deepEqual(found, [2, 2, 2]);
  }
  assert.equal([...batches(skewed, { batchSize: 6, balance: true })].length, 7);
});

Deno.test("what cannot be balanced is refused", () => {
  assert.throws(
    () => balancedIndices(LABELS, { shares: [1, -1, 0, 0] }),
    /found shares \[1,-1,0,0\]/,
  );
  assert.throws(() => balancedIndices(LABELS, { shares: [1] }), /for 4 classes/);
  assert.throws(() => balancedIndices([], {}), /for 0 classes/);
  assert.throws(() => balancedIndices([0.5]), /label 0\.5 at 0/);
  assert.throws(() => balancedIndices(LABELS, { replacement: false, count: 3 }), /found count 3/);
  const set = syntheticFundus({ count: 4, size: 16, seed: 1 });
  assert.throws(
    () => batches(set, { balance: true, weights: [1, 1, 1, 1] }),
    /found balance together/,
  );
  assert.throws(() => batches(set, { balance: { share: [1] } as never }), /Did you mean "shares"/);
});
