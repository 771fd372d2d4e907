// Changes of images, each against its definition.
import assert from "node:assert/strict";
import {
  augmentImage,
  batches,
  cropFundus,
  imageAt,
  mixup,
  normalizeFundus,
  syntheticFundus,
} from "../../src/data/mod.ts";
import { gaussianBlur } from "../../src/data/gaussian_blur.ts";

const SIDE = 33;
const NONE = {
  ...{ rotation: 0, flip: 0, scale: 0, shift: 0, brightness: 0, contrast: 0, saturation: 0 },
};
const SET = syntheticFundus({ count: 8, size: SIDE, seed: 3 });

/** A bright square of 3 x 3 around a place, on black. */
function dot(x: number, y: number) {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const at = ((y + dy) * SIDE + x + dx) * 3;
      data.fill(250, at, at + 3);
    }
  }
  return { width: SIDE, height: SIDE, data };
}

/** Middle of the light, its sum, and its spread. */
function light(pixels: ArrayLike<number>, side = SIDE) {
  let [sum, sx, sy, sxx] = [0, 0, 0, 0];
  for (let i = 0; i < pixels.length; i += 3) {
    const x = i / 3 % side, y = Math.floor(i / 3 / side);
    sum += pixels[i];
    sx += pixels[i] * x;
    sy += pixels[i] * y;
    sxx += pixels[i] * x * x;
  }
  return { x: sx / sum, y: sy / sum, sum, variance: sxx / sum - (sx / sum) ** 2 };
}

const key = (sample: number) => ({ seed: 1, epoch: 0, sample });

Deno.test("augmentImage() verticalFlip mirrors up and down", () => {
  const { x, y } = light(augmentImage(dot(10, 5), { ...key(0), ...NONE, verticalFlip: 1 }));
  assert.ok(Math.abs(x - 10) < 1e-4 && Math.abs(y - (SIDE - 1 - 5)) < 1e-4, `${x} ${y}`);
});

Deno.test("augmentImage() shear moves rows sideways in proportion to their distance from the middle", () => {
  const middle = (SIDE - 1) / 2;
  let largest = 0;
  for (let sample = 0; sample < 20; sample++) {
    const shears = [4, 10].map((up) => {
      const { x, y } = light(
        augmentImage(dot(middle, middle - up), { ...key(sample), ...NONE, shear: 30 }),
      );
      assert.ok(Math.abs(y - (middle - up)) < 0.05, "rows stay rows");
      return (x - middle) / up;
    });
    assert.ok(Math.abs(shears[0] - shears[1]) < 0.05, `${shears}`);
    assert.ok(Math.abs(shears[1]) <= Math.tan(Math.PI / 6) + 0.05);
    largest = Math.max(largest, Math.abs(shears[1]));
  }
  assert.ok(largest > 0.3, `${largest}`);
});

Deno.test("augmentImage() crop keeps at least the share and fills the image with it", () => {
  const ramp = { width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE * 3) };
  for (let i = 0; i < ramp.data.length; i += 3) {
    ramp.data.set([i / 3 % SIDE * 7, Math.floor(i / 3 / SIDE) * 7, 255], i);
  }
  const areas = Array.from({ length: 60 }, (_, sample) => {
    const out = augmentImage(ramp, { ...key(sample), ...NONE, crop: 0.5 });
    // The blue channel has no black border in it: the crop lies inside of the image.
    for (let i = 2; i < out.length; i += 3) assert.ok(out[i] > 0.97, `sample ${sample}`);
    const at = (x: number, y: number, c: number) => out[(y * SIDE + x) * 3 + c];
    const wide = (at(SIDE - 1, 9, 0) - at(0, 9, 0)) * 255 / 7 / (SIDE - 1);
    const tall = (at(9, SIDE - 1, 1) - at(9, 0, 1)) * 255 / 7 / (SIDE - 1);
    assert.ok(wide / tall < 4 / 3 + 0.05 && wide / tall > 3 / 4 - 0.05, `${wide} ${tall}`);
    return wide * tall;
  });
  assert.ok(Math.min(...areas) > 0.47 && Math.min(...areas) < 0.6, `${Math.min(...areas)}`);
  assert.ok(Math.max(...areas) > 0.85 && Math.max(...areas) < 1.03, `${Math.max(...areas)}`);
});

