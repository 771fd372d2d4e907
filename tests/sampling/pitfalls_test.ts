// What other samplers stumble over, one test each; "goes on when a class is absent" and "in the last
// batch only" stand beside the functions they are about.
import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import type { Strategy } from "../../src/sampling/measures.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import type { Quota } from "../../src/sampling/quota_groups.ts";

const seed = 1;
const STRATEGIES: readonly (Strategy | readonly Strategy[])[] = [
  ...["random", "typical", "hardest", "boundary", "diverse"] as const,
  ["typical", "hardest", "diverse"],
];
const QUOTAS: readonly Quota[] = ["class", "cell", "distance"];

/** Rows with everything that is odd: repeated ids, no labels, no scores, equal rows. */
function oddRows(length: number) {
  const random = new SeededRandom(3);
  return Array.from({ length }, (_, i) => {
    const p = [random.next(), random.next(), random.next(), random.next()];
    const sum = p.reduce((a, b) => a + b);
    return {
      id: `id ${random.integer(length)}`,
      label: i % 11 === 0 ? -1 : Math.min(random.integer(4), random.integer(4)),
      probabilities: i % 17 === 0 ? p.map(() => NaN) : p.map((one) => one / sum),
      embedding: i % 13 === 0 ? [NaN, 0] : [random.integer(3), random.integer(3)],
    };
  });
}

function columns(rows: ReturnType<typeof oddRows>) {
  return {
    yTrue: rows.map((row) => row.label),
    ids: rows.map((row) => row.id),
    probabilities: rows.map((row) => row.probabilities),
    embeddings: rows.map((row) => row.embedding),
  };
}

for (const strategy of STRATEGIES) {
  for (const quota of QUOTAS) {
    Deno.test(`pickClassDiverse() ${strategy} by ${quota} does not depend on the order of the rows`, () => {
      const rows = oddRows(150), random = new SeededRandom(9);
      const pick = (order: typeof rows) => {
        const options = { ...columns(order), strategy, quota, seed, classes: 4, total: 25 };
        const { picks, groups } = pickClassDiverse(options);
        assert.equal(new Set(picks.map(({ id }) => id)).size, picks.length, "an id twice");
        assert.ok(
          picks.every(({ index, id }) => order[index].id === id && order[index].label >= 0),
        );
        return { picks: picks.map(({ index: _, ...pick }) => pick), groups };
      };
      // Of rows with one id, random keeps the first: only there may the prediction differ.
      const comparable = strategy === "random" || quota === "class"
        ? (found: ReturnType<typeof pick>) => found.picks.map(({ id, class: c }) => [id, c])
        : (found: ReturnType<typeof pick>) => found;
      const first = comparable(pick(rows));
      for (let i = 0; i < 8; i++) {
        assert.deepEqual(comparable(pick(random.shuffle([...rows]))), first);
      }
    });
  }

  Deno.test(`pickClassDiverse() ${strategy} copes with no rows, one row, one class and too few rows`, () => {
    for (const quota of QUOTAS) {
      const pick = (rows: ReturnType<typeof oddRows>, total: number) =>
        pickClassDiverse({ ...columns(rows), strategy, quota, seed, classes: 4, total }).picks;
      assert.deepEqual(pick([], 5), []);
      const [, ...rows] = oddRows(40), one = rows.filter((row) => row.label === 1);
      assert.deepEqual(pick([one[0]], 5).map(({ id }) => id), [one[0].id]);
      const ids = (some: typeof rows) => new Set(some.map(({ id }) => id)).size;
      assert.equal(pick(one, 1000).length, ids(one), "one class only");
      const labelled = rows.filter((row) => row.label >= 0 && row.probabilities.every(isFinite));
      assert.equal(pick(labelled, 1000).length, ids(labelled), "more asked for than there is");
      assert.equal(pick(labelled, 2).length, 2, "fewer asked for than classes");
    }
  });
}

Deno.test("pickClassDiverse() takes several labels a row as the row under each of them", () => {
  // x is of class 0 and 1, y of 1 and 2: both classes of x cannot be shown by x.
  const options = { yTrue: [0, 1, 1, 2], ids: ["x", "x", "y", "y"], seed, perClass: 1 };
  const { picks, short } = pickClassDiverse(options);
  assert.equal(new Set(picks.map(({ id }) => id)).size, 2);
  assert.equal(short.length, 1);
  assert.throws(
    () => pickClassDiverse({ yTrue: [0, [0, 1]], seed, classes: 2 } as never),
    /label 0,1 at row 1.*Repeat the row with the same id under each of its labels/,
  );
  // [-1] < 0 holds in JavaScript; it is no missing label.
  assert.throws(() => pickClassDiverse({ yTrue: [[-1]], seed } as never), /Repeat the row/);
});

Deno.test("pickClassDiverse() never picks labels outside the range, and null never crashes", () => {
  for (const label of [5, 1.5, Infinity, "1"]) {
    const yTrue = [0, label] as number[];
    assert.throws(() => pickClassDiverse({ yTrue, seed, classes: 3 }), /at row 1, wanted a class/);
  }
  const yTrue = [null, undefined, NaN, -1, -0.5, 2] as (number | null)[];
  const picks = pickClassDiverse({ yTrue, seed, classes: 3 });
  assert.deepEqual([picks.indices, picks.unlabelled, picks.missing], [[5], 5, [0, 1]]);
});

Deno.test("pickClassDiverse() looks at no more than maxRows, and says what it left", () => {
  const yTrue = Array.from({ length: 100 }, (_, i) => i < 60 ? i % 2 : 2);
  const picks = pickClassDiverse({ yTrue, seed, perClass: 3, maxRows: 50 });
  assert.deepEqual([picks.scanned, picks.unscanned], [50, 50]);
  assert.deepEqual([picks.present, picks.missing], [[0, 1], [2]]);
  assert.ok(picks.indices.every((index) => index < 50));
});
