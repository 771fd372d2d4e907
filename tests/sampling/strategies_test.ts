import assert from "node:assert/strict";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";

const seed = 1;
const idsOf = (picks: ReturnType<typeof pickClassDiverse>) => picks.picks.map((pick) => pick.id);

/** Two classes of five rows; p(true) and margins are easy to sort by eye. */
const data = {
  yTrue: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1],
  ids: ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"],
  probabilities: [
    ...[[0.9, 0.1], [0.1, 0.9], [0.52, 0.48], [0.7, 0.3], [0.35, 0.65]],
    ...[[0.2, 0.8], [0.95, 0.05], [0.49, 0.51], [0.4, 0.6], [0.7, 0.3]],
  ],
  seed,
};
const expected = {
  hardest: ["b", "g", "e", "j"], // p(true) 0.1 and 0.35; 0.05 and 0.3
  boundary: ["c", "h", "e", "i"], // margins 0.04 and 0.3; 0.02 and 0.2
};

for (const strategy of ["hardest", "boundary"] as const) {
  Deno.test(`pickClassDiverse() ${strategy} follows the probabilities, as rows and as one array`, () => {
    assert.deepEqual(idsOf(pickClassDiverse({ ...data, strategy })), expected[strategy]);
    const flat = Float32Array.from(data.probabilities.flat());
    const picks = pickClassDiverse({ ...data, probabilities: flat, strategy });
    assert.deepEqual(idsOf(picks), expected[strategy]);
    assert.deepEqual(picks.picks.map((pick) => pick.rank), [1, 1, 2, 2]);
  });
}

Deno.test("pickClassDiverse() boundary compares the two highest of several probabilities", () => {
  // The lowest top probability is not the smallest margin.
  const probabilities = [[0.4, 0.3, 0.3], [0.48, 0.47, 0.05], [0.5, 0.1, 0.4]];
  const { picks } = pickClassDiverse({
    yTrue: [0, 0, 0],
    probabilities,
    seed,
    strategy: "boundary",
    perClass: 3,
  });
  assert.deepEqual(picks.map((pick) => Number(pick.score!.toFixed(6))), [0.01, 0.1, 0.1]);
  assert.equal(picks[0].index, 1);
});

Deno.test("pickClassDiverse() hardest takes the user's own scores before probabilities", () => {
  const scores = [1, 2, Infinity, 4, 5, 6, 7, 8, 9, -10];
  const { picks } = pickClassDiverse({ ...data, scores, strategy: "hardest" });
  assert.deepEqual(picks.map((pick) => pick.id), ["c", "i", "e", "h"]);
  assert.deepEqual(picks.map((pick) => pick.score), [Infinity, 9, 5, 8]);
  assert.match(picks[0].why, /^number 1 of 5 in class 0, rank 1 by hardest, score Infinity,/);
});

Deno.test("pickClassDiverse() typical without embeddings takes the median", () => {
  const { picks } = pickClassDiverse({ ...data, strategy: "typical", perClass: 1 });
  assert.deepEqual(picks.map((pick) => [pick.id, pick.score]), [["c", 0.52], ["h", 0.51]]);
  assert.match(picks[0].why, /p\(true\) 0\.52 where the median is 0\.52/);
  // Of four rows, 1 2 3 9, it is the lower of the two in the middle.
  const even = { yTrue: [0, 0, 0, 0], scores: [9, 2, 1, 3], seed };
  const picked = pickClassDiverse({ ...even, strategy: "typical", perClass: 4 });
  assert.equal(picked.picks[0].score, 2);
  assert.equal(picked.picks[3].score, 9);
});

Deno.test("pickClassDiverse() typical is near the median of classes larger than its sample", () => {
  const scores = Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 50_000);
  const yTrue = new Uint8Array(50_000);
  const [{ score }] = pickClassDiverse({ yTrue, scores, seed, strategy: "typical" }).picks;
  // 1024 rows: the rank of the median has a standard deviation of 1.6 %; four of them.
  assert.ok(Math.abs(score! - 25_000) < 0.0625 * 50_000, String(score));
});

