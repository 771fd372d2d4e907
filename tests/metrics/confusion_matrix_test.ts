import assert from "node:assert/strict";
import { confusionMatrix } from "../../src/metrics/confusion_matrix.ts";

const yTrue = [0, 0, 0, 0, 1, 1, 3], yPred = [0, 0, 0, 1, 1, 3, 3];

Deno.test("confusionMatrix() counts, rows are the true class", () => {
  const { counts, total, normalized } = confusionMatrix(yTrue, yPred, { classes: 4 });
  assert.deepEqual(counts, [[3, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]]);
  assert.deepEqual([total, normalized], [7, null]);
});

Deno.test("confusionMatrix() normalised by row sums to 1, absent classes are null, counts stay", () => {
  const { counts, normalized } = confusionMatrix(yTrue, yPred, { classes: 4, normalize: "true" });
  assert.deepEqual(normalized, [[0.75, 0.25, 0, 0], [0, 0.5, 0, 0.5], [null, null, null, null], [
    0,
    0,
    0,
    1,
  ]]);
  assert.deepEqual(counts[2], [0, 0, 0, 0]);
});

Deno.test("confusionMatrix() normalised by column and by all", () => {
  const pred = confusionMatrix(yTrue, yPred, { classes: 4, normalize: "pred" }).normalized;
  assert.deepEqual(pred?.map((row) => row[2]), [null, null, null, null]);
  assert.deepEqual(pred?.map((row) => row[1]), [0.5, 0.5, 0, 0]);
  const all = confusionMatrix(yTrue, yPred, { classes: 4, normalize: "all" }).normalized;
  assert.equal(all?.[0][0], 3 / 7);
  const empty = confusionMatrix([], [], { classes: 2, normalize: "all" }).normalized;
  assert.deepEqual(empty, [[null, null], [null, null]]);
});

Deno.test("confusionMatrix() takes typed arrays", () => {
  const typed = confusionMatrix(Int32Array.from(yTrue), Uint8Array.from(yPred), { classes: 4 });
  assert.deepEqual(typed, confusionMatrix(yTrue, yPred, { classes: 4 }));
});

Deno.test("confusionMatrix() rejects what it cannot count", () => {
  const wrong: [number[], number[], object, RegExp][] = [
    [[0], [0, 1], { classes: 2 }, /yTrue has 1 rows and yPred 2/],
    [[0, 2], [0, 1], { classes: 2 }, /label 2 at row 1, wanted a class index from 0 to 1/],
    [[0, 1], [0, -1], { classes: 2 }, /label -1 at row 1/],
    [[0.5], [0], { classes: 2 }, /label 0\.5 at row 0/],
    [[0], [0], { classes: 0 }, /classes is 0/],
    [[0], [0], {}, /classes is undefined/],
    [[0], [0], { classes: 2, normalise: "true" }, /Did you mean "normalize"\?/],
    [[0], [0], { classes: 2, normalize: "row" }, /unknown normalize "row"/],
  ];
  for (const [truth, pred, options, message] of wrong) {
    assert.throws(() => confusionMatrix(truth, pred, options as never), { message });
  }
});
