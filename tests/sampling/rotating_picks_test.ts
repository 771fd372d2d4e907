import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import { rotatingPicks, type RotatingPicksOptions } from "../../src/sampling/rotating_picks.ts";

const yTrue = [...Array(9).fill(0), ...Array(4).fill(1), 2, -1];
const ids = yTrue.map((_, i) => `image_${i}.png`);
const data = { yTrue, ids, classes: 4, seed: 3 };
const panelsOf = (options: Partial<RotatingPicksOptions>, epochs: number) =>
  Array.from({ length: epochs }, (_, epoch) => rotatingPicks({ ...data, ...options, epoch }));
const idsOf = ({ picks }: ReturnType<typeof rotatingPicks>) => picks.map((pick) => pick.id);

Deno.test("rotatingPicks() shows the fixed rows first in every epoch", () => {
  const panels = panelsOf({ fixed: 2, rotating: 1 }, 20);
  const stay = pickClassDiverse({ ...data, perClass: 2 }).picks.map((pick) => pick.id);
  for (const panel of panels) {
    assert.equal(panel.rotation.fixed, 5);
    assert.deepEqual(idsOf(panel).slice(0, 5), stay);
    assert.match(panel.picks[0].why, /^fixed in every epoch: number 1 of 9 in class 0, drawn/);
  }
});

for (const [fixed, rotating] of [[1, 1], [1, 2], [2, 3], [0, 1], [0, 5]]) {
  Deno.test(`rotatingPicks() repeats no row before all were shown: ${fixed} fixed, ${rotating} rotating`, () => {
    const panels = panelsOf({ fixed, rotating }, 40);
    for (const [c, rows] of [[0, 9], [1, 4], [2, 1]]) {
      const rest = Math.max(0, rows - fixed);
      const shown = panels.map(({ picks, rotation }) =>
        picks.slice(rotation.fixed).filter((pick) => pick.class === c).map((pick) => pick.id)
      );
      for (const part of shown) assert.equal(part.length, Math.min(rotating, rest));
      for (const part of shown) assert.equal(new Set(part).size, part.length);
      // In windows that begin with a cycle, each row of the rest occurs once.
      const sequence = rest > rotating ? shown.flat() : [];
      for (let at = 0; rest > 0 && at + rest <= sequence.length; at += rest) {
        assert.equal(new Set(sequence.slice(at, at + rest)).size, rest);
      }
    }
    const { epochs } = panels[0].rotation;
    const all = new Set(panels.slice(0, epochs!).flatMap(idsOf));
    assert.equal(all.size, 14, "all labelled rows within the cycle");
    const before = new Set(panels.slice(0, epochs! - 1).flatMap(idsOf));
    assert.ok(epochs === 1 || before.size < 14, "not before");
  });
}

Deno.test("rotatingPicks() begins as pickClassDiverse() does with as many rows", () => {
  const panel = rotatingPicks({ ...data, epoch: 0 });
  const picks = pickClassDiverse({ ...data, perClass: 2 });
  assert.deepEqual(idsOf(panel), picks.picks.map((pick) => pick.id));
  assert.deepEqual([panel.missing, panel.short], [picks.missing, picks.short]);
  assert.deepEqual([panel.groups, panel.requested], [picks.groups, picks.requested]);
  assert.equal(panel.unlabelled, 1);
});

Deno.test("rotatingPicks() follows from seed and epoch, whatever the order of rows and the model", () => {
  const order = new SeededRandom(5).shuffle([...yTrue.keys()]);
  for (const epoch of [0, 3, 1e6, 2 ** 52]) {
    const panel = rotatingPicks({ ...data, epoch, rotating: 2 });
    const again = rotatingPicks({
      ...data,
      yTrue: order.map((row) => yTrue[row]),
      ids: order.map((row) => ids[row]),
      yPred: order.map((row) => row % 3),
      epoch,
      rotating: 2,
    });
    assert.deepEqual(idsOf(again), idsOf(panel));
    assert.equal(new Set(idsOf(panel)).size, idsOf(panel).length);
  }
  const other = rotatingPicks({ ...data, seed: 4, epoch: 0 });
  assert.notDeepEqual(idsOf(other), idsOf(rotatingPicks({ ...data, epoch: 0 })));
});

