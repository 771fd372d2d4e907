import assert from "node:assert/strict";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import { pickManifest } from "../../src/sampling/pick_manifest.ts";
import { rotatingPicks } from "../../src/sampling/rotating_picks.ts";

const classes = ["none", "mild", "severe"];
const options = {
  yTrue: [0, 0, 1, -1, 1],
  yPred: [0, 2, 1, 0, NaN],
  ids: ["a", "b", "c", "d", "e"],
  classes,
  seed: "panel",
};

Deno.test("pickManifest() says how and why, for each pick", () => {
  const scores = [0.5, Infinity, -0, 1, NaN];
  const manifest = pickManifest(pickClassDiverse({ ...options, scores, strategy: "hardest" }));
  const { picks, ...rest } = manifest;
  assert.deepEqual(rest, {
    schema: "qsight.picks/1",
    seed: "panel",
    strategies: ["hardest"],
    quota: "class",
    classes,
    requested: 6,
    picked: 4,
    counts: { scanned: 5, unscanned: 0, unlabelled: 1, unpredicted: 0, unscored: 1 },
    groups: [
      { name: "none", rows: 2, wanted: 2, got: 2, short: false },
      { name: "mild", rows: 2, wanted: 2, got: 2, short: false },
    ],
    missing: ["severe"],
    rotation: null,
  });
  assert.deepEqual(picks[0], {
    index: 1,
    id: "b",
    class: 0,
    className: "none",
    predicted: 2,
    predictedName: "severe",
    strategy: "hardest",
    rank: 1,
    score: null, // JSON has no infinity; the sentence keeps it
    part: null,
    why: "number 1 of 2 in class none, rank 1 by hardest, score Infinity, predicted as severe",
  });
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest);
});

Deno.test("pickManifest() is the same after JSON for every quota and without bounds", () => {
  for (const quota of ["class", "cell", "distance"] as const) {
    const bound = quota === "class" ? { perClass: Infinity } : { perGroup: Infinity };
    const manifest = pickManifest(pickClassDiverse({ ...options, quota, ...bound }));
    assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest);
    assert.equal(manifest.requested, null);
    assert.equal(manifest.picked, manifest.picks.length);
  }
});

Deno.test("pickManifest() says which part of a panel stays", () => {
  const manifest = pickManifest(rotatingPicks({ ...options, epoch: 4 }));
  assert.deepEqual(manifest.rotation, { epoch: 4, fixed: 2, epochs: 1 });
  assert.deepEqual(
    manifest.picks.map((pick) => [pick.className, pick.part]),
    [["none", "fixed"], ["mild", "fixed"], ["none", "rotating"], ["mild", "rotating"]],
  );
  assert.match(manifest.picks[2].why, /^shown in epoch 4: number 1 of 1 in class none that take/);
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest);
});
