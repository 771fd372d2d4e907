import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import {
  areIndependent,
  combinations,
  dualBasis,
  independent,
  runningSums,
  unitsBeside,
} from "../../../src/quantum/engine/binary_vectors.ts";
import { parity } from "../../../src/quantum/pauli_frame.ts";

Deno.test("areIndependent() and independent() find what the others already span", () => {
  assert.ok(areIndependent([1, 2, 4]));
  assert.ok(!areIndependent([3, 5, 6]));
  assert.ok(!areIndependent([1, 0]));
  assert.deepEqual(independent([3, 5, 6, 8]), [3, 5, 8]);
});

Deno.test("dualBasis() gives vectors that each mask tells apart, and the rest that none sees", () => {
  const random = new SeededRandom("dual"), bits = 9;
  for (let k = 0; k < 200; k++) {
    const drawn = Array.from({ length: 1 + random.integer(9) }, () => 1 + random.integer(511));
    const masks = independent(drawn);
    const { dual, rest } = dualBasis(masks, bits);
    masks.forEach((mask, i) => {
      dual.forEach((vector, j) => assert.equal(parity(mask & vector), Number(i === j)));
      rest.forEach((vector) => assert.equal(parity(mask & vector), 0));
    });
    assert.equal(dual.length + rest.length, bits);
    assert.ok(areIndependent([...dual, ...rest]));
    assert.ok(areIndependent([...masks, ...unitsBeside(masks, bits)]));
  }
});

Deno.test("combinations() are counted through by runningSums()", () => {
  const vectors = [5, 9, 2], all = combinations(vectors), sums = runningSums(vectors);
  assert.deepEqual(all, [0, 5, 9, 12, 2, 7, 11, 14]);
  let row = 0;
  for (let i = 0; i + 1 < all.length; i++) {
    row ^= sums[31 - Math.clz32((i + 1) & -(i + 1))];
    assert.equal(row, all[i + 1]);
  }
});
