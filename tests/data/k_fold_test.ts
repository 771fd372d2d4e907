import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { foldData, fromArrays, kFold } from "../../src/data/mod.ts";

const LABELS = Array.from({ length: 103 }, (_, i) => i < 60 ? 0 : i < 92 ? 1 : 2);

const shares = (val: readonly number[], labels: readonly number[]) =>
  [...new Set(labels)].map((k) => val.filter((i) => labels[i] === k).length);

Deno.test("kFold() each sample validates once, classes differ by at most one", () => {
  const folds = kFold(LABELS, { folds: 5, seed: 2 });
  assert.deepEqual(folds.flatMap(({ val }) => val).sort((a, b) => a - b), [...LABELS.keys()]);
  const counts = folds.map(({ val }) => shares(val, LABELS));
  for (const k of [0, 1, 2]) {
    const column = counts.map((row) => row[k]);
    assert.ok(Math.max(...column) - Math.min(...column) <= 1, `class ${k}: ${column}`);
  }
  for (const { train, val } of folds) {
    assert.deepEqual([...train, ...val].sort((a, b) => a - b), [...LABELS.keys()]);
  }
});

Deno.test("kFold() is a function of the seed", () => {
  const [a, b, c] = [1, 1, 2].map((seed) => kFold(LABELS, { seed }));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

Deno.test("kFold() no group in two folds and no empty fold, for any groups", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(`folds/${seed}`);
    const labels = Array.from({ length: 10 + random.integer(40) }, () => random.integer(4));
    const groups = labels.map(() => `p${random.integer(9)}`);
    const count = Math.min(new Set(groups).size, 2 + random.integer(4));
    const folds = kFold(labels, { folds: count, groups, seed });
    const homes = folds.flatMap(({ val }) => [...new Set(val.map((i) => groups[i]))]);
    assert.equal(homes.length, new Set(groups).size, `seed ${seed}`);
    assert.ok(folds.every(({ val }) => val.length > 0), `seed ${seed}`);
  }
});

Deno.test("kFold() groups: class shares stay near those of all", () => {
  const random = new SeededRandom("shares");
  const labels: number[] = [], groups: string[] = [];
  for (let patient = 0; patient < 200; patient++) {
    const label = random.integer(10) < 7 ? 0 : 1;
    for (let eye = 0; eye < 2; eye++) {
      labels.push(label);
      groups.push(`${patient}`);
    }
  }
  const rare = labels.filter((label) => label === 1).length / labels.length;
  for (const { val } of kFold(labels, { groups, seed: 3 })) {
    const here = val.filter((i) => labels[i] === 1).length / val.length;
    assert.ok(Math.abs(here - rare) < 0.03, `${here} beside ${rare}`);
  }
});

Deno.test("kFold() refuses more folds than samples or groups, and bad labels", () => {
  assert.throws(() => kFold([0, 1], { folds: 3 }), /3 folds for 2 samples/);
  assert.throws(() => kFold([0, 1, 0], { folds: 3, groups: ["a", "a", "b"] }), /for 2 groups/);
  assert.throws(() => kFold([0, 1], { folds: 1 }), RangeError);
  assert.throws(() => kFold([0, -1], { folds: 2 }), /kFold\(\): found label -1/);
  assert.throws(() => kFold([0, 1], { fold: 2 } as never), /unknown option "fold"/);
});

Deno.test("foldData() takes the patients of the data and leaves the test set alone", () => {
  const images = { data: Uint8Array.from({ length: 12 * 12 }, (_, i) => i), shape: [12, 2, 2, 3] };
  const labels = Array.from({ length: 12 }, (_, i) => i % 2);
  const groups = labels.map((_, i) => `p${i >> 1}`);
  const data = fromArrays({ images, labels }, { groups });
  const seen: string[] = [];
  for (const fold of [0, 1, 2]) {
    const cut = foldData(data, { folds: 3, fold, seed: 4 });
    assert.deepEqual([cut.train.count, cut.val.count], [8, 4]);
    assert.deepEqual(cut.val.groups?.filter((group) => cut.train.groups?.includes(group)), []);
    cut.val.ids.forEach((id, i) => {
      assert.equal(cut.val.images[i * 12], Number(id.split("_")[1]) * 12, "pixels stay with ids");
    });
    seen.push(...cut.val.ids);
  }
  assert.equal(new Set(seen).size, 12);
  assert.throws(
    () => foldData(data, { folds: 3, fold: 3 }),
    /fold 3, wanted an integer from 0 to 2/,
  );
});
