import assert from "node:assert/strict";
import { rankCorrelation, structuralSimilarity } from "../../../src/explain/check/mod.ts";

function near(found: number | null, wanted: number, tolerance = 1e-9) {
  assert.ok(found !== null && Math.abs(found - wanted) <= tolerance, `${found}, not ${wanted}`);
}

Deno.test("rankCorrelation() equals Spearman's by numpy, ties included", () => {
  near(
    rankCorrelation([1, 2, 2, 3, 0, 0, 0, 5], [2, 1, 4, 4, 0, 3, 0, 1]).value,
    0.42503320701649794,
  );
  near(
    rankCorrelation([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8]).value,
    0.19885368120992464,
  );
});

Deno.test("rankCorrelation() follows the formula for permutations without ties", () => {
  // 1 - 6 * sum of squared differences / (n * (n² - 1)).
  near(rankCorrelation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]).value, 1 - 6 * 4 / 120);
  near(rankCorrelation([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]).value, -1);
});

Deno.test("rankCorrelation() looks at absolute values", () => {
  assert.equal(rankCorrelation([1, -2, 3, -4], [1, 2, 3, 4]).value, 1);
});

Deno.test("rankCorrelation() of a constant or broken map is null with the reason", () => {
  const constant = rankCorrelation([1, 2, 3], [7, 7, 7]);
  assert.equal(constant.value, null);
  assert.match(constant.reason!, /same value everywhere/);
  const broken = rankCorrelation([1, NaN, 3], [1, 2, 3]);
  assert.equal(broken.value, null);
  assert.match(broken.reason!, /NaN or infinite/);
  assert.throws(() => rankCorrelation([1, 2], [1]), /found maps of 2 and 1 numbers/);
});

const map = (f: (i: number) => number) => ({
  width: 6,
  height: 5,
  map: Float32Array.from({ length: 30 }, (_, i) => f(i)),
});

Deno.test("structuralSimilarity() equals the windowed sums of Wang et al. by numpy", () => {
  const a = map((i) => (i * 7 % 11) / 10), b = map((i) => ((i * 5 + 3) % 11) / 10);
  near(structuralSimilarity(a, b).value, -0.1558524676640888, 1e-6);
  assert.equal(structuralSimilarity(a, b).value, structuralSimilarity(b, a).value);
  assert.equal(structuralSimilarity(a, a).value, 1);
});

Deno.test("structuralSimilarity() of constant maps is that of their means", () => {
  const c1 = 0.01 ** 2;
  const wanted = (2 * 0.5 * 0.25 + c1) / (0.5 ** 2 + 0.25 ** 2 + c1);
  near(structuralSimilarity(map(() => 0.5), map(() => 0.25)).value, wanted, 1e-6);
});

Deno.test("structuralSimilarity() refuses other sizes and says why a broken map has none", () => {
  const other = { width: 5, height: 6, map: new Float32Array(30) };
  assert.throws(() => structuralSimilarity(map(() => 0), other), /5 x 6 and 6 x 5.*resizeMap/);
  const broken = structuralSimilarity(map(() => 0), map(() => Infinity));
  assert.equal(broken.value, null);
  assert.match(broken.reason!, /NaN or infinite/);
});
