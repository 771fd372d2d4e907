import assert from "node:assert/strict";
import { DataError, fromArrays } from "../../src/data/mod.ts";

const image = (value: number, side = 4) => ({
  width: side,
  height: side,
  data: new Uint8Array(side * side * 3).fill(value),
});
const LIST = [10, 20, 30, 40].map((value) => image(value));

Deno.test("fromArrays() takes a list of images", () => {
  const { train, val, classes, synthetic } = fromArrays(
    { images: LIST, labels: [0, 1, 0, 1], classes: ["healthy", "ill"] },
    { valFraction: 0.5, seed: 1 },
  );
  assert.deepEqual([train.count, val.count, synthetic], [2, 2, false]);
  assert.deepEqual(classes, ["healthy", "ill"]);
  for (const set of [train, val]) {
    set.ids.forEach((id, i) => {
      const index = Number(id.split("_")[1]);
      assert.equal(set.images[i * 48], (index + 1) * 10);
      assert.equal(set.labels[i], index % 2);
    });
  }
});

Deno.test("fromArrays() takes one block of bytes, numbers in [0, 1], or grey", () => {
  const labels = [0, 0, 1, 1];
  const bytes = fromArrays({
    images: { data: new Uint8Array(192).fill(51), shape: [4, 4, 4, 3] },
    labels,
  });
  const floats = fromArrays({
    images: { data: new Float32Array(192).fill(0.2), shape: [4, 4, 4, 3] },
    labels,
  });
  const grey = fromArrays({
    images: { data: new Uint8Array(64).fill(51), shape: [4, 4, 4] },
    labels,
  });
  assert.deepEqual(floats.train.images, bytes.train.images);
  assert.deepEqual(grey.train.images, bytes.train.images);
  assert.equal(grey.fingerprint, bytes.fingerprint);
});

Deno.test("fromArrays() keeps the images of a group together, and says which class val lacks", () => {
  const images = Array.from({ length: 12 }, (_, i) => image(i));
  const labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 2];
  const groups = [..."aabbccddeeff"];
  const { train, val, report } = fromArrays({ images, labels }, {
    groups,
    valFraction: 0.4,
    seed: 1,
  });
  const patient = (id: string) => groups[Number(id.split("_")[1])];
  const known = new Set(train.ids.map(patient));
  assert.equal(val.count, 4);
  assert.deepEqual(val.ids.filter((id) => known.has(patient(id))), []);
  assert.match(report.notes.join(), /^Class "class_2" is in train only: its 2 images/);
  assert.throws(
    () => fromArrays({ images, labels }, { groups: ["a"] }),
    /1 groups for 12 labels/,
  );
});

Deno.test("fromArrays() refuses a cut that leaves validation empty", () => {
  const refused = (error: Error) =>
    error instanceof DataError && error.path === "arrays" &&
    /found \d images for training and 0 for validation.*Add images/.test(error.message);
  assert.throws(() => fromArrays({ images: LIST.slice(2), labels: [0, 1] }), refused);
  const groups = ["a", "a", "b", "b"]; // One patient a class.
  assert.throws(() => fromArrays({ images: LIST, labels: [0, 0, 1, 1] }, { groups }), refused);
});

const BLOCK = { data: new Float32Array(192), shape: [4, 4, 4, 3] };
const BAD: readonly (readonly [string, unknown, RegExp])[] = [
  ["fewer labels than images", { images: LIST, labels: [0, 1] }, /4 images and 2 labels/],
  ["no labels", { images: LIST }, /4 images and no labels/],
  [
    "a label above the classes",
    { images: LIST, labels: [0, 1, 2, 0], classes: ["a", "b"] },
    /label 2/,
  ],
  [
    "a label that is no integer",
    { images: LIST, labels: [0, 1, 0.5, 0] },
    /label 0\.5 at position 2/,
  ],
  ["a gigantic label", { images: LIST, labels: [0, 1e9, 1, 0] }, /label 1000000000/],
  ["one class", { images: LIST, labels: [1, 1, 1, 1] }, /one class only/],
  ["no image", { images: [], labels: [] }, /no image/],
  ["two sizes", { images: [image(1), image(1, 5)], labels: [0, 1] }, /images\[1\] of 5 x 5/],
  ["a list of numbers", { images: [1, 2, 3, 4], labels: [0, 1, 0, 1] }, /fromArrays\(\)/],
  ["a bare array", { images: new Uint8Array(192), labels: [0, 1, 0, 1] }, /Wrap a flat array/],
  [
    "a wrong shape",
    { images: { ...BLOCK, shape: [4, 4, 4, 4] }, labels: [0, 1, 0, 1] },
    /shape \[4,/,
  ],
  ["too few pixels", { images: { ...BLOCK, shape: [5, 4, 4, 3] }, labels: [0] }, /192 numbers/],
  [
    "NaN",
    { images: { ...BLOCK, data: new Float32Array(192).fill(NaN) }, labels: [0, 1, 0, 1] },
    /pixel NaN at position 0/,
  ],
  [
    "pixels up to 255 as floats",
    { images: { ...BLOCK, data: new Float32Array(192).fill(255) }, labels: [0, 1, 0, 1] },
    /pixel 255.*Divide by 255/,
  ],
  [
    "an id twice",
    { images: LIST, labels: [0, 1, 0, 1], ids: ["a", "a", "b", "c"] },
    /same id twice/,
  ],
  ["a misspelt field", { images: LIST, label: [0, 1, 0, 1] }, /Did you mean "labels"/],
];
for (const [what, arrays, words] of BAD) {
  Deno.test(`fromArrays() refuses ${what}`, () => {
    assert.throws(() => fromArrays(arrays as never), (error: Error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError, error.name);
      assert.match(error.message, words);
      return true;
    });
  });
}
