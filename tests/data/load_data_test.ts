import assert from "node:assert/strict";
import { join } from "node:path";
import {
  classCounts,
  DataError,
  DR_GRADES,
  fingerprint,
  type ImageSet,
  loadData,
  loadNpz,
  selectImages,
} from "../../src/data/mod.ts";
import { realData } from "../_tools/real_data.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { medmnist, npz, u1, withFolder } from "./write_npz.ts";

Deno.test("loadData() synthetic: counts, sizes, masks and the stamp", async () => {
  const data = await loadData("synthetic", {
    count: 60,
    imageSize: 32,
    valFraction: 0.25,
    seed: 3,
  });
  assert.equal(data.synthetic && data.train.synthetic && data.val.synthetic, true);
  assert.equal(data.train.count + data.val.count, 60);
  assert.deepEqual([data.train.width, data.val.height], [32, 32]);
  assert.equal(data.val.masks?.length, data.val.count * 32 * 32);
  assert.deepEqual(data.classes, DR_GRADES);
  assert.ok(classCounts(data.val).every((n) => n > 0));
  assert.deepEqual(data.train.ids.filter((id) => data.val.ids.includes(id)), []);
});

Deno.test("loadData() fingerprint: same for the same call, other for another seed or pixel", async () => {
  const options = { count: 20, imageSize: 32, seed: 1 };
  const [a, b] = [await loadData("synthetic", options), await loadData("synthetic", options)];
  assert.match(a.fingerprint, /^[0-9a-f]{64}$/);
  assert.equal(a.fingerprint, b.fingerprint);
  const other = await loadData("synthetic", { ...options, seed: 2 });
  assert.notEqual(a.fingerprint, other.fingerprint);
});

Deno.test("fingerprint() changes with one pixel, one label, one id, one split", async () => {
  const { train } = await loadData("synthetic", { count: 20, imageSize: 16 });
  const before = fingerprint({ train });
  const changes: Record<string, Partial<ImageSet>> = {
    pixel: { images: train.images.with(0, train.images[0] ^ 1) },
    label: { labels: train.labels.with(0, (train.labels[0] + 1) % 5) },
    id: { ids: ["other", ...train.ids.slice(1)] },
  };
  for (const [what, change] of Object.entries(changes)) {
    assert.notEqual(fingerprint({ train: { ...train, ...change } }), before, what);
  }
  assert.notEqual(fingerprint({ val: train }), before);
  assert.equal(fingerprint({ train: { ...train } }), before);
});

