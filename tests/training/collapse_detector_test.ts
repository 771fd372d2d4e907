import assert from "node:assert/strict";
import { CollapseDetector, type CollapseOptions } from "../../src/training/collapse_detector.ts";

/** Ten images of two classes, `zeros` of them of class 0. */
const labels = (zeros: number) => Array.from({ length: 10 }, (_, i) => i < zeros ? 0 : 1);
const EVEN = labels(5);
const COLLAPSED = { yTrue: EVEN, yPred: labels(10) };
const HEALTHY = { yTrue: EVEN, yPred: EVEN };

/** Epochs of the collapses while the model answers class 0 all the time. */
function firings(options: Partial<CollapseOptions>, epochs = 10): number[] {
  const detector = new CollapseDetector({ classes: 2, ...options });
  for (let epoch = 1; epoch <= epochs; epoch++) detector.observe(epoch, COLLAPSED);
  return detector.events.filter(({ kind }) => kind === "collapse").map(({ epoch }) => epoch);
}

Deno.test("CollapseDetector: a cooldown of c blocks exactly c epochs", () => {
  assert.deepEqual(firings({ patience: 2, cooldown: 0 }), [2, 4, 6, 8, 10]);
  assert.deepEqual(firings({ patience: 2, cooldown: 1 }), [2, 5, 8]);
  assert.deepEqual(firings({ patience: 2, cooldown: 2 }), [2, 6, 10]);
  assert.deepEqual(firings({ patience: 1, cooldown: 3 }), [1, 5, 9]);
  assert.deepEqual(firings({ patience: 3, cooldown: 0 }), [3, 6, 9]);
});

Deno.test("CollapseDetector: the weight sinks to its floor, and comes back when the model is healthy", () => {
  const detector = new CollapseDetector({ classes: 2, patience: 1, cooldown: 0, recovery: 2 });
  for (let epoch = 1; epoch <= 6; epoch++) detector.observe(epoch, COLLAPSED);
  assert.deepEqual(detector.multipliers, [0.05, 1]);
  const seen: number[] = [];
  for (let epoch = 7; epoch <= 12; epoch++) {
    detector.observe(epoch, HEALTHY);
    seen.push(detector.multipliers[0]);
  }
  assert.deepEqual(seen, [0.1, 0.2, 0.4, 0.8, 1, 1]);
  assert.deepEqual(detector.events.at(-1), {
    epoch: 11,
    kind: "recovered",
    class: 0,
    predictedShare: 0.5,
    trueShare: 0.5,
    multiplier: 1,
  });
  assert.equal(detector.events.length, 7);
});

Deno.test("CollapseDetector: the share is judged against the true one", () => {
  const fires = (trueZeros: number, predictedZeros: number) =>
    new CollapseDetector({ classes: 2, patience: 1 })
      .observe(1, { yTrue: labels(trueZeros), yPred: labels(predictedZeros) }).length > 0;
  // Half are of the class: suspect from 90 % on. Where 90 % are of it, 90 % is right.
  assert.equal(fires(5, 8), false);
  assert.equal(fires(5, 9), true);
  assert.equal(fires(9, 9), false);
  assert.equal(fires(9, 10), true);
  assert.equal(fires(10, 10), false);
  assert.equal(fires(5, 1), true, "class 1 may be the one, too");
});

Deno.test("CollapseDetector: suspect epochs count in a row and for one class", () => {
  const detector = new CollapseDetector({ classes: 2, patience: 2 });
  const other = { yTrue: EVEN, yPred: labels(0) };
  [COLLAPSED, HEALTHY, COLLAPSED, other, COLLAPSED].forEach((epoch, i) =>
    detector.observe(i + 1, epoch)
  );
  assert.deepEqual(detector.events, []);
  assert.equal(detector.observe(6, COLLAPSED).length, 1);
  assert.deepEqual(detector.events[0], {
    epoch: 6,
    kind: "collapse",
    class: 0,
    predictedShare: 1,
    trueShare: 0.5,
    multiplier: 0.5,
  });
});

Deno.test("CollapseDetector.weights() leaves weights alone until there is a collapse, then keeps mean 1", () => {
  const detector = new CollapseDetector({ classes: 2, patience: 1 });
  const base = [1.5, 0.5];
  assert.equal(detector.weights(base), base);
  assert.equal(detector.weights(), undefined);
  detector.observe(1, COLLAPSED);
  const near = (found: readonly number[] | undefined, wanted: number[]) =>
    wanted.forEach((x, c) => assert.ok(Math.abs(found![c] - x) < 1e-12, `${found}`));
  near(detector.weights(), [2 / 3, 4 / 3]);
  near(detector.weights(base), [1.2, 0.8]);
});

Deno.test("CollapseDetector goes on from its state as if nothing had happened, at any epoch", () => {
  const epochs = [1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0].map((x) => x === 1 ? COLLAPSED : HEALTHY);
  const whole = new CollapseDetector({ classes: 2, cooldown: 2 });
  epochs.forEach((epoch, i) => whole.observe(i, epoch));
  assert.ok(whole.events.some(({ kind }) => kind === "recovered"));
  for (let cut = 0; cut <= epochs.length; cut++) {
    const first = new CollapseDetector({ classes: 2, cooldown: 2 });
    epochs.slice(0, cut).forEach((epoch, i) => first.observe(i, epoch));
    const second = new CollapseDetector({ classes: 2, cooldown: 2 });
    second.restore(JSON.parse(JSON.stringify(first.state())));
    epochs.slice(cut).forEach((epoch, i) => second.observe(cut + i, epoch));
    assert.deepEqual(second.state(), whole.state(), `cut at ${cut}`);
  }
});

Deno.test("CollapseDetector does not judge predictions that are no numbers", () => {
  const detector = new CollapseDetector({ classes: 2, patience: 1 });
  const broken = { yTrue: EVEN, yPred: new Array<number>(10).fill(-1) };
  assert.deepEqual(detector.observe(1, broken), []);
  assert.deepEqual(detector.multipliers, [1, 1]);
});

Deno.test("CollapseDetector refuses numbers that make no sense", () => {
  const make = (options: Partial<CollapseOptions>) => () =>
    new CollapseDetector({ classes: 2, ...options });
  assert.throws(make({ cooldown: -1 }), /cooldown must be a whole number from 0 on, found -1/);
  assert.throws(make({ patience: 0 }), /patience/);
  assert.throws(make({ threshold: NaN }), /threshold/);
  assert.throws(make({ factor: 1 }), /factor/);
  assert.throws(make({ recovery: 1 }), /recovery/);
  assert.throws(make({ colldown: 1 } as never), /Did you mean "cooldown"/);
  const other = new CollapseDetector({ classes: 3 });
  assert.throws(() => other.restore(make({})().state()), /2 classes, wanted 3/);
});