Deno.test("pickClassDiverse() takes the strategies of a list in turn, no row twice", () => {
  const strategy = ["hardest", "boundary", "typical"] as const;
  const { picks } = pickClassDiverse({ ...data, strategy, perClass: 5 });
  assert.equal(new Set(picks.map((pick) => pick.id)).size, 10);
  const first = picks.filter((pick) => pick.class === 0);
  assert.deepEqual(
    first.map((pick) => [pick.strategy, pick.id]),
    [["hardest", "b"], ["boundary", "c"], ["typical", "e"], ["hardest", "d"], ["boundary", "a"]],
  );
});

for (const strategy of ["hardest", "boundary", "typical"] as const) {
  Deno.test(`pickClassDiverse() ${strategy} picks NaN scores last, and counts them`, () => {
    const probabilities = data.probabilities.map((row) => [...row]);
    probabilities[0] = [NaN, NaN];
    probabilities[1] = [0.3, NaN];
    probabilities[6] = [-3, 4]; // logits are no probabilities
    const options = { ...data, probabilities, strategy };
    const picks = pickClassDiverse({ ...options, perClass: 3 });
    assert.equal(picks.unscored, 3);
    assert.ok(!idsOf(picks).some((id) => "abg".includes(id)), idsOf(picks).join());
    const all = pickClassDiverse({ ...options, perClass: 5 });
    const last = all.picks.filter((pick) => pick.class === 0).slice(3);
    assert.deepEqual(last.map((pick) => pick.id).sort(), ["a", "b"]);
    assert.deepEqual(last.map((pick) => pick.score), [null, null]);
    assert.equal(all.picks.at(-1)!.id, "g");
    assert.match(last[0].why, /without a usable score/);
    assert.equal(last[0].predicted, null);
  });
}

Deno.test("pickClassDiverse() shows a class whose scores are all NaN", () => {
  const scores = [NaN, NaN, 1, 2];
  const picks = pickClassDiverse({ yTrue: [0, 0, 1, 1], scores, seed, strategy: "hardest" });
  assert.deepEqual(picks.picks.map((pick) => pick.class), [0, 1, 0, 1]);
  assert.equal(picks.unscored, 2);
});

Deno.test("pickClassDiverse() breaks ties of all-equal scores by hash, as random does", () => {
  const ids = Array.from({ length: 40 }, (_, i) => `id ${i}`), yTrue = ids.map((_, i) => i % 2);
  const random = pickClassDiverse({ yTrue, ids, seed, perClass: 5 });
  for (const strategy of ["hardest", "typical"] as const) {
    const equal = pickClassDiverse({
      yTrue,
      ids,
      seed,
      perClass: 5,
      strategy,
      scores: ids.map(() => 3),
    });
    assert.deepEqual(idsOf(equal), idsOf(random));
  }
});

Deno.test("pickClassDiverse() takes predictions from probabilities where none are given", () => {
  const { picks } = pickClassDiverse({ ...data, perClass: 5 });
  for (const { index, predicted } of picks) {
    const [p0, p1] = data.probabilities[index];
    assert.equal(predicted, p1 > p0 ? 1 : 0);
  }
});

Deno.test("pickClassDiverse() refuses strategies that lack their numbers, and tables out of shape", () => {
  const ok = { yTrue: [0, 1], seed, classes: 2 };
  const wrong: [object, RegExp][] = [
    [{ ...ok, strategy: "hardest" }, /found no scores or probabilities.*"hardest".*Pass them/],
    [{ ...ok, strategy: "typical" }, /found no embeddings, scores or probabilities/],
    [{ ...ok, strategy: "boundary", scores: [1, 2] }, /found no probabilities/],
    [{ ...ok, strategy: "diverse" }, /found no embeddings/],
    [{ ...ok, strategy: "hardest", scores: [1] }, /2 rows and scores 1/],
    [{ ...ok, probabilities: [[1, 0]] }, /2 rows and probabilities 1/],
    [{ ...ok, probabilities: [[1, 0], [1]] }, /row 1 of probabilities has 1 numbers, wanted 2/],
    [{ ...ok, probabilities: [1, 0, 1] }, /flat array of 3 numbers, wanted 2 rows × 2 columns/],
    [{ ...ok, classes: undefined, probabilities: [1, 0, 1] }, /probabilities is a flat array of 3/],
    [{ ...ok, embeddings: [[1, 0], [1, 2, 3]] }, /row 1 of embeddings has 3 numbers, wanted 2/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => pickClassDiverse(options as never), { name: "RangeError", message });
  }
});
