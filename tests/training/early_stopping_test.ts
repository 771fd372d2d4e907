import assert from "node:assert/strict";
import { EarlyStopping } from "../../src/training/early_stopping.ts";

/** Best epoch, and the epoch after which the stage ends. */
function run(
  values: readonly (number | null)[],
  options: ConstructorParameters<typeof EarlyStopping>[0],
): { best: number; stopped: number | null } {
  const stopping = new EarlyStopping(options);
  for (const [i, value] of values.entries()) {
    if (stopping.offer(value, i + 1).stop) return { best: stopping.bestEpoch, stopped: i + 1 };
  }
  return { best: stopping.bestEpoch, stopped: null };
}

Deno.test("EarlyStopping stops after patience epochs without improvement; the first of equals is best", () => {
  assert.deepEqual(run([0.1, 0.3, 0.3, 0.2, 0.4], { mode: "max", patience: 2 }), {
    best: 2,
    stopped: 4,
  });
  assert.deepEqual(run([3, 1, 2, 0.5], { mode: "min", patience: 2 }), { best: 4, stopped: null });
  assert.deepEqual(run([3, 1, 2, 2, 2], { mode: "min", patience: null }), {
    best: 2,
    stopped: null,
  });
});

Deno.test("EarlyStopping: an improvement is more than minDelta", () => {
  const values = [0.1, 0.15, 0.19, 0.25];
  assert.deepEqual(run(values, { mode: "max", patience: 2, minDelta: 0.1 }), {
    best: 1,
    stopped: 3,
  });
  assert.deepEqual(run(values, { mode: "max", patience: 2 }), { best: 4, stopped: null });
});

Deno.test("EarlyStopping: what is not a number never is the best, and cannot keep a stage going", () => {
  for (const mode of ["max", "min"] as const) {
    const nothing = [NaN, null, Infinity, -Infinity, NaN];
    assert.deepEqual(run(nothing, { mode, patience: 3 }), { best: 0, stopped: 3 });
    assert.deepEqual(run([0.5, NaN, NaN, 0.6], { mode, patience: 2 }), { best: 1, stopped: 3 });
    assert.deepEqual(run([NaN, 0.5, NaN], { mode, patience: 2 }), { best: 2, stopped: null });
  }
});

Deno.test("EarlyStopping goes on from its state", () => {
  const first = new EarlyStopping({ mode: "max", patience: 2 });
  first.offer(0.5, 1);
  first.offer(0.4, 2);
  const second = new EarlyStopping({ mode: "max", patience: 2 });
  second.restore(JSON.parse(JSON.stringify(first.state())));
  assert.deepEqual(second.offer(0.45, 3), { improved: false, stop: true });
  assert.deepEqual([second.best, second.bestEpoch], [0.5, 1]);
  const fresh = new EarlyStopping({ mode: "max" });
  fresh.restore(JSON.parse(JSON.stringify(fresh.state())));
  assert.equal(fresh.best, null);
});

Deno.test("EarlyStopping refuses numbers that make no sense", () => {
  assert.throws(() => new EarlyStopping({ mode: "max", patience: 0 }), /patience/);
  assert.throws(() => new EarlyStopping({ mode: "max", minDelta: NaN }), /minDelta/);
  assert.throws(() => new EarlyStopping({ mode: "max", pateince: 1 } as never), /"patience"/);
});
