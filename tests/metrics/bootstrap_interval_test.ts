import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { bootstrapInterval, quantile } from "../../src/metrics/bootstrap_interval.ts";

const mean = (values: readonly number[]) => (rows: Int32Array) =>
  rows.reduce((sum, row) => sum + values[row], 0) / rows.length;

Deno.test("bootstrapInterval() is reproducible by seed and differs between seeds", () => {
  const statistic = mean([1, 0, 1, 1, 0, 1, 0, 1, 1, 0.5]);
  const at = (seed: number) => bootstrapInterval({ statistic, count: 10, seed, samples: 50 });
  assert.deepEqual(at(3), at(3));
  assert.notDeepEqual(at(3), at(4));
});

Deno.test("bootstrapInterval() of a mean is near the interval of the normal distribution", () => {
  const random = new SeededRandom(2);
  const values = Array.from({ length: 400 }, () => random.normal());
  const centre = values.reduce((a, b) => a + b) / 400;
  const spread = Math.sqrt(values.reduce((a, b) => a + (b - centre) ** 2, 0) / 400 / 400);
  const options = { statistic: mean(values), count: 400, seed: 1, samples: 4000 };
  const { low, high } = bootstrapInterval(options);
  // The ends of 4000 resamples scatter by about 0.04 standard errors.
  assert.ok(Math.abs(low! - (centre - 1.96 * spread)) < 0.2 * spread);
  assert.ok(Math.abs(high! - (centre + 1.96 * spread)) < 0.2 * spread);
});

Deno.test("bootstrapInterval() covers the true mean about as often as it says", () => {
  let covered = 0;
  for (let trial = 0; trial < 200; trial++) {
    const random = new SeededRandom(`trial ${trial}`);
    const values = Array.from({ length: 60 }, () => random.normal());
    const options = { statistic: mean(values), count: 60, seed: trial, samples: 200, level: 0.8 };
    const { low, high } = bootstrapInterval(options);
    if (low! <= 0 && high! >= 0) covered++;
  }
  // 160 expected, standard deviation 5.7: four of them either way.
  assert.ok(covered >= 137 && covered <= 183, String(covered));
});

Deno.test("bootstrapInterval() leaves undefined resamples out and counts them", () => {
  const statistic = (rows: Int32Array) => rows.includes(0) ? 1 : null;
  const interval = bootstrapInterval({ statistic, count: 5, seed: 1, samples: 1000 });
  // Row 0 is missing in (4/5)^5 = 33 % of the resamples.
  assert.ok(Math.abs(interval.definedSamples - 672) < 75, String(interval.definedSamples));
  assert.deepEqual([interval.low, interval.high], [1, 1]);
  const nan = (rows: Int32Array) => rows.includes(0) ? 1 : NaN;
  assert.deepEqual(
    bootstrapInterval({ statistic: nan, count: 5, seed: 1, samples: 1000 }),
    interval,
  );
  const never = bootstrapInterval({ statistic: () => null, count: 5, seed: 1 });
  assert.deepEqual([never.low, never.high, never.definedSamples], [null, null, 0]);
  assert.equal(bootstrapInterval({ statistic, count: 0, seed: 1 }).low, null);
});

Deno.test("bootstrapInterval() rejects impossible numbers", () => {
  const options = { statistic: () => 1, count: 5, seed: 1 };
  assert.throws(() => bootstrapInterval({ ...options, count: -1 }), /count is -1/);
  assert.throws(() => bootstrapInterval({ ...options, samples: 0 }), /samples is 0/);
  assert.throws(() => bootstrapInterval({ ...options, level: 95 }), /level is 95/);
  assert.throws(() => bootstrapInterval({ ...options, sample: 5 } as never), /"samples"/);
});

Deno.test("quantile() interpolates linearly", () => {
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5);
  assert.equal(quantile([1, 2, 3, 4], 1), 4);
  assert.equal(quantile([], 0.5), null);
});
