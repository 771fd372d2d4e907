import assert from "node:assert/strict";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";

const seed = 1;
const grades = ["none", "mild", "moderate", "severe"];
/** Mostly right; one row that is three grades off, one that is two. */
const data = {
  yTrue: [...Array(40).fill(0), ...Array(40).fill(1), 0, 3, 2, 2],
  yPred: [...Array(40).fill(0), ...Array(40).fill(1), 3, 1, 1, 3],
  classes: grades,
  seed,
};

Deno.test('pickClassDiverse() quota "cell" shows each cell of the confusion matrix', () => {
  const picks = pickClassDiverse({ ...data, quota: "cell", perGroup: 2 });
  assert.deepEqual(
    picks.picks.map((pick) => [pick.class, pick.predicted]),
    [[0, 0], [0, 3], [1, 1], [2, 1], [2, 3], [3, 1], [0, 0], [1, 1]],
  );
  const named = (state: string) =>
    picks.groups.filter((group) => group.state === state).map((group) => group.name);
  assert.deepEqual(named("full"), ["none as none", "mild as mild"]);
  assert.deepEqual(named("short"), [
    ...["none as severe", "moderate as mild", "moderate as severe", "severe as mild"],
  ]);
  assert.equal(named("missing").length, 10);
  assert.deepEqual(picks.groups.find((group) => group.name === "none as severe"), {
    name: "none as severe",
    class: 0,
    predicted: 3,
    distance: 3,
    rows: 1,
    wanted: 2,
    got: 1,
    state: "short",
  });
  assert.deepEqual([picks.requested, picks.missing, picks.short], [32, [], []]);
  assert.match(picks.picks[1].why, /^number 1 of 1 in cell none as severe, drawn with seed 1/);
});

Deno.test('pickClassDiverse() quota "distance" shows the worst errors first', () => {
  const picks = pickClassDiverse({ ...data, quota: "distance", total: 5 });
  assert.deepEqual(picks.picks.map(({ index }) => index).slice(0, 2), [80, 81]);
  assert.deepEqual(
    picks.picks.map(({ class: c, predicted }) => Math.abs(c - predicted!)),
    [3, 2, 1, 0, 1],
  );
  assert.deepEqual(picks.groups.map((group) => group.state), ["short", "short", "full", "full"]);
  assert.match(picks.picks[0].why, /^number 1 of 1 in distance 3 \(class none\), .* as severe$/);
  const one = pickClassDiverse({ ...data, quota: "distance", total: 1 });
  assert.deepEqual(one.indices, [80]);
  // Not because they are rare: here most rows are far off.
  const bad = {
    yTrue: [0, 0, 0, 1],
    yPred: [2, 2, 2, 1],
    seed,
    quota: "distance",
    total: 1,
  } as const;
  assert.equal(pickClassDiverse(bad).picks[0].predicted, 2);
});

Deno.test('pickClassDiverse() quota "cell" goes on where cells are empty and fills the total', () => {
  const picks = pickClassDiverse({ ...data, quota: "cell", total: 30 });
  assert.equal(picks.picks.length, 30);
  assert.deepEqual(picks.groups.filter((cell) => cell.got > 1).map((cell) => cell.got), [13, 13]);
});

Deno.test("pickClassDiverse() counts rows without a prediction and leaves them out of the cells", () => {
  const yPred = [0, null, NaN, -1, 1];
  for (const quota of ["cell", "distance"] as const) {
    const picks = pickClassDiverse({ yTrue: [0, 0, 0, 1, 1], yPred, seed, quota, perGroup: 5 });
    assert.equal(picks.unpredicted, 3);
    assert.deepEqual([...picks.indices].sort(), [0, 4]);
    assert.deepEqual(picks.present, [0, 1]);
  }
  const byClass = pickClassDiverse({ yTrue: [0, 0, 0, 1, 1], yPred, seed, perClass: 5 });
  assert.deepEqual([byClass.picks.length, byClass.unpredicted], [5, 0]);
});

Deno.test("pickClassDiverse() cells have room for a class that is only ever predicted", () => {
  const picks = pickClassDiverse({ yTrue: [0, 1], yPred: [2, 1], seed, quota: "cell" });
  assert.deepEqual(picks.picks.map((pick) => pick.predicted), [2, 1]);
  assert.deepEqual(picks.missing, [2]);
});

Deno.test("pickClassDiverse() groups of classes say what present, missing and short say", () => {
  const picks = pickClassDiverse({ yTrue: [0, 0, 2], seed, classes: 4, perClass: 2 });
  assert.deepEqual(picks.groups.map((group) => group.state), [
    "full",
    "missing",
    "short",
    "missing",
  ]);
  assert.deepEqual([picks.present, picks.missing], [[0, 2], [1, 3]]);
  assert.deepEqual(picks.short, [{ class: 2, wanted: 2, got: 1 }]);
});
