import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { bootstrapInterval } from "../../src/metrics/bootstrap_interval.ts";
import { mcnemar } from "../../src/metrics/mcnemar.ts";
import { pairedBootstrap } from "../../src/metrics/paired_bootstrap.ts";
import { referableMetrics } from "../../src/metrics/referable.ts";

const mean = (values: readonly number[]) => (rows: Int32Array) =>
  rows.reduce((sum, row) => sum + values[row], 0) / rows.length;

Deno.test("pairedBootstrap() has the standard error of the mean difference, and blurs nothing", () => {
  const random = new SeededRandom(4), count = 400;
  const hard = Array.from({ length: count }, () => 10 * random.normal());
  const a = hard.map((value) => value + 0.3 + random.normal());
  const options = { a: mean(a), b: mean(hard), count, seed: 1, samples: 2000 };
  const { difference, standardError, interval, pValue } = pairedBootstrap(options);
  const gaps = a.map((value, row) => value - hard[row]);
  const average = gaps.reduce((x, y) => x + y) / count;
  const spread = gaps.reduce((sum, gap) => sum + (gap - average) ** 2, 0) / (count - 1);
  assert.ok(Math.abs(difference! - average) < 1e-9);
  // Rows differ by ten times as much as the two do.
  assert.ok(Math.abs(standardError! / Math.sqrt(spread / count) - 1) < 0.1, `${standardError}`);
  assert.ok(interval.low! > 0 && pValue! < 0.01);
  assert.deepEqual(pairedBootstrap(options), pairedBootstrap(options));
});

Deno.test("pairedBootstrap() draws the rows of bootstrapInterval(), and no difference is p 1", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6], zero = values.map(() => 0);
  const both = { count: 8, seed: 3, samples: 200 };
  const { interval } = pairedBootstrap({ a: mean(values), b: mean(zero), ...both });
  assert.deepEqual(interval, bootstrapInterval({ statistic: mean(values), ...both }));
  const same = pairedBootstrap({ a: mean(values), b: mean(values), ...both });
  assert.deepEqual([same.difference, same.pValue, same.standardError], [0, 1, 0]);
});

Deno.test("pairedBootstrap() says why there is no difference", () => {
  const nothing = () => null;
  const none = pairedBootstrap({ a: nothing, b: nothing, count: 5, seed: 1, samples: 10 });
  assert.deepEqual([none.difference, none.pValue, none.standardError], [null, null, null]);
  assert.match(none.reason!, /undefined on these rows/);
  const empty = pairedBootstrap({ a: mean([]), b: mean([]), count: 0, seed: 1 });
  assert.deepEqual([empty.difference, empty.reason], [null, "there are no rows"]);
  assert.throws(
    () => pairedBootstrap({ a: nothing, b: nothing, count: 1, seed: 1, sample: 3 } as never),
    /Did you mean "samples"/,
  );
});

Deno.test("mcnemar() is symmetric, at most 1, and stays a number for many rows", () => {
  const yTrue = new Int8Array(3000);
  const wrongOn = (from: number, to: number) =>
    yTrue.map((_, row) => row >= from && row < to ? 1 : 0);
  const [a, b] = [wrongOn(0, 1200), wrongOn(1200, 2600)];
  const test = mcnemar(yTrue, { a, b }), other = mcnemar(yTrue, { a: b, b: a });
  assert.deepEqual([test.onlyA, test.onlyB], [1400, 1200]);
  assert.deepEqual([test.exact, test.midP], [other.exact, other.midP]);
  // Normal approximation with and without the continuity correction: 199 and 200 over the root of 2600.
  assert.ok(Math.abs(test.exact - 9.5e-5) < 5e-6 && test.midP < test.exact, `${test.exact}`);
  assert.deepEqual(mcnemar([0, 1], { a: [0, 0], b: [0, 0] }), {
    onlyA: 0,
    onlyB: 0,
    exact: 1,
    midP: 1,
  });
  assert.throws(() => mcnemar([0], { a: [0], b: [] }), /yTrue has 1 rows and yPred 0/);
});

Deno.test("referableMetrics() says why a share is missing, and which grade can be the lowest", () => {
  const healthy = referableMetrics([0, 1], [0, 0], { classes: 5 });
  assert.match(healthy.sensitivity.reason!, /no row has a grade from 2 on/);
  assert.match(healthy.precision.reason!, /no row is predicted from 2 on/);
  assert.equal(healthy.specificity.value, 1);
  for (const from of [0, 5, 1.5, NaN]) {
    assert.throws(() => referableMetrics([0], [0], { classes: 5, from }), /from 1 to 4/);
  }
});
