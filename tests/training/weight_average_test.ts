import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Tf, Variable } from "../../src/tensors/tf.ts";
import { WeightAverage, type WeightAverageState } from "../../src/training/weight_average.ts";

async function twoWeights() {
  const { tf } = await openTensors({ prefer: "wasm" });
  const weights = [
    { name: "kernel", variable: tf.variable(tf.tensor2d([[1, 2]])) as Variable },
    { name: "bias", variable: tf.variable(tf.tensor1d([0.1])) as Variable },
  ];
  return { tf, weights, kernel: weights[0].variable };
}

type Weights = Awaited<ReturnType<typeof twoWeights>>["weights"];

const valuesOf = (weights: Weights) => weights.map(({ variable }) => [...variable.dataSync()]);

/** A step of training: the kernel moves, the bias stands still. */
function move(tf: Tf, weights: Weights, step: number): void {
  tf.tidy(() => weights[0].variable.assign(tf.tensor2d([[Math.sin(step), step / 7]])));
}

const toJson = (state: WeightAverageState): WeightAverageState =>
  JSON.parse(JSON.stringify({
    ...state,
    averages: state.averages.map((x) => ({ ...x, values: Array.from(x.values) })),
  }));

Deno.test("WeightAverage begins as a copy after afterSteps, then moves every so many steps", async () => {
  const { tf, weights, kernel } = await twoWeights();
  const average = new WeightAverage({ decay: 0.5, afterSteps: 2, every: 2 });
  const seen: (number | undefined)[] = [];
  for (const value of [1, 2, 4, 100, 8, 100, 16]) {
    tf.tidy(() => kernel.assign(tf.fill([1, 2], value)));
    average.update(weights);
    seen.push((await average.state()).averages[0]?.values[0]);
  }
  assert.deepEqual(seen, [undefined, undefined, 4, 4, 6, 6, 11]);
  average.dispose();
});

Deno.test("WeightAverage: a weight that stands still keeps every bit", async () => {
  const { tf, weights } = await twoWeights();
  const average = new WeightAverage({ decay: 0.9, afterSteps: 0 });
  for (let step = 0; step < 50; step++) {
    move(tf, weights, step);
    average.update(weights);
  }
  const { averages } = await average.state();
  assert.equal(averages[1].values[0], Math.fround(0.1));
  average.dispose();
});

Deno.test("WeightAverage.swapIn() and swapOut(): the same bytes after, and nothing left behind", async () => {
  const { tf, weights } = await twoWeights();
  const before = tf.memory().numTensors;
  const average = new WeightAverage({ decay: 0.5, afterSteps: 1 });
  assert.equal(average.swapIn(weights), false, "no average yet");
  average.swapOut();
  for (let step = 0; step < 4; step++) {
    move(tf, weights, step);
    average.update(weights);
  }
  const raw = valuesOf(weights);
  assert.equal(average.swapIn(weights), true);
  assert.notDeepEqual(valuesOf(weights), raw);
  assert.deepEqual(valuesOf(weights)[0], Array.from((await average.state()).averages[0].values));
  assert.throws(() => average.update(weights), /swapOut\(\) first/);
  assert.throws(() => average.swapIn(weights), /in already/);
  average.swapOut();
  assert.deepEqual(valuesOf(weights), raw);
  average.swapIn(weights);
  average.dispose();
  assert.deepEqual(valuesOf(weights), raw, "dispose() puts the weights back");
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("WeightAverage goes on from its state to the same bytes, at any step, also inside a tidy", async () => {
  const { tf, weights } = await twoWeights();
  const make = () => new WeightAverage({ decay: 0.7, afterSteps: 2, every: 2 });
  const walk = (average: WeightAverage, from: number, to: number) => {
    for (let step = from; step < to; step++) {
      move(tf, weights, step);
      tf.tidy(() => average.update(weights));
    }
  };
  const whole = make();
  walk(whole, 0, 9);
  const wanted = toJson(await whole.state());
  for (let cut = 0; cut <= 9; cut++) {
    const [first, second] = [make(), make()];
    walk(first, 0, cut);
    second.restore(toJson(await first.state()));
    walk(second, cut, 9);
    assert.deepEqual(toJson(await second.state()), wanted, `cut at ${cut}`);
    first.dispose();
    second.dispose();
  }
  whole.dispose();
});

Deno.test("WeightAverage refuses numbers that make no sense", () => {
  assert.throws(() => new WeightAverage({ decay: 1 }), /decay must be at least 0 and below 1/);
  assert.throws(() => new WeightAverage({ afterSteps: -1 }), /afterSteps/);
  assert.throws(() => new WeightAverage({ every: 0 }), /every/);
  assert.throws(() => new WeightAverage({ decy: 0.9 } as never), /Did you mean "decay"/);
});
