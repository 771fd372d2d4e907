import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Tensor, Variable } from "../../src/tensors/tf.ts";
import { tuneBatchSize, type TuneBatchSizeOptions } from "../../src/training/tune_batch_size.ts";

/** A machine on which a step of n images takes `seconds(n)` and `bytes(n)`; it fails above `room` images. */
function machine(
  { seconds, bytes, room = Infinity }: {
    seconds: (n: number) => number;
    bytes?: (n: number) => number;
    room?: number;
  },
) {
  let clock = 0, used = bytes?.(0) ?? 0, saved = 0, restored = 0;
  const tried: number[] = [];
  const options: Omit<TuneBatchSizeOptions<string>, "base"> = {
    now: () => clock * 1000,
    step: (n) => {
      if (tried.at(-1) !== n) tried.push(n);
      if (n > room) throw new Error("Array buffer allocation failed");
      clock += seconds(n);
      used = bytes?.(n) ?? 0;
    },
    save: () => `${saved++}`,
    restore: (state) => {
      assert.equal(state, "0");
      restored++;
    },
    ...bytes === undefined ? {} : { memory: () => used },
  };
  return { options, tried, counts: () => ({ saved, restored, clock }) };
}

Deno.test("tuneBatchSize() judges the time per image: it grows where a step costs, and not where images do", async () => {
  const found = async (seconds: (n: number) => number) =>
    await tuneBatchSize({ base: 24, ...machine({ seconds }).options });
  const launchBound = await found(() => 0.1);
  assert.equal(launchBound.batchSize, 96);
  assert.deepEqual(launchBound.trials.map(({ batchSize }) => batchSize), [24, 36, 54, 81, 96]);
  assert.match(launchBound.why, /96 is the largest/);
  assert.equal((await found((n) => 0.05 + 0.05 * n / 24)).batchSize, 96);
  const computeBound = await found((n) => 0.01 * n);
  assert.equal(computeBound.batchSize, 24);
  assert.match(computeBound.why, /36 images in a step take no less time per image/);
  // Caches overflow above 40: more in a step would be slower.
  assert.equal((await found((n) => n <= 40 ? 0.1 : 0.01 * n)).batchSize, 36);
});

Deno.test("tuneBatchSize() does not count the first step of a size, and takes the median", async () => {
  const seen = new Map<number, number>();
  const { options, counts } = machine({
    seconds: (n) => {
      const step = (seen.get(n) ?? 0) + 1;
      seen.set(n, step);
      return [9, 0.2, 5, 0.1][step - 1];
    },
  });
  const { trials } = await tuneBatchSize({ base: 10, largest: 10, ...options });
  assert.ok(Math.abs(trials[0].secondsPerImage! - 0.02) < 1e-9);
  assert.ok(Math.abs(counts().clock - 14.3) < 1e-9);
});

Deno.test("tuneBatchSize() goes below the base when that does not fit", async () => {
  const { options, tried } = machine({ seconds: () => 0.1, room: 7 });
  const found = await tuneBatchSize({ base: 24, ...options });
  assert.deepEqual(tried, [24, 12, 6]);
  assert.equal(found.batchSize, 6);
  assert.match(found.why, /12 images did not fit/);
  assert.equal(found.trials[0].secondsPerImage, null);
});

Deno.test("tuneBatchSize() stops at a size that does not fit, and keeps the one before", async () => {
  const { options } = machine({ seconds: () => 0.1, room: 40 });
  const found = await tuneBatchSize({ base: 24, ...options });
  assert.equal(found.batchSize, 36);
  assert.match(found.why, /54 images did not fit/);
});

Deno.test("tuneBatchSize() does not try what memory could not hold", async () => {
  const MiB = 2 ** 20;
  const bytes = (n: number) => (100 + n) * MiB;
  const { options, tried } = machine({ seconds: () => 0.1, bytes });
  const found = await tuneBatchSize({ base: 24, memoryLimit: 200 * MiB, ...options });
  assert.deepEqual(tried, [24, 36, 54]);
  assert.equal(found.batchSize, 54);
  assert.match(found.why, /81 images would need about 181 of 200 MiB/);
  assert.equal(found.trials[0].bytes, 124 * MiB);
});

