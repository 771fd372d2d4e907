import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";

const classesOf = (result: ReturnType<typeof pickClassDiverse>) =>
  result.picks.map((pick) => pick.class);

/** 200 rows of 5 classes, class 4 being rare, in the order that `order` gives them. */
function dataSet(order: "sorted" | "rare last" | "shuffled") {
  const labels = Array.from({ length: 200 }, (_, i) => i < 197 ? i % 4 : 4);
  const rows = labels.map((label, i) => ({ label, id: `image_${i}.png` }));
  if (order === "sorted") rows.sort((a, b) => b.label - a.label);
  const ordered = order === "shuffled" ? new SeededRandom(3).shuffle(rows) : rows;
  return { yTrue: ordered.map((row) => row.label), ids: ordered.map((row) => row.id) };
}

for (const order of ["sorted", "rare last", "shuffled"] as const) {
  Deno.test(`pickClassDiverse() takes one of each class before a second, rows ${order}`, () => {
    const picks = pickClassDiverse({ ...dataSet(order), perClass: 3, seed: 1 });
    assert.deepEqual(classesOf(picks), [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  });
}

Deno.test("pickClassDiverse() picks the same ids whatever the order of the rows", () => {
  const ids = (order: "sorted" | "rare last" | "shuffled") =>
    pickClassDiverse({ ...dataSet(order), perClass: 2, seed: 9 }).picks.map((pick) => pick.id);
  assert.deepEqual(ids("sorted"), ids("shuffled"));
  assert.deepEqual(ids("sorted"), ids("rare last"));
});

Deno.test("pickClassDiverse() is reproducible by seed and differs between seeds", () => {
  const ids = (seed: number) =>
    pickClassDiverse({ ...dataSet("shuffled"), perClass: 3, seed }).picks.map((pick) => pick.id);
  assert.deepEqual(ids(1), ids(1));
  assert.notDeepEqual(ids(1), ids(2));
});

Deno.test("pickClassDiverse() gives every row of a class about the same chance", () => {
  const hits = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    const yTrue = new Array<number>(10).fill(0);
    hits[pickClassDiverse({ yTrue, perClass: 1, seed }).indices[0]]++;
  }
  // 200 expected, standard deviation 13.4: five of them either way.
  assert.ok(Math.min(...hits) > 133 && Math.max(...hits) < 267, hits.join(" "));
});

Deno.test("pickClassDiverse() indices point at rows of the class they name", () => {
  const data = dataSet("shuffled");
  for (const pick of pickClassDiverse({ ...data, perClass: 4, seed: 5 }).picks) {
    assert.equal(data.yTrue[pick.index], pick.class);
    assert.equal(data.ids[pick.index], pick.id);
  }
});

Deno.test("pickClassDiverse() goes on when a class is absent instead of stalling", () => {
  // A logger that waits until its least shown class catches up shows one image per class for ever.
  const yTrue = Array.from({ length: 100 }, (_, i) => i % 3);
  const picks = pickClassDiverse({ yTrue, perClass: 10, seed: 1, classes: 5 });
  assert.equal(picks.picks.length, 30);
  assert.deepEqual([picks.present, picks.missing], [[0, 1, 2], [3, 4]]);
  assert.equal(picks.requested, 50);
});

Deno.test("pickClassDiverse() reports classes with too few rows as short", () => {
  const picks = pickClassDiverse({ yTrue: [0, 0, 0, 1], perClass: 3, seed: 1 });
  assert.deepEqual(picks.short, [{ class: 1, wanted: 3, got: 1 }]);
  const all = pickClassDiverse({ yTrue: [0, 1], perClass: 5, seed: 1 });
  assert.deepEqual(all.short, [{ class: 0, wanted: 5, got: 1 }, { class: 1, wanted: 5, got: 1 }]);
});

Deno.test("pickClassDiverse() counts rows without a label and never picks them", () => {
  const yTrue = [-1, 0, null, 1, NaN, -7];
  const picks = pickClassDiverse({ yTrue, perClass: 9, seed: 1 });
  assert.equal(picks.unlabelled, 4);
  assert.deepEqual([...picks.indices].sort(), [1, 3]);
  assert.deepEqual(pickClassDiverse({ yTrue: [-1, -1], seed: 1 }).indices, []);
});

Deno.test("pickClassDiverse() of no rows is empty", () => {
  const picks = pickClassDiverse({ yTrue: [], seed: 1, classes: 3 });
  assert.deepEqual([picks.indices, picks.missing], [[], [0, 1, 2]]);
});

Deno.test("pickClassDiverse() never picks an id twice, not even under two classes", () => {
  const ids = ["a", "a", "b", "a", "b", "c"], yTrue = [0, 0, 0, 1, 1, 1];
  for (let seed = 0; seed < 50; seed++) {
    const picked = pickClassDiverse({ yTrue, ids, perClass: 3, seed }).picks.map((p) => p.id);
    assert.deepEqual(picked.toSorted(), ["a", "b", "c"]);
  }
});

Deno.test("pickClassDiverse() finds a row for every class where ids stand under several", () => {
  // Whatever the seed prefers, "a", "b" and "c" can be given to class 0, 1 and 2.
  const ids = ["a", "a", "b", "a", "b", "c"], yTrue = [0, 1, 1, 2, 2, 2];
  for (let seed = 0; seed < 50; seed++) {
    const picks = pickClassDiverse({ yTrue, ids, perClass: 1, seed });
    assert.deepEqual(picks.picks.map((pick) => pick.id), ["a", "b", "c"]);
  }
});

Deno.test("pickClassDiverse() total spreads evenly, the remainder to the rarest", () => {
  // 7 over 3 classes: 2, 2, 2 and one more for the rarest, class 1.
  const yTrue = [...Array(50).fill(0), ...Array(5).fill(1), ...Array(30).fill(2)];
  const picks = pickClassDiverse({ yTrue, total: 7, seed: 1 });
  assert.deepEqual(count(classesOf(picks), 3), [2, 3, 2]);
  assert.deepEqual(picks.short, []);
});

Deno.test("pickClassDiverse() total gives the others what a short class leaves", () => {
  const yTrue = [...Array(50).fill(0), 1, ...Array(30).fill(2)];
  const picks = pickClassDiverse({ yTrue, total: 9, seed: 1, classes: 4 });
  assert.deepEqual(count(classesOf(picks), 4), [4, 1, 4, 0]);
  assert.deepEqual(picks.short.map((short) => short.class), [1]);
});

Deno.test("pickClassDiverse() total below the number of classes shows the rarest", () => {
  const yTrue = [...Array(50).fill(0), 1, 1, ...Array(30).fill(2), 3];
  assert.deepEqual(classesOf(pickClassDiverse({ yTrue, total: 2, seed: 1 })), [1, 3]);
  assert.equal(pickClassDiverse({ yTrue, total: 1000, seed: 1 }).picks.length, yTrue.length);
  assert.equal(pickClassDiverse({ yTrue, total: 0, seed: 1 }).picks.length, 0);
});

Deno.test("pickClassDiverse() says why each row was picked", () => {
  const options = { yTrue: [0, 1], yPred: [0, 0], classes: ["no DR", "mild"], seed: 7 };
  const [first, second] = pickClassDiverse({ ...options, perClass: 1 }).picks;
  assert.equal(
    first.why,
    "number 1 of 1 in class no DR, drawn with seed 7, predicted right",
  );
  assert.match(second.why, /predicted as no DR$/);
  assert.equal(second.predicted, 0);
});

Deno.test("pickClassDiverse() rejects what it cannot mean", () => {
  const ok = { yTrue: [0, 1], seed: 1 };
  const wrong: [object, RegExp][] = [
    [{ ...ok, perclass: 3 }, /unknown option "perclass".*"perClass"/],
    [{ ...ok, classes: 1 }, /label 1 at row 1, wanted a class index from 0 to 0/],
    [{ ...ok, yTrue: [0.5], classes: 2 }, /label 0\.5 at row 0/],
    [{ ...ok, ids: ["a"] }, /2 rows and ids 1/],
    [{ ...ok, yPred: [1, 1, 1] }, /2 rows and yPred 3/],
    [{ ...ok, perClass: 0 }, /perClass is 0/],
    [{ ...ok, total: 1.5 }, /total is 1\.5/],
    [{ ...ok, strategy: "hardst" }, /unknown strategy "hardst".*"hardest"/],
    [{ ...ok, strategy: ["random", "easy"] }, /unknown strategy "easy"/],
    [{ ...ok, strategy: [] }, /strategy is an empty list/],
    [{ ...ok, quota: "cells" }, /unknown quota "cells".*"cell"/],
    [{ ...ok, quota: "cell" }, /neither yPred nor probabilities/],
    [{ ...ok, quota: "cell", yPred: [0, 7], classes: 2 }, /prediction 7 at row 1/],
    [{ ...ok, quota: "cell", yPred: [0, 1], perClass: 1 }, /found perClass with quota "cell"/],
    [{ ...ok, perGroup: 1 }, /found perGroup with quota "class", wanted perClass/],
    [{ ...ok, maxRows: -1 }, /maxRows is -1/],
    [{ yTrue: [0] }, /no seed/],
    [{ ...ok, seed: NaN }, /seed NaN/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => pickClassDiverse(options as never), { message }, String(message));
  }
});

function count(classes: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, c) => classes.filter((one) => one === c).length);
}
