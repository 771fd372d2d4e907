import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import { RemovedGrid } from "../../../src/explain/check/removed_grid.ts";
import { type FloatImage, imputePixels } from "../../../src/explain/check/mod.ts";

function image(
  { height, width, channels = 1 }: { height: number; width: number; channels?: number },
  value: (y: number, x: number, channel: number) => number,
): FloatImage {
  const data = Float32Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return value(Math.floor(pixel / width), pixel % width, i % channels);
  });
  return { data, height, width, channels };
}

function marks({ height, width }: FloatImage, where: (y: number, x: number) => boolean) {
  return Uint8Array.from(
    { length: height * width },
    (_, i) => where(Math.floor(i / width), i % width) ? 1 : 0,
  );
}

function apart(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

Deno.test("imputePixels() equals a dense solution of its equations by numpy", () => {
  const small = image({ height: 4, width: 5 }, (y, x) => ((y * 5 + x) * 7 % 11) / 10);
  const wanted: [y: number, x: number, value: number][] = [
    [0, 0, 0.30853462],
    [0, 1, 0.3268277],
    [1, 0, 0.29349436],
    [1, 1, 0.30202899],
    [3, 4, 0.66],
    [2, 2, 0.37516908],
  ];
  const removed = marks(small, (y, x) => wanted.some(([row, column]) => row === y && column === x));
  const filled = imputePixels(small, removed, { noise: 0, tolerance: 1e-9 });
  for (const [y, x, value] of wanted) {
    const found = filled[y * 5 + x];
    assert.ok(Math.abs(found - value) < 1e-6, `${y}, ${x}: ${found}, not ${value}`);
  }
  filled.forEach((value, i) => removed[i] || assert.equal(value, small.data[i]));
});

Deno.test("imputePixels() restores a linear gradient, channel by channel", () => {
  const size = { height: 40, width: 30, channels: 3 };
  const ramp = image(size, (y, x, c) => (c + 1) * (0.02 * y + 0.01 * x) - c);
  const hole = marks(ramp, (y, x) => y > 4 && y < 35 && x > 3 && x < 26);
  assert.ok(apart(imputePixels(ramp, hole, { noise: 0 }), ramp.data) < 1e-3);
  const random = new SeededRandom(4);
  const scattered = marks(ramp, (y, x) => y % 39 > 0 && x % 29 > 0 && random.next() < 0.8);
  assert.ok(apart(imputePixels(ramp, scattered, { noise: 0 }), ramp.data) < 1e-3);
});

Deno.test("imputePixels() converges with a corner, all but one or all pixels removed", () => {
  const size = { height: 48, width: 48, channels: 2 };
  const random = new SeededRandom(6);
  const noisy = image(size, () => random.uniform(-3, 5));
  const [low, high] = [Math.min(...noisy.data), Math.max(...noisy.data)];
  const inRange = (filled: Float32Array) =>
    filled.every((v) => v >= low - 1e-3 && v <= high + 1e-3);
  // A weighted mean lies between what it is a mean of.
  const corner = imputePixels(noisy, marks(noisy, (y, x) => y < 30 && x < 30), { noise: 0 });
  assert.ok(inRange(corner));
  const one = imputePixels(noisy, marks(noisy, (y, x) => y !== 20 || x !== 9), { noise: 0 });
  const seen = noisy.data.subarray((20 * 48 + 9) * 2, (20 * 48 + 9) * 2 + 2);
  assert.ok(one.every((value, i) => Math.abs(value - seen[i % 2]) < 1e-2));
  const all = imputePixels(noisy, marks(noisy, () => true), { noise: 0 });
  const mean = noisy.data.reduce((sum, v, i) => i % 2 ? sum : sum + v, 0) / (48 * 48);
  assert.ok(all.every((value, i) => i % 2 || Math.abs(value - mean) < 1e-4));
  const single = image({ height: 1, width: 1 }, () => 7);
  assert.deepEqual([...imputePixels(single, [1], { noise: 0 })], [7]);
});

Deno.test("RemovedGrid needs hardly more steps for a hole of four times the size", () => {
  const stepsFor = (side: number) => {
    const random = new SeededRandom(9);
    const noisy = image({ height: side, width: side }, () => random.normal());
    const hole = marks(noisy, (y, x) => Math.hypot(y - side / 2, x - side / 2) < side * 0.45);
    return new RemovedGrid(hole, { height: side, width: side }).solve(noisy.data, 1e-5).steps;
  };
  const small = stepsFor(32), large = stepsFor(128);
  assert.ok(large <= small + 4 && large < 20, `${small} and ${large} steps`);
});

Deno.test("imputePixels() adds seeded noise of the asked size to what it fills in, no more", () => {
  const size = { height: 30, width: 30 };
  const ramp = image(size, (y, x) => (y + x) / 58);
  const hole = marks(ramp, (y, x) => y > 0 && y < 29 && x > 0 && x < 29);
  const before = ramp.data.slice();
  const noisy = imputePixels(ramp, hole, { noise: 0.05, seed: 2 });
  const differences = [...noisy].flatMap((value, i) => hole[i] ? [value - ramp.data[i]] : []);
  const deviation = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length);
  assert.ok(Math.abs(deviation - 0.05) < 0.005, `deviation ${deviation}`);
  noisy.forEach((value, i) => hole[i] || assert.equal(value, before[i]));
  assert.deepEqual(noisy, imputePixels(ramp, hole, { noise: 0.05, seed: 2 }));
  assert.notDeepEqual(noisy, imputePixels(ramp, hole, { noise: 0.05, seed: 3 }));
  assert.deepEqual(ramp.data, before);
  assert.throws(() => imputePixels(ramp, [1]), /found 1 marks for 30 x 30 pixels/);
});
