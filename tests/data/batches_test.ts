import assert from "node:assert/strict";
import { augmentImage, batches, channelStatistics, syntheticFundus } from "../../src/data/mod.ts";

const SET = syntheticFundus({ count: 13, size: 16, seed: 2 });
const NONE = {
  rotation: 0,
  flip: 0,
  scale: 0,
  shift: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
};

Deno.test("batches() visits every image once, pixels and labels in step", () => {
  const seen: number[] = [];
  for (const { x, y, indices, step, epoch } of batches(SET, { batchSize: 4, seed: 1, epoch: 2 })) {
    assert.deepEqual([step, epoch], [Math.floor(seen.length / 4), 2]);
    assert.equal(x.length, y.length * 16 * 16 * 3);
    indices.forEach((index, i) => {
      assert.equal(y[i], SET.labels[index]);
      assert.ok(Math.abs(x[i * 768 + 400] * 255 - SET.images[index * 768 + 400]) < 1e-4);
    });
    seen.push(...indices);
  }
  assert.deepEqual(seen.sort((a, b) => a - b), Array.from({ length: 13 }, (_, i) => i));
});

Deno.test("batches() order is a function of seed and epoch", () => {
  const order = (seed: number, epoch: number, batchSize = 4) =>
    [...batches(SET, { batchSize, seed, epoch })].flatMap(({ indices }) => [...indices]);
  assert.deepEqual(order(1, 0), order(1, 0));
  assert.deepEqual(order(1, 0), order(1, 0, 5));
  assert.notDeepEqual(order(1, 0), order(1, 1));
  assert.notDeepEqual(order(1, 0), order(2, 0));
  const straight = [...batches(SET, { shuffle: false })].flatMap(({ indices }) => [...indices]);
  assert.deepEqual(straight, Array.from({ length: 13 }, (_, i) => i));
});

Deno.test("batches() keeps a small last batch, or merges it when asked", () => {
  const sizes = (batchSize: number, minBatch?: number) =>
    [...batches(SET, { batchSize, minBatch })].map(({ y }) => y.length);
  assert.deepEqual(sizes(4), [4, 4, 4, 1]);
  assert.deepEqual(sizes(4, 2), [4, 4, 5]);
  assert.deepEqual(sizes(5, 2), [5, 5, 3]);
  assert.deepEqual(sizes(32, 32), [13]);
  assert.deepEqual(sizes(13, 2), [13]);
});

Deno.test("batches() augmentation does not depend on the batch an image is in", () => {
  const pixels = (batchSize: number, epoch: number) => {
    const found = new Map<number, Float32Array>();
    for (const { x, indices } of batches(SET, { batchSize, seed: 9, epoch, augment: true })) {
      indices.forEach((index, i) => found.set(index, x.slice(i * 768, (i + 1) * 768)));
    }
    return found.get(7);
  };
  assert.deepEqual(pixels(4, 0), pixels(13, 0));
  assert.notDeepEqual(pixels(4, 0), pixels(4, 1));
});

Deno.test("batches() refuses bad options at the call, before the first step", () => {
  assert.throws(() => batches(SET, { batchSize: 0 }), RangeError);
  assert.throws(() => batches(SET, { batchSize: 2, minBatch: 3 }), /minBatch 3 above/);
  assert.throws(() => batches(SET, { epoch: 0.5 }), RangeError);
  assert.throws(() => batches(SET, { batchsize: 4 } as never), /Did you mean "batchSize"/);
  assert.throws(() => batches(SET, { augment: { rotate: 1 } as never }), /"rotation"/);
});

/** An image with one bright pixel. */
function dot(x: number, y: number, side = 9) {
  const data = new Uint8Array(side * side * 3);
  data.fill(255, (y * side + x) * 3, (y * side + x) * 3 + 3);
  return { width: side, height: side, data };
}

/** Middle of the light in pixels, and its sum. */
function middle(pixels: Float32Array, side = 9): [number, number, number] {
  let sum = 0, sx = 0, sy = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    sum += pixels[i];
    sx += pixels[i] * (i / 3 % side);
    sy += pixels[i] * Math.floor(i / 3 / side);
  }
  return [sx / sum, sy / sum, sum];
}

