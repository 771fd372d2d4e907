import assert from "node:assert/strict";
import { energyInMask, pointingGame } from "../../../src/explain/check/mod.ts";

/** 5 rows of 6; one cell high, another lower. */
function peaks(...cells: [row: number, column: number, value: number][]) {
  const map = new Float32Array(30);
  for (const [row, column, value] of cells) map[row * 6 + column] = value;
  return { width: 6, height: 5, map };
}

function mask(...cells: [row: number, column: number][]): Uint8Array {
  const marks = new Uint8Array(30);
  // Any value but 0 is the lesion: masks of several lesions carry bits.
  for (const [row, column] of cells) marks[row * 6 + column] = 4;
  return marks;
}

Deno.test("pointingGame() looks where the highest point is", () => {
  const map = peaks([3, 4, 1], [1, 1, 0.9]);
  assert.deepEqual(pointingGame(map, mask([3, 4], [3, 5])), {
    hit: true,
    row: 3,
    column: 4,
    chance: 2 / 30,
  });
  assert.equal(pointingGame(map, mask([1, 1]))!.hit, false);
});

Deno.test("pointingGame() takes the first of equal points", () => {
  const map = peaks([1, 2, 1], [3, 4, 1]);
  assert.equal(pointingGame(map, mask([1, 2]))!.hit, true);
  assert.equal(pointingGame(map, mask([3, 4]))!.hit, false);
});

Deno.test("pointingGame() with a tolerance reaches as far, and chance grows with it", () => {
  const map = peaks([2, 3, 1]);
  const at = (tolerance: number) => pointingGame(map, mask([2, 0]), { tolerance })!;
  assert.deepEqual([0, 2.9, 3].map((t) => at(t).hit), [false, false, true]);
  // Around a cell at the left edge: itself, above, below, right; not round the edge of a row.
  assert.equal(at(1).chance, 4 / 30);
  assert.equal(pointingGame(peaks([1, 5, 1]), mask([2, 0]), { tolerance: 1 })!.hit, false);
  assert.equal(pointingGame(peaks([3, 0, 1]), mask([2, 5]), { tolerance: 1 })!.hit, false);
  const diagonal = (tolerance: number) => pointingGame(map, mask([1, 2]), { tolerance })!.hit;
  assert.deepEqual([diagonal(1.4), diagonal(1.5)], [false, true]);
});

Deno.test("energyInMask() is the share of the positive map inside", () => {
  const map = peaks([0, 0, 1], [2, 2, 0.5], [4, 5, 0.5], [1, 1, -7]);
  assert.deepEqual(energyInMask(map, mask([2, 2], [4, 5], [1, 1])), {
    share: 0.5,
    chance: 3 / 30,
  });
});

Deno.test("an empty mask has no answer, nor has a map without energy", () => {
  const map = peaks([0, 0, 1]);
  assert.equal(pointingGame(map, mask()), null);
  assert.equal(energyInMask(map, mask()), null);
  assert.equal(energyInMask(peaks(), mask([1, 1])), null);
  assert.throws(() => pointingGame(map, [1]), /found a mask of 1 and a map of 30 numbers/);
  assert.throws(() => energyInMask(map, [1]), /Resize the mask/);
  assert.throws(() => pointingGame(map, mask(), { tolerance: -1 }), /found tolerance -1/);
  assert.throws(() => pointingGame(map, mask(), { tolerence: 1 } as never), /"tolerance"/);
});