Deno.test("augmentImage() blur spreads the light and loses none of it", () => {
  const sharp = light(augmentImage(dot(16, 16), { ...key(0), ...NONE }));
  const spreads = Array.from({ length: 30 }, (_, sample) => {
    const out = light(augmentImage(dot(16, 16), { ...key(sample), ...NONE, blur: 2 }));
    assert.ok(Math.abs(out.sum - sharp.sum) / sharp.sum < 1e-4);
    assert.ok(Math.abs(out.x - 16) < 1e-3);
    return Math.sqrt(Math.max(0, out.variance - sharp.variance));
  });
  assert.ok(Math.max(...spreads) < 2.05 && Math.max(...spreads) > 1.5, `${Math.max(...spreads)}`);
});

Deno.test("gaussianBlur() has the standard deviation it is given, and keeps a plain image", () => {
  for (const sigma of [0.7, 1.5, 3]) {
    const pixels = new Float32Array(SIDE * SIDE * 3);
    pixels.fill(1, (16 * SIDE + 16) * 3, (16 * SIDE + 17) * 3);
    gaussianBlur(pixels, { width: SIDE, height: SIDE }, sigma);
    const { sum, variance } = light(pixels);
    assert.ok(Math.abs(sum - 1) < 1e-5 && Math.abs(Math.sqrt(variance) / sigma - 1) < 0.03);
  }
  const plain = new Float32Array(5 * 4 * 3).fill(0.3);
  gaussianBlur(plain, { width: 5, height: 4 }, 2);
  assert.ok(plain.every((value) => Math.abs(value - 0.3) < 1e-6));
});

Deno.test("augmentImage() same key, same bytes; another sample, epoch or seed, others", () => {
  const all = { verticalFlip: 0.5, shear: 10, crop: 0.8, blur: 1 }, image = imageAt(SET, 0);
  const run = (k: object) => augmentImage(image, { ...key(1), ...all, ...k });
  assert.deepEqual(run({}), run({}));
  for (const other of [{ sample: 2 }, { epoch: 1 }, { seed: 2 }]) {
    assert.notDeepEqual(run({}), run(other));
  }
});

Deno.test("augmentImage() draws the older changes as before when the new ones are asked for", () => {
  const image = imageAt(SET, 1), only = { ...NONE, rotation: 90, flip: 0.5 };
  for (let sample = 0; sample < 10; sample++) {
    const plain = light(augmentImage(image, { ...key(sample), ...only }));
    const blurred = light(augmentImage(image, { ...key(sample), ...only, blur: 0.3 }));
    assert.ok(Math.abs(plain.x - blurred.x) < 0.05 && Math.abs(plain.y - blurred.y) < 0.05);
  }
});

Deno.test("augmentImage() refuses crops, shears and blurs that make no sense", () => {
  for (
    const bad of [{ crop: 1.2 }, { crop: -0.1 }, { shear: 90 }, { blur: NaN }, { verticalFlip: 2 }]
  ) {
    assert.throws(() => augmentImage(dot(5, 5), { ...key(0), ...bad }), RangeError);
  }
});

Deno.test("cropFundus() finds the photograph, makes it square, and blackens outside of the circle", () => {
  const width = 30, height = 20, data = new Uint8Array(width * height * 3).fill(3);
  for (let y = 4; y < 16; y++) {
    for (let x = 9; x < 25; x++) data.fill(120, (y * width + x) * 3, (y * width + x + 1) * 3);
  }
  const out = cropFundus({ width, height, data });
  assert.deepEqual([out.width, out.height], [16, 16]);
  const at = (x: number, y: number) => out.data[(y * 16 + x) * 3];
  assert.deepEqual([at(0, 0), at(15, 15), at(8, 8), at(0, 8), at(15, 8)], [0, 0, 120, 120, 120]);
  const dark = { width: 4, height: 4, data: new Uint8Array(48).fill(2) };
  assert.equal(cropFundus(dark), dark);
  assert.throws(() => cropFundus(dark, { threshold: 255 }), RangeError);
  assert.throws(() => cropFundus(dark, { treshold: 3 } as never), /Did you mean "threshold"/);
});