/** Writes a file and loads it. */
async function load(name: string, bytes: Uint8Array, options = {}) {
  const folder = await Deno.makeTempDir({ prefix: "data_test_" });
  try {
    await Deno.writeFile(join(folder, name), bytes);
    return await loadData(join(folder, name), options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("loadData() npz: splits as given, classes by number", async () => {
  const { train, val, test, classes, synthetic } = await load("a.npz", npz(medmnist()));
  assert.deepEqual([train.count, val.count, test, synthetic], [10, 4, undefined, false]);
  assert.deepEqual(classes, ["class_0", "class_1"]);
  assert.deepEqual([...train.labels], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  assert.equal(train.images[1], 7);
  assert.deepEqual(train.ids.slice(0, 2), ["train_0", "train_1"]);
});

Deno.test("loadData() npz: a test split is kept apart", async () => {
  const members = {
    ...medmnist(),
    test_images: u1([2, 4, 4, 3], (i) => i),
    test_labels: u1([2, 1], (i) => i),
  };
  const { test } = await load("a.npz", npz(members));
  assert.equal(test?.count, 2);
});

Deno.test("loadData() npz: grey becomes RGB, a missing val is cut from train and said", async () => {
  const members = {
    train_images: u1([10, 4, 4], (i) => i),
    train_labels: u1([10], (i) => i % 2),
  };
  const { train, val, report } = await load("grey.npz", npz(members), {
    valFraction: 0.4,
    seed: 1,
  });
  assert.deepEqual([train.count, val.count], [6, 4]);
  assert.deepEqual(classCounts(val), [2, 2]);
  assert.deepEqual(
    [train.images[3], train.images[4], train.images[5]],
    new Array(3).fill(train.images[3]),
  );
  assert.match(report.notes[0], /no val_images/);
});

Deno.test("loadData() npz: five classes of a retina file get the names of the grades", async () => {
  const members = {
    train_images: u1([10, 4, 4, 3], (i) => i),
    train_labels: u1([10, 1], (i) => i % 5),
  };
  assert.deepEqual((await load("RetinaX.npz", npz(members))).classes, DR_GRADES);
  assert.equal((await load("blood.npz", npz(members))).classes[4], "class_4");
});

Deno.test("loadData() npz: images of train that are also in val are reported", async () => {
  const members = medmnist();
  const val = { ...members.val_images, bytes: members.train_images.bytes.slice(0, 4 * 48) };
  const { report } = await load("a.npz", npz({ ...members, val_images: val }));
  assert.match(report.notes.join(), /4 of the images in val are also in train/);
});

Deno.test("loadData() npz: images that are not square are padded with black, and said", async () => {
  const members = {
    train_images: u1([8, 4, 2, 3], (i) => 1 + i % 250),
    train_labels: u1([8], (i) => i % 2),
    test_images: u1([2, 4, 2, 3], () => 9),
    test_labels: u1([2], (i) => i),
  };
  const { train, val, test, report } = await load("tall.npz", npz(members), { valFraction: 0.25 });
  for (const set of [train, val, test!]) {
    assert.deepEqual([set.height, set.width, set.images.length], [4, 4, set.count * 48]);
  }
  const first = Number(train.ids[0].split("_")[1]) * 24, rows = members.train_images.bytes;
  for (let row = 0; row < 4; row++) {
    const wanted = [0, 0, 0, ...rows.slice(first + row * 6, first + row * 6 + 6), 0, 0, 0];
    assert.deepEqual([...train.images.slice(row * 12, row * 12 + 12)], wanted);
  }
  assert.match(report.notes[0], /4 x 2 were padded with black to 4 x 4/);
});

Deno.test("loadData() says which options had no effect", async () => {
  const { report } = await load("a.npz", npz(medmnist()), { count: 5, imageSize: 64 });
  assert.deepEqual(report.notes.filter((note) => /no effect/.test(note)).length, 2);
});

const { train_labels, val_labels, ...unlabelled } = medmnist();
const BAD: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    "no labels",
    npz(unlabelled),
    /found the arrays train_images, val_images, wanted train_images and/,
  ],
  [
    "val without labels",
    npz({ ...unlabelled, train_labels }),
    /found val_images without val_labels, wanted both or neither/,
  ],
  [
    "val labels without val images",
    npz({ train_images: unlabelled.train_images, train_labels, val_labels }),
    /found val_labels without val_images/,
  ],
  [
    "test without labels",
    npz({ ...medmnist(), test_images: u1([2, 4, 4, 3], () => 0) }),
    /found test_images without test_labels/,
  ],
  [
    "too few labels",
    npz({ ...unlabelled, val_labels, train_labels: u1([9, 1], () => 0) }),
    /shape \(9, 1\) for 10 images/,
  ],
  [
    "several labels per image",
    npz({ ...unlabelled, val_labels, train_labels: u1([10, 14], () => 0) }),
    /several labels/,
  ],
  [
    "a label that is no integer",
    npz({
      ...unlabelled,
      val_labels,
      train_labels: {
        dtype: "<f4",
        shape: [10],
        bytes: new Uint8Array(new Float32Array(10).fill(0.5).buffer),
      },
    }),
    /found 0\.5 at position 0/,
  ],
  [
    "a negative label",
    npz({
      ...unlabelled,
      val_labels,
      train_labels: { dtype: "|i1", shape: [10], bytes: new Uint8Array(10).fill(255) },
    }),
    /found -1/,
  ],
  [
    "one class",
    npz({ ...medmnist(), train_labels: u1([10], () => 0), val_labels: u1([4], () => 0) }),
    /one class only/,
  ],
  [
    "float pixels",
    npz({
      ...medmnist(),
      train_images: { dtype: "<f4", shape: [10, 4, 4, 3], bytes: new Uint8Array(10 * 48 * 4) },
    }),
    /found <f4 of shape.*astype\('uint8'\)/,
  ],
  [
    "five channels",
    npz({ ...medmnist(), train_images: u1([10, 4, 4, 5], () => 0) }),
    /shape \(10, 4, 4, 5\)/,
  ],
  [
    "no image",
    npz({ ...medmnist(), val_images: u1([0, 4, 4, 3], () => 0), val_labels: u1([0, 1], () => 0) }),
    /val_images: found no image/,
  ],
  [
    "two sizes",
    npz({ ...medmnist(), val_images: u1([4, 5, 5, 3], () => 0) }),
    /images of 4 x 4 and 5 x 5/,
  ],
  [
    "one image a class and no val",
    npz({ train_images: u1([2, 4, 4, 3], (i) => i), train_labels: u1([2], (i) => i) }),
    /a\.npz: found 2 images for training and 0 for validation, wanted at least one.*Add images/,
  ],
];
for (const [what, bytes, words] of BAD) {
  Deno.test(`loadData() refuses an npz with ${what}`, async () => {
    await assert.rejects(load("a.npz", bytes), (error: Error) => {
      assert.ok(error instanceof DataError, `${error}`);
      assert.match(error.message, words);
      return true;
    });
  });
}

Deno.test("loadData() refuses specs that name nothing, with the nearest name", async () => {
  await assert.rejects(loadData("sinthetic"), (error: Error) => {
    assert.ok(error instanceof DataError);
    assert.match(error.message, /"sinthetic" is no such file.*Did you mean "synthetic"/);
    return true;
  });
  await assert.rejects(loadData("no/such/file.npz"), DataError);
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "notes.txt"), "x");
    await assert.rejects(loadData(join(folder, "notes.txt")), /a file that is no \.npz archive/);
  });
  await assert.rejects(loadData("" as never), TypeError);
  await assert.rejects(loadData(undefined as never), TypeError);
});

