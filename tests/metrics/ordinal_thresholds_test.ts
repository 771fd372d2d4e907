import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { cohenKappa } from "../../src/metrics/cohen_kappa.ts";
import { decideOutOfFold } from "../../src/metrics/decide.ts";
import {
  decideByThresholds,
  expectedGrades,
  fitThresholds,
} from "../../src/metrics/ordinal_thresholds.ts";

/** Grades that are seen through noise, and squeezed towards the middle as a model's are. */
function noisyGrades(count: number, { classes, seed }: { classes: number; seed: number }) {
  const random = new SeededRandom(seed);
  const yTrue = Array.from({ length: count }, () => random.integer(classes));
  const middle = (classes - 1) / 2;
  const grades = yTrue.map((grade) => middle + 0.4 * (grade - middle) + 0.3 * random.normal());
  return { yTrue, grades };
}

function kappaOf(yTrue: readonly number[], yPred: ArrayLike<number>, classes: number): number {
  return cohenKappa(yTrue, yPred, { classes, weights: "quadratic" }).value ?? -1;
}

Deno.test("fitThresholds() of two grades finds the best of all cuts", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { yTrue, grades } = noisyGrades(30, { classes: 2, seed });
    const found = kappaOf(
      yTrue,
      decideByThresholds(grades, fitThresholds(yTrue, grades, { classes: 2 })),
      2,
    );
    const best = Math.max(
      ...[...grades, Infinity].map((cut) =>
        kappaOf(yTrue, grades.map((grade) => Number(grade >= cut)), 2)
      ),
    );
    assert.ok(Math.abs(found - best) < 1e-12, `seed ${seed}: ${found}, wanted ${best}`);
  }
});

Deno.test("fitThresholds() is never worse than halves, rises, and no single move betters it", () => {
  const classes = 5, halves = [0.5, 1.5, 2.5, 3.5];
  for (let seed = 0; seed < 10; seed++) {
    const { yTrue, grades } = noisyGrades(60, { classes, seed });
    const cuts = fitThresholds(yTrue, grades, { classes });
    const of = (cuts: readonly number[]) =>
      kappaOf(yTrue, decideByThresholds(grades, cuts), classes);
    assert.ok(cuts.every((cut, k) => k === 0 || cut >= cuts[k - 1]), cuts.join());
    assert.ok(of(cuts) > of(halves), `seed ${seed}`);
    for (let k = 0; k < 4; k++) {
      for (const grade of grades) {
        const moved = cuts.with(k, grade + 1e-9);
        if (moved.every((cut, i) => i === 0 || cut >= moved[i - 1])) {
          assert.ok(of(moved) <= of(cuts) + 1e-9, `seed ${seed}, threshold ${k} at ${grade}`);
        }
      }
    }
  }
});

Deno.test("thresholds of rows of one grade, and of none, are the halves", () => {
  assert.deepEqual(fitThresholds([], [], { classes: 3 }), [0.5, 1.5]);
  assert.deepEqual(fitThresholds([1, 1], [0.9, 1.1], { classes: 3 }), [0.5, 1.5]);
});

Deno.test("NaN is no grade, and thresholds must rise", () => {
  assert.deepEqual([...decideByThresholds([NaN, 1], [0.5])], [-1, 1]);
  assert.ok(Number.isNaN(expectedGrades([0.5, NaN], { classes: 2 })[0]));
  assert.throws(() => decideByThresholds([1], [1.5, 0.5]), /threshold 0\.5 after 1\.5/);
  assert.throws(() => decideByThresholds([1], [NaN]), /threshold NaN/);
  assert.throws(() => expectedGrades([1, 0, 0], { classes: 2 }), /3 probabilities/);
  assert.throws(() => fitThresholds([2], [1], { classes: 2 }), /label 2 at row 0/);
});

Deno.test("decideOutOfFold() never lets a row decide on itself", () => {
  const classes = 3;
  const { yTrue, grades } = noisyGrades(90, { classes, seed: 3 });
  const probabilities = grades.flatMap((grade) => {
    const share = Math.min(1, Math.max(0, grade / 2));
    return [1 - share, 0, share];
  });
  const folds = yTrue.map((_, row) => row % 3);
  const options = { classes, folds, rule: "thresholds" } as const;
  const before = decideOutOfFold(yTrue, probabilities, options);
  // Other labels in a fold change the thresholds of the other folds, and not its own.
  const others = yTrue.map((grade, row) => folds[row] === 1 ? 2 - grade : grade);
  const after = decideOutOfFold(others, probabilities, options);
  assert.deepEqual(after.thresholds![1], before.thresholds![1]);
  assert.notDeepEqual(after.thresholds![0], before.thresholds![0]);
  const own = (found: typeof before) => [...found.yPred].filter((_, row) => folds[row] === 1);
  assert.deepEqual(own(after), own(before));
  const plain = decideOutOfFold(yTrue, probabilities, { ...options, rule: "argmax" });
  assert.equal(plain.thresholds, null);
  assert.ok(!plain.yPred.includes(1), "the middle grade never has the highest probability");
});

Deno.test("decideOutOfFold() refuses a single fold, missing folds and other rules", () => {
  const rows = [0.5, 0.5, 0.5, 0.5], classes = 2;
  const decide = (options: object) => () =>
    decideOutOfFold([0, 1], rows, { classes, folds: [0, 1], rule: "thresholds", ...options });
  assert.throws(decide({ folds: [1, 1] }), /1 of them different/);
  assert.throws(decide({ folds: [1] }), /found 1 fold numbers/);
  assert.throws(decide({ rule: "threshold" }), /Did you mean "thresholds"/);
  assert.throws(decide({ fold: 1 }), /unknown option "fold"/);
});
