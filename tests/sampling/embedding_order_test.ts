import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";

const seed = 1;

Deno.test("pickClassDiverse() diverse begins in the middle and goes to the farthest", () => {
  // On a line: centre 3.2, so 3 is first, 10 farthest from it, then 0, and 1 and 2 are equally near.
  const embeddings = [[0], [1], [2], [3], [10]];
  const { picks } = pickClassDiverse({
    yTrue: [0, 0, 0, 0, 0],
    embeddings,
    seed,
    strategy: "diverse",
    perClass: 3,
  });
  assert.deepEqual(picks.map((pick) => pick.index), [3, 4, 0]);
  assert.deepEqual(picks.map((pick) => pick.score), [null, 7, 3]);
  assert.match(picks[0].why, /rank 1 by diverse, nearest to the centre/);
  assert.match(picks[1].why, /rank 2 by diverse, 7 from the nearest row shown before/);
});

Deno.test("pickClassDiverse() diverse keeps away from what other strategies of the list took", () => {
  const embeddings = [[0], [1], [2], [3], [10]];
  const { picks } = pickClassDiverse({
    yTrue: [0, 0, 0, 0, 0],
    embeddings,
    scores: [0, 0, 0, 0, 9],
    seed,
    strategy: ["hardest", "diverse"],
  });
  assert.deepEqual(picks.map((pick) => pick.index), [4, 0]);
});

Deno.test("pickClassDiverse() diverse covers within twice the best radius", () => {
  const random = new SeededRandom(5);
  for (let trial = 0; trial < 20; trial++) {
    const embeddings = Array.from({ length: 9 }, () => [random.next(), random.next()]);
    const yTrue = embeddings.map(() => 0);
    const { indices } = pickClassDiverse({
      yTrue,
      embeddings,
      seed,
      strategy: "diverse",
      perClass: 3,
    });
    const radius = (chosen: readonly number[]) =>
      Math.max(
        ...embeddings.map(([x, y]) =>
          Math.min(...chosen.map((c) => Math.hypot(x - embeddings[c][0], y - embeddings[c][1])))
        ),
      );
    let best = Infinity;
    for (let a = 0; a < 9; a++) {
      for (let b = 0; b < a; b++) {
        for (let c = 0; c < b; c++) best = Math.min(best, radius([a, b, c]));
      }
    }
    assert.ok(radius(indices) <= 2 * best + 1e-12, `${radius(indices)} against ${best}`);
  }
});

Deno.test("pickClassDiverse() typical takes the rows nearest to the centre of their class", () => {
  const embeddings = Float32Array.from([0, 0, 5, 5, 10, 10, 50, 50, 61, 61, 60, 60]); // 6 rows of 2
  const options = { yTrue: [0, 0, 0, 1, 1, 1], embeddings, seed, strategy: "typical" } as const;
  const { picks } = pickClassDiverse({ ...options, perClass: 1 });
  assert.deepEqual(picks.map((pick) => pick.index), [1, 5]);
  assert.match(picks[0].why, /rank 1 by typical, 0 from the centre of its embeddings/);
});

for (const strategy of ["diverse", "typical"] as const) {
  Deno.test(`pickClassDiverse() ${strategy} of identical embeddings ends, with each row once`, () => {
    const yTrue = new Array<number>(12).fill(0), embeddings = yTrue.map(() => [0.1, 0.2, 0.3]);
    const { indices } = pickClassDiverse({ yTrue, embeddings, seed, strategy, perClass: 50 });
    assert.deepEqual([...indices].sort((a, b) => a - b), [...yTrue.keys()]);
  });

  Deno.test(`pickClassDiverse() ${strategy} picks NaN embeddings last, and counts them`, () => {
    const embeddings = [[NaN, 1], [1, 1], [Infinity, 0], [0, 1], [0, 0]];
    const options = { yTrue: [0, 0, 0, 0, 0], embeddings, seed, strategy };
    const picks = pickClassDiverse({ ...options, perClass: 5 });
    assert.equal(picks.unscored, 2);
    assert.deepEqual([...picks.indices.slice(3)].sort(), [0, 2]);
    assert.deepEqual(picks.picks.map((pick) => pick.rank), [1, 2, 3, 4, 5]);
    assert.match(picks.picks[4].why, /without a usable score/);
    const none = pickClassDiverse({ yTrue: [0], embeddings: [[NaN]], seed, strategy });
    assert.deepEqual(none.indices, [0]);
  });

  Deno.test(`pickClassDiverse() ${strategy} keeps its rows, to the bit, when their order changes`, () => {
    const random = new SeededRandom(7);
    const rows = Array.from({ length: 60 }, (_, i) => ({
      id: `id ${i % 50}`, // ten ids stand twice, with different embeddings
      label: i % 3,
      vector: [random.normal(), random.normal() * 1e6, random.normal() * 1e-6],
    }));
    const pick = (order: typeof rows) =>
      pickClassDiverse({
        yTrue: order.map((row) => row.label),
        ids: order.map((row) => row.id),
        embeddings: order.map((row) => row.vector),
        seed,
        strategy,
        perClass: 6,
      }).picks.map(({ id, score, why }) => ({ id, score, why }));
    const first = pick(rows);
    for (let i = 0; i < 10; i++) assert.deepEqual(pick(random.shuffle([...rows])), first);
  });
}