Deno.test("augmentImage() without ranges changes nothing", () => {
  const image = { width: 16, height: 16, data: SET.images.slice(0, 768) };
  const same = augmentImage(image, { seed: 1, epoch: 0, sample: 0, ...NONE });
  image.data.forEach((byte, i) => assert.ok(Math.abs(same[i] - byte / 255) < 1e-5));
});

Deno.test("augmentImage() rotation keeps the distance from the middle", () => {
  const turns = Array.from({ length: 40 }, (_, sample) => {
    const out = augmentImage(dot(7, 4), { seed: 1, epoch: 0, sample, ...NONE, rotation: 180 });
    const [x, y, light] = middle(out);
    assert.ok(Math.abs(Math.hypot(x - 4, y - 4) - 3) < 0.35 && light > 0.5, `${x} ${y} ${light}`);
    return Math.atan2(y - 4, x - 4);
  });
  assert.ok(Math.min(...turns) < -2 && Math.max(...turns) > 2, "all directions are met");
});

Deno.test("augmentImage() flip mirrors left and right", () => {
  const out = augmentImage(dot(7, 2), { seed: 1, epoch: 0, sample: 0, ...NONE, flip: 1 });
  const [x, y] = middle(out);
  assert.deepEqual([x, y], [1, 2]);
});

Deno.test("augmentImage() shift and scale stay in their ranges and pad with black", () => {
  for (let sample = 0; sample < 30; sample++) {
    const key = { seed: 2, epoch: 0, sample };
    const [x, y] = middle(augmentImage(dot(4, 4), { ...key, ...NONE, shift: 0.2 }));
    assert.ok(Math.abs(x - 4) <= 1.81 && Math.abs(y - 4) <= 1.81);
    const [far] = middle(augmentImage(dot(7, 4), { ...key, ...NONE, scale: 0.3 }));
    assert.ok(far > 5.9 && far < 8.1, `${far}`);
  }
  const white = { width: 9, height: 9, data: new Uint8Array(243).fill(255) };
  const moved = augmentImage(white, { seed: 2, epoch: 0, sample: 1, ...NONE, shift: 1 });
  assert.ok(moved.some((value) => value === 0));
});

Deno.test("augmentImage() colours change and stay in [0, 1]", () => {
  const image = { width: 16, height: 16, data: SET.images.slice(0, 768) };
  for (const name of ["brightness", "contrast", "saturation"] as const) {
    let largest = 0;
    for (let sample = 0; sample < 20; sample++) {
      const out = augmentImage(image, { seed: 3, epoch: 0, sample, ...NONE, [name]: 1 });
      assert.ok(out.every((value) => value >= 0 && value <= 1), name);
      largest = out.reduce(
        (a, value, i) => Math.max(a, Math.abs(value - image.data[i] / 255)),
        largest,
      );
    }
    assert.ok(largest > 0.1, `${name}: ${largest}`);
  }
});

Deno.test("augmentImage() contrast and saturation leave a plain grey image as it is", () => {
  const grey = { width: 4, height: 4, data: new Uint8Array(48).fill(102) };
  for (let sample = 0; sample < 5; sample++) {
    const key = { seed: 4, epoch: 0, sample };
    const out = augmentImage(grey, { ...key, ...NONE, contrast: 0.5, saturation: 0.5 });
    assert.ok(out.every((value) => Math.abs(value - 0.4) < 1e-5), `${out[0]}`);
  }
});

Deno.test("augmentImage() refuses ranges that make no sense", () => {
  const key = { seed: 1, epoch: 0, sample: 0 };
  assert.throws(() => augmentImage(dot(1, 1), { ...key, rotation: -1 }), RangeError);
  assert.throws(() => augmentImage(dot(1, 1), { ...key, shift: 5 }), /shift 5, wanted 0 to 1/);
  assert.throws(() => augmentImage(dot(1, 1), { ...key, flip: NaN }), RangeError);
});

Deno.test("channelStatistics() equals the plain formula, and a constant channel divides safely", () => {
  const { mean, sd } = channelStatistics(SET);
  for (let c = 0; c < 3; c++) {
    const values = [...SET.images].filter((_, i) => i % 3 === c).map((byte) => byte / 255);
    const average = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean[c] - average) < 1e-9 && Math.abs(sd[c] - Math.sqrt(variance)) < 1e-9);
  }
  assert.equal(channelStatistics({ images: new Uint8Array(30) }).sd[0], 1 / 255);
  assert.throws(() => channelStatistics({ images: new Uint8Array() }), RangeError);
});
