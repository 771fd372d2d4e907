import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { loadData } from "../../src/data/load_data.ts";
import { annealingOf, hybridModel } from "../../src/model/mod.ts";
import { ANNEALING_CURVES } from "../../src/stages/annealing.ts";
import { annealedValue, annealingProgress, defineStages } from "../../src/stages/mod.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { fit } from "../../src/training/fit.ts";

for (const curve of ANNEALING_CURVES) {
  Deno.test(`annealedValue() begins and ends exactly, and never turns: ${curve}`, () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 200; round++) {
      const [from, to] = [random.next() * 5, random.next() * 5];
      const at = (progress: number) => annealedValue({ from, to, curve }, progress);
      assert.ok(Object.is(at(0), from) && Object.is(at(1), to));
      const values = Array.from({ length: 41 }, (_, i) => at(i / 40));
      const steps = values.slice(1).map((value, i) => (value - values[i]) * Math.sign(to - from));
      assert.ok(steps.every((step) => step >= 0), `${from} to ${to}`);
    }
  });
}

Deno.test("annealedValue() curves pass through their own middle", () => {
  const middle = (curve: (typeof ANNEALING_CURVES)[number]) =>
    annealedValue({ from: 0, to: 1, curve }, 0.5);
  assert.ok(Math.abs(middle("linear") - 0.5) < 1e-12);
  assert.ok(Math.abs(middle("cosine") - 0.5) < 1e-12);
  assert.ok(Math.abs(middle("sigmoid") - 0.5) < 1e-12);
  // (1 - e^-1.5) / (1 - e^-3)
  assert.ok(Math.abs(middle("exponential") - 0.8175744761936437) < 1e-12);
  const quarter = annealedValue({ from: 0, to: 1, curve: "cosine" }, 0.25);
  assert.ok(Math.abs(quarter - (1 - Math.SQRT1_2) / 2) < 1e-12);
});

Deno.test("annealingProgress() reaches both ends, with one epoch the last", () => {
  for (const epochs of [1, 2, 7]) {
    const way = Array.from({ length: epochs }, (_, i) => annealingProgress(i + 1, epochs));
    assert.equal(way.at(-1), 1);
    assert.equal(way[0], epochs === 1 ? 1 : 0);
  }
  for (const [epoch, epochs] of [[0, 3], [4, 3], [1.5, 3], [1, 0], [NaN, 3]]) {
    assert.throws(() => annealingProgress(epoch, epochs), /Count epochs from 1/);
  }
});

Deno.test("annealedValue() rejects a progress that is none, and misspelt keys", () => {
  for (const progress of [-0.1, 1.1, NaN]) {
    assert.throws(
      () => annealedValue({ from: 1, to: 0 }, progress),
      /progress must be from 0 to 1/,
    );
  }
  assert.throws(() => annealedValue({ form: 1 } as never, 0), /Did you mean "from"/);
});

for (const curve of ANNEALING_CURVES) {
  Deno.test(`fit() anneals from one end to the other, in one epoch to the end: ${curve}`, async () => {
    await openTensors({ prefer: "wasm" });
    const data = await loadData("synthetic", { count: 20, imageSize: 16, seed: 1 });
    const small = { imageSize: 16, filters: [4, 6], compressed: 6, wires: 2, layers: 1 };
    const model = hybridModel({ classes: data.classes, ...small, quantumHead: { temperature: 1 } });
    const quantum = { train: ["quantum"], heads: ["quantum"], patience: null };
    const way = (from: number, to: number) => ({ from, to, curve });
    const stages = defineStages([
      {
        ...quantum,
        name: "three",
        epochs: 3,
        annealing: { temperature: way(2.5, 0.5), noise: way(0.25, 0) },
      },
      { ...quantum, name: "none", epochs: 1 },
      { ...quantum, name: "one", epochs: 1, annealing: { temperature: way(3, 0.75) } },
    ]);
    const seen: unknown[] = [];
    const callback = {
      onEpochEnd: async () => void seen.push(await annealingOf(model)),
    };
    await fit(model, data, { stages, batchSize: 8, callbacks: [callback], progress: false });
    assert.deepEqual(seen[0], { temperature: 2.5, noise: 0.25 });
    assert.deepEqual(seen[2], { temperature: 0.5, noise: 0 });
    assert.deepEqual(seen.slice(3), [
      { temperature: 0.5, noise: 0 },
      { temperature: 0.75, noise: 0 },
    ]);
  });
}