Deno.test("loadData() refuses bad options", async () => {
  await assert.rejects(
    loadData("synthetic", { imagesize: 32 } as never),
    /Did you mean "imageSize"/,
  );
  await assert.rejects(loadData("synthetic", { imageSize: 8 }), /imageSize 8/);
  await assert.rejects(loadData("synthetic", { valFraction: 1 }), /valFraction 1/);
  await assert.rejects(loadData("synthetic", { count: 0 }), /count 0/);
  await assert.rejects(loadData("synthetic", { count: 1 }), (error: Error) => {
    assert.ok(error instanceof DataError && error.path === "synthetic", `${error}`);
    assert.match(error.message, /found 1 images for training and 0 for validation/);
    return true;
  });
});

Deno.test("selectImages() refuses an index outside of the set", async () => {
  const { train } = await loadData("synthetic", { count: 20, imageSize: 16 });
  assert.throws(() => selectImages(train, [train.count]), RangeError);
  assert.deepEqual(selectImages(train, [1, 1]).labels[0], train.labels[1]);
});

const retinamnist = realData("retinamnist-trainval.npz");
const idrid = realData("idrid10-128.npz");

testOrSkip(
  "loadData() reads RetinaMNIST as published",
  retinamnist.missing,
  async () => {
    const { train, val, test, classes, report } = await loadData(
      retinamnist.path,
    );
    assert.deepEqual([train.count, val.count, test], [1080, 120, undefined]);
    assert.deepEqual([train.height, train.width], [28, 28]);
    assert.deepEqual(classCounts(train), [486, 128, 206, 194, 66]);
    assert.deepEqual(classCounts(val), [54, 12, 28, 20, 6]);
    assert.deepEqual([classes, report.notes], [DR_GRADES, []]);
  },
);

testOrSkip("loadNpz() reads the IDRiD masks", idrid.missing, async () => {
  const file = await loadNpz(idrid.path);
  assert.deepEqual(file.read("images").shape, [10, 128, 128, 3]);
  const { data } = file.read("masks");
  const lesions = data.filter((bits: number) => (bits & 15) !== 0).length / data.length;
  assert.equal(lesions.toFixed(4), "0.0605");
});
