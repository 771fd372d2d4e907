import assert from "node:assert/strict";
import { classCounts, LESION_BITS, selectImages, syntheticFundus } from "../../src/data/mod.ts";

const SET = syntheticFundus({ count: 100, size: 64, seed: 5 });

/** Share of the pixels of each image that has one of the bits. */
function covered(bits: readonly number[], set = SET): number[] {
  const area = set.height * set.width, wanted = bits.reduce((all, bit) => all | 1 << bit, 0);
  return Array.from({ length: set.count }, (_, i) => {
    const mask = set.masks!.subarray(i * area, (i + 1) * area);
    return mask.filter((value) => (value & wanted) !== 0).length / area;
  });
}

/** Mean of a list over the images of a grade. */
function meanOfGrade(values: readonly number[], grade: number): number {
  const own = values.filter((_, i) => SET.labels[i] === grade);
  return own.reduce((a, b) => a + b, 0) / own.length;
}

Deno.test("syntheticFundus() same seed, same bytes; another seed, others", () => {
  const again = syntheticFundus({ count: 10, size: 64, seed: 5 });
  assert.deepEqual(again.images, SET.images.subarray(0, again.images.length));
  assert.deepEqual(again.masks, SET.masks!.subarray(0, again.masks!.length));
  assert.deepEqual(again.labels, SET.labels.subarray(0, 10));
  const other = syntheticFundus({ count: 10, size: 64, seed: 6 });
  assert.notDeepEqual(other.images, again.images);
});

Deno.test("syntheticFundus() grades in blocks of twenty", () => {
  assert.deepEqual(classCounts(SET), [30, 15, 25, 15, 15]);
  assert.deepEqual(classCounts(selectImages(SET, [...Array(20).keys()])), [6, 3, 5, 3, 3]);
  assert.deepEqual(classCounts(syntheticFundus({ count: 27, size: 16, classes: 2 })), [18, 9]);
});

Deno.test("syntheticFundus() lesions follow the grade", () => {
  const { microaneurysm, haemorrhage, hardExudate, softExudate, proliferation } = LESION_BITS;
  const blood = covered([haemorrhage]), all = covered([0, 1, 2, 3, 5]);
  const cotton = covered([softExudate]), fresh = covered([proliferation]);
  const spots = covered([microaneurysm]), yellow = covered([hardExudate]);
  SET.labels.forEach((grade, i) => {
    if (grade === 0) assert.equal(all[i], 0);
    else assert.ok(all[i] > 0);
    if (grade === 1) assert.equal(all[i], spots[i]);
    if (grade < 4) assert.equal(fresh[i], 0);
    else assert.ok(fresh[i] > 0.003);
    if (grade === 3) assert.ok(cotton[i] > 0 || blood[i] > 0.02);
  });
  assert.ok(meanOfGrade(blood, 3) > 2 * meanOfGrade(blood, 2));
  assert.ok(meanOfGrade(yellow, 2) > 0.001);
});

Deno.test("syntheticFundus() looks like a fundus: black around red, the disc brightest, eyes of both sides", () => {
  const disc = 1 << LESION_BITS.opticDisc, sides = { left: 0, right: 0 };
  for (let i = 0; i < SET.count; i++) {
    const image = SET.images.subarray(i * 64 * 64 * 3, (i + 1) * 64 * 64 * 3);
    const mask = SET.masks!.subarray(i * 64 * 64, (i + 1) * 64 * 64);
    assert.ok(image[0] + image[1] + image[2] < 60, `corner of ${i}`);
    let on = 0, onLight = 0, off = 0, offLight = 0, column = 0, red = 0, blue = 0;
    for (let p = 0; p < mask.length; p++) {
      const [r, g, b] = image.subarray(p * 3, p * 3 + 3);
      if (r < 40) continue;
      red += r;
      blue += b;
      if (mask[p] & disc) [on, onLight, column] = [on + 1, onLight + g, column + p % 64];
      else [off, offLight] = [off + 1, offLight + g];
    }
    assert.ok(off > 0.55 * 64 * 64, `field of ${i}`);
    // New vessels of grade 4 may cover the disc.
    const bright = SET.labels[i] === 4 ? 0.6 : 1.25;
    assert.ok(on > 30 && onLight / on > bright * offLight / off, `disc of ${i}: ${onLight / on}`);
    assert.ok(red > 1.8 * blue, `colour of ${i}`);
    sides[column / on < 32 ? "left" : "right"]++;
  }
  assert.ok(sides.left > 30 && sides.right > 30);
});

Deno.test("syntheticFundus() brightness varies without telling the grade", () => {
  const light = Array.from({ length: SET.count }, (_, i) => {
    const image = SET.images.subarray(i * 64 * 64 * 3, (i + 1) * 64 * 64 * 3);
    return image.reduce((a, b) => a + b, 0) / image.length;
  });
  const [low, high] = [Math.min(...light), Math.max(...light)];
  assert.ok(high > 1.4 * low, `${low} ${high}`);
  const grades = [0, 1, 2, 3, 4].map((grade) => meanOfGrade(light, grade));
  assert.ok(Math.max(...grades) - Math.min(...grades) < 0.35 * (high - low), `${grades}`);
});

Deno.test("syntheticFundus() refuses numbers out of range", () => {
  assert.throws(() => syntheticFundus({ count: 0 }), /count 0, wanted an integer from 1/);
  assert.throws(() => syntheticFundus({ count: 1.5 }), RangeError);
  assert.throws(() => syntheticFundus({ size: 8 }), RangeError);
  assert.throws(() => syntheticFundus({ classes: 6 }), RangeError);
  assert.throws(() => syntheticFundus({ count: 100000, size: 1024 }), /a smaller count or size/);
  assert.throws(() => syntheticFundus({ sise: 64 } as never), /Did you mean "size"/);
});