Deno.test("tuneBatchSize() passes over a size that fills the memory, though no estimate said so", async () => {
  const bytes = (n: number) => n > 30 ? 1000 : n;
  const { options } = machine({ seconds: () => 0.1, bytes });
  const found = await tuneBatchSize({ base: 24, memoryLimit: 500, ...options });
  assert.equal(found.batchSize, 24);
  assert.deepEqual(found.trials[1], { batchSize: 36, secondsPerImage: null, bytes: 1000 });
});

Deno.test("tuneBatchSize() stops before the time is over", async () => {
  const { options, counts } = machine({ seconds: (n) => 1 + n / 100 });
  const found = await tuneBatchSize({ base: 24, maxSeconds: 13, ...options });
  assert.equal(found.batchSize, 36);
  assert.match(found.why, /trying 54 would take longer than 13 s/);
  assert.ok(counts().clock <= 13);
});

Deno.test("tuneBatchSize() restores after each size, also when a step fails for another reason", async () => {
  const whole = machine({ seconds: () => 0.1 });
  await tuneBatchSize({ base: 24, ...whole.options });
  assert.deepEqual([whole.counts().saved, whole.counts().restored], [1, 5]);
  const broken = machine({
    seconds: (n) => {
      if (n > 24) throw new TypeError("labels are missing");
      return 0.1;
    },
  });
  await assert.rejects(tuneBatchSize({ base: 24, ...broken.options }), /labels are missing/);
  assert.deepEqual([broken.counts().saved, broken.counts().restored], [1, 2]);
  const full = machine({ seconds: () => 0.1, room: 0 });
  await assert.rejects(tuneBatchSize({ base: 8, ...full.options }), /not even 2 images fit/);
  assert.deepEqual(full.tried, [8, 4, 2]);
  assert.equal(full.counts().restored, 3);
});

Deno.test("tuneBatchSize() leaves real weights, moving statistics and random numbers byte for byte", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3] }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 2 }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  let random = new SeededRandom(7);
  const bytes = () => model.getWeights().map((weight) => [...weight.dataSync()]);
  const before = bytes(), randomBefore = random.state;
  let moved = false, clock = 0;
  const step = async (n: number) => {
    const [x, y] = [
      tf.tensor2d(Array.from({ length: n * 3 }, () => random.normal()), [n, 3]),
      tf.ones([n, 2]),
    ];
    await model.trainOnBatch(x, y);
    moved ||= JSON.stringify(bytes()) !== JSON.stringify(before);
    tf.dispose([x, y]);
    clock += 1;
  };
  const variables = model.weights.map((weight) => weight.read() as Variable);
  let copies: Tensor[] = [];
  await tuneBatchSize({
    base: 4,
    step,
    now: () => clock,
    save: () => {
      copies = variables.map((variable) => variable.clone());
      return random.state;
    },
    restore: (state) => {
      variables.forEach((variable, i) => variable.assign(copies[i]));
      random = SeededRandom.fromState(state);
    },
  });
  assert.ok(moved, "the trials did train");
  assert.deepEqual(bytes(), before);
  assert.deepEqual(random.state, randomBefore);
  tf.dispose(copies);
  model.dispose();
});

Deno.test("tuneBatchSize() refuses numbers that make no sense", async () => {
  const { options } = machine({ seconds: () => 0.1 });
  await assert.rejects(tuneBatchSize({ base: 0, ...options }), RangeError);
  await assert.rejects(tuneBatchSize({ base: 8, largest: 4, ...options }), /base 8, largest 4/);
  await assert.rejects(tuneBatchSize({ base: 8, smallest: 9, ...options }), /smallest 9/);
  await assert.rejects(tuneBatchSize({ base: 8, ronds: 1, ...options } as never), /"rounds"/);
});