Deno.test("rotatingPicks() keeps ids that were chosen once, and rotates around them", () => {
  const scores = yTrue.map((_, i) => i);
  const hardest = pickClassDiverse({ ...data, scores, strategy: "hardest", perClass: 1 });
  const fixed = hardest.picks.map((pick) => pick.id);
  const panels = panelsOf({ fixed, rotating: 2 }, 4);
  for (const panel of panels) {
    assert.deepEqual(idsOf(panel).slice(0, 3), ["image_8.png", "image_12.png", "image_13.png"]);
    assert.equal(panel.picks[0].why, "fixed in every epoch: its id was given");
    assert.deepEqual(panel.short, [{ class: 2, wanted: 3, got: 1 }]);
  }
  assert.equal(new Set(panels.flatMap(idsOf)).size, 14);
  assert.throws(
    () => panelsOf({ fixed: ["gone.png"] }, 1),
    /no labelled row with the id "gone\.png"/,
  );
  assert.throws(() => panelsOf({ fixed: ["image_14.png"] }, 1), /no labelled row/);
});

Deno.test("rotatingPicks() fixes the most different rows by embeddings that last", () => {
  const embeddings = yTrue.map((_, i) => [i * i]);
  const [panel] = panelsOf({ fixed: 2, strategy: "diverse", embeddings }, 1);
  const { picks } = pickClassDiverse({ ...data, perClass: 2, strategy: "diverse", embeddings });
  assert.deepEqual(idsOf(panel).slice(0, 5), picks.map((pick) => pick.id));
  assert.throws(() => panelsOf({ strategy: "diverse" }, 1), /no embeddings, wanted them for/);
  for (const strategy of ["hardest", "boundary"]) {
    assert.throws(
      () => panelsOf({ strategy } as never, 1),
      /changes with the model from epoch to epoch.*pass the ids of its picks as fixed/,
    );
  }
});

Deno.test("rotatingPicks() never shows an id twice, not even under two classes", () => {
  const twice = { yTrue: [0, 0, 0, 1, 1, 1], ids: ["a", "b", "c", "a", "b", "d"] };
  for (let seed = 0; seed < 30; seed++) {
    for (let epoch = 0; epoch < 6; epoch++) {
      const panel = idsOf(rotatingPicks({ ...twice, seed, epoch, rotating: 2 }));
      assert.equal(new Set(panel).size, panel.length, panel.join());
    }
  }
});

Deno.test("rotatingPicks() of no rows is empty, and nothing may rotate", () => {
  const none = rotatingPicks({ yTrue: [], seed: 1, epoch: 7, classes: 2 });
  assert.deepEqual([none.indices, none.missing, none.requested], [[], [0, 1], 4]);
  const still = rotatingPicks({ ...data, epoch: 2, rotating: 0 });
  assert.deepEqual([still.picks.length, still.rotation.epochs], [3, null]);
});

Deno.test("rotatingPicks() rejects what it cannot mean", () => {
  const wrong: [object, RegExp][] = [
    [{ epoch: -1 }, /rotatingPicks\(\): epoch is -1/],
    [{ epoch: undefined }, /epoch is undefined/],
    [{ rotating: 0.5 }, /rotating is 0\.5/],
    [{ fixed: -2 }, /fixed is -2/],
    [{ fixed: "image_1.png" }, /fixed is image_1\.png/],
    [{ perClass: 2 }, /unknown option "perClass"/],
    [{ rotate: 2 }, /unknown option "rotate".*"rotating"/],
    [{ seed: undefined }, /no seed/],
    [{ ids: ["a"] }, /ids 1/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => rotatingPicks({ ...data, epoch: 0, ...options } as never), { message });
  }
});