Deno.test("normalizeFundus() is gain times the difference from the local average, plus 128", () => {
  const image = imageAt(SET, 2), sigma = 2, gain = 3;
  const { data } = normalizeFundus(image, { sigma, gain, radius: 0.9 });
  const average = Float32Array.from(image.data);
  gaussianBlur(average, image, sigma);
  const middle = (SIDE - 1) / 2;
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % SIDE, y = Math.floor(i / 3 / SIDE);
    const inside = Math.hypot(x - middle, y - middle) <= SIDE / 2 * 0.9;
    const wanted = inside ? gain * (image.data[i] - average[i]) + 128 : 128;
    assert.ok(Math.abs(data[i] - Math.min(255, Math.max(0, wanted))) <= 0.5 + 1e-3, `${i}`);
  }
});

Deno.test("normalizeFundus() takes away an even change of brightness", () => {
  const image = imageAt(SET, 2),
    brighter = { ...image, data: image.data.map((v) => Math.min(255, v + 20)) };
  const [a, b] = [normalizeFundus(image), normalizeFundus(brighter)];
  const differing = a.data.filter((value, i) => Math.abs(value - b.data[i]) > 1).length;
  assert.ok(differing / a.data.length < 0.02, `${differing}`);
  for (const bad of [{ sigma: 0 }, { gain: -1 }, { radius: NaN }]) {
    assert.throws(() => normalizeFundus(image, bad), RangeError);
  }
});

Deno.test("mixup() mixes pixels and labels in one share, the same for the same seed", () => {
  const [batch] = batches(SET, { batchSize: 8, seed: 1 });
  const mixed = mixup(batch, { classes: 5, alpha: 0.4, seed: 2 }), size = SIDE * SIDE * 3;
  assert.deepEqual([...mixed.partners].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  for (let n = 0; n < 8; n++) {
    const [own, other] = [mixed.shares[n], mixed.partners[n]];
    for (let i = 0; i < size; i += 101) {
      const wanted = own * batch.x[n * size + i] + (1 - own) * batch.x[other * size + i];
      assert.ok(Math.abs(mixed.x[n * size + i] - wanted) < 1e-6);
    }
    const row = mixed.y.subarray(n * 5, n * 5 + 5);
    assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-6);
    const same = batch.y[n] === batch.y[other];
    assert.ok(Math.abs(row[batch.y[n]] - (same ? 1 : own)) < 1e-6);
  }
  assert.deepEqual(mixup(batch, { classes: 5, alpha: 0.4, seed: 2 }), mixed);
  assert.notDeepEqual(mixup(batch, { classes: 5, alpha: 0.4, seed: 3 }).shares, mixed.shares);
  assert.throws(() => mixup(batch, { classes: 5, alpha: 0 }), RangeError);
  assert.throws(() => mixup(batch, { classes: 2 }), /of 2 classes/);
});

Deno.test("mixup() shares have the mean and variance of the beta distribution", () => {
  const count = 4000, x = new Float32Array(count), y = new Int32Array(count);
  const batch = { x, y, indices: y, epoch: 0, step: 0 };
  for (const alpha of [0.2, 1, 3]) {
    const { shares } = mixup(batch, { classes: 1, alpha, seed: 5 });
    const mean = shares.reduce((a, b) => a + b) / count;
    const variance = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / count;
    const wanted = 1 / (4 * (2 * alpha + 1));
    // Four standard errors of a mean of 4000.
    assert.ok(Math.abs(mean - 0.5) < 4 * Math.sqrt(wanted / count), `${alpha}: ${mean}`);
    assert.ok(Math.abs(variance / wanted - 1) < 0.1, `${alpha}: ${variance} of ${wanted}`);
  }
});
