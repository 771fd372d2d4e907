// Each finding with data that have it, and with the same data without it.
import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import {
  type CheckableData,
  checkData,
  type DataCheck,
  type ImageSet,
  loadData,
  selectImages,
  syntheticFundus,
} from "../../src/data/mod.ts";
import { sketchImages } from "../../src/data/check/difference_hash.ts";
import { eachNearPair, type NearPair } from "../../src/data/check/near_pairs.ts";
import { joinSets } from "../../src/data/join_sets.ts";
import { realData } from "../_tools/real_data.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

/** Two clean splits with all classes and patients. */
function clean(): { train: ImageSet; val: ImageSet } {
  const all = syntheticFundus({ count: 60, size: 32, seed: 2 });
  const groups = all.ids.map((_, i) => `p${i}`);
  const set = { ...all, groups };
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  return {
    train: { ...selectImages(set, range(0, 40)), name: "small/train" },
    val: { ...selectImages(set, range(40, 60)), name: "small/val" },
  };
}

const codes = (check: DataCheck) => check.findings.map(({ code }) => code);

/** A set with some images changed. */
function changed(
  set: ImageSet,
  positions: readonly number[],
  change: (pixel: number, at: number) => number,
): ImageSet {
  const images = set.images.slice(), size = set.height * set.width * 3;
  for (const n of positions) {
    for (let i = 0; i < size; i++) images[n * size + i] = change(images[n * size + i], i);
  }
  return { ...set, images };
}

/** Another name for each image, so that copies differ in nothing else. */
const renamed = (set: ImageSet): ImageSet => ({
  ...set,
  ids: set.ids.map((id) => `copy of ${id}`),
  groups: set.groups?.map((group) => `copy of ${group}`),
});

Deno.test("checkData() finds nothing in clean data, and says what it saw", () => {
  const check = checkData(clean());
  assert.deepEqual([codes(check), check.leakage, check.name], [[], false, "small"]);
  const [train, val] = check.splits;
  assert.deepEqual([train.count, val.count, train.patients, val.patients], [40, 20, 40, 20]);
  assert.equal(train.classCounts.reduce((a, b) => a + b), 40);
  assert.equal(JSON.parse(JSON.stringify(check)).schema, "qsight.data/1");
});

Deno.test("checkData() statistics follow their definitions", () => {
  const { train, val } = clean();
  const flat = changed(train, [...train.labels.keys()], (_, i) => [255, 0, 51][i % 3]);
  const [{ mean, sd, brightness }] = checkData({ train: flat, val }).splits;
  assert.deepEqual(mean, [1, 0, 0.2]);
  assert.ok(sd.every((one) => one <= 1 / 255));
  const grey = 0.299 + 0.114 * 0.2;
  for (const one of [brightness.mean, brightness.min, brightness.max]) {
    assert.ok(Math.abs(one - grey) < 1e-9);
  }
  assert.equal(brightness.histogram[Math.floor(grey * 32)], 40);
});

/** What is wrong, the finding that must come of it, its level and how many it counts. */
const FAULTS: readonly (readonly [
  string,
  (data: ReturnType<typeof clean>) => CheckableData,
  string,
  string,
  number,
])[] = [
  [
    "images of train in val",
    ({ train, val }) => ({ train, val: joinSets([val, renamed(selectImages(train, [3, 7]))]) }),
    ...["exact_across", "leakage", 2] as const,
  ],
  [
    "images of train in test",
    ({ train, val }) => ({
      train,
      val,
      test: joinSets([renamed(val), renamed(selectImages(train, [3]))]),
    }),
    ...["exact_across", "leakage", 21] as const,
  ],
  [
    "an image twice in train",
    ({ train, val }) => ({ train: joinSets([train, renamed(selectImages(train, [5]))]), val }),
    ...["exact_within", "warning", 1] as const,
  ],
  [
    "a brighter copy of an image of train in val",
    ({ train, val }) => ({
      train,
      val: joinSets([
        val,
        changed(renamed(selectImages(train, [4])), [0], (pixel) => Math.min(255, pixel * 1.15)),
      ]),
    }),
    ...["near_across", "leakage", 1] as const,
  ],
  [
    "a noisy copy in train",
    ({ train, val }) => ({
      train: joinSets([
        train,
        changed(
          renamed(selectImages(train, [9])),
          [0],
          (pixel, i) => Math.max(0, Math.min(255, pixel + (i * 7919) % 5 - 2)),
        ),
      ]),
      val,
    }),
    ...["near_within", "warning", 1] as const,
  ],
  [
    "an image with two labels",
    ({ train, val }) => {
      const copy = renamed(selectImages(train, [5]));
      const label = (copy.labels[0] + 1) % 5;
      return { train: joinSets([train, { ...copy, labels: Int32Array.of(label) }]), val };
    },
    ...["conflicting_labels", "error", 1] as const,
  ],
  [
    "a patient in both",
    ({ train, val }) => ({
      train,
      val: { ...val, groups: ["p0", "p1", ...val.groups!.slice(2)] },
    }),
    ...["patient_across", "leakage", 2] as const,
  ],
  [
    "patients of one split only",
    ({ train, val: { groups: _, ...val } }) => ({ train, val }),
    ...["patients_unknown", "note", 1] as const,
  ],
  [
    "files that could not be read",
    (data) => ({
      ...data,
      report: { ignored: [], notes: [], unreadable: [{ path: "a.png", reason: "cut short" }] },
    }),
    ...["unreadable", "error", 1] as const,
  ],
  [
    "an image of one colour",
    ({ train, val }) => ({ train: changed(train, [6], (_, i) => [9, 8, 7][i % 3]), val }),
    ...["blank", "warning", 1] as const,
  ],
  [
    "a name that two images have",
    ({ train, val }) => ({ train, val: { ...val, ids: [train.ids[0], ...val.ids.slice(1)] } }),
    ...["repeated_id", "error", 1] as const,
  ],
  [
    "labels that are no class",
    ({ train, val }) => ({
      train: { ...train, labels: train.labels.with(0, 5).with(1, -1) },
      val,
    }),
    ...["label_range", "error", 2] as const,
  ],
  [
    "a class that nobody has",
    ({ train, val }) => {
      const classes = [...train.classes, "sixth"];
      return { train: { ...train, classes }, val: { ...val, classes } };
    },
    ...["class_without_images", "warning", 1] as const,
  ],
  [
    "a class that train lacks",
    ({ train, val }) => ({
      train: selectImages(train, [...train.labels.keys()].filter((i) => train.labels[i] !== 4)),
      val,
    }),
    ...["class_not_in_train", "error", 1] as const,
  ],
  [
    "a class that val lacks",
    ({ train, val }) => ({
      train,
      val: selectImages(val, [...val.labels.keys()].filter((i) => val.labels[i] !== 4)),
    }),
    ...["class_not_in_val", "warning", 1] as const,
  ],
  [
    "a class of one image beside one of many",
    ({ train, val }) => {
      const of = (c: number) => [...train.labels.keys()].filter((i) => train.labels[i] === c);
      const chosen = [...of(0), ...of(1).slice(0, 1), ...of(2), ...of(3), ...of(4)];
      return { train: selectImages(train, chosen), val };
    },
    ...["imbalance", "note", 5] as const,
  ],
  [
    "a darker val",
    ({ train, val }) => ({
      train,
      val: changed(val, [...val.labels.keys()], (pixel) => pixel * 0.6),
    }),
    ...["brightness_shift", "warning", 20] as const,
  ],
];
for (const [what, spoil, code, level, count] of FAULTS) {
  Deno.test(`checkData() finds ${what}`, () => {
    const check = checkData(spoil(clean()));
    const found = check.findings.find((finding) => finding.code === code);
    assert.ok(found, `${codes(check)}`);
    assert.deepEqual([found.level, found.count], [level, count]);
    assert.ok(found.fix.length > 10 && found.examples.length <= 5);
    assert.equal(check.leakage, level === "leakage");
    if (level === "leakage") assert.equal(check.findings[0].level, "leakage", "the worst first");
  });
}

Deno.test("checkData() limits of near duplicates are those it is given", () => {
  const { train, val } = clean();
  const copy = changed(
    renamed(selectImages(train, [4])),
    [0],
    (pixel, i) => Math.max(0, Math.min(255, pixel + (i * 7919) % 41 - 20)),
  );
  const data = { train, val: joinSets([val, copy]) };
  const wide = checkData(data, { distance: 256, correlation: 0.98 }).duplicates;
  const { distance, correlation } = wide.find(({ b }) => b.id.startsWith("copy"))!;
  assert.ok(distance > 0 && correlation < 1);
  const has = (options: object) => codes(checkData(data, options)).includes("near_across");
  assert.equal(has({ distance, correlation: correlation - 1e-4 }), true);
  assert.equal(has({ distance: distance - 1, correlation: correlation - 1e-4 }), false);
  assert.equal(has({ distance, correlation: correlation + 1e-4 }), false);
  assert.throws(() => checkData(data, { distance: 257 }), RangeError);
  assert.throws(() => checkData(data, { correlation: NaN }), RangeError);
  assert.throws(() => checkData(data, { distances: 3 } as never), /Did you mean "distance"/);
});

Deno.test("checkData() of many equal images lists ten thousand pairs and counts all", () => {
  const one = selectImages(clean().train, new Array(10_050).fill(0));
  const train = { ...one, ids: one.ids.map((_, i) => `${i}`) };
  const check = checkData({ train, val: clean().val });
  assert.equal(check.duplicates.length, 10_000);
  assert.equal(check.findings.find(({ code }) => code === "exact_within")?.count, 10_049);
});

Deno.test("eachNearPair() finds the pairs that comparing all with all finds", () => {
  const random = new SeededRandom("hashes"), count = 300;
  const hashes = Uint32Array.from({ length: count * 8 }, () => random.uint32());
  // Neighbours of the first hundred, a few bits away.
  for (let i = 0; i < 100; i++) {
    hashes.copyWithin((i + 100) * 8, i * 8, (i + 1) * 8);
    for (let flip = random.integer(30); flip > 0; flip--) {
      hashes[(i + 100) * 8 + random.integer(8)] ^= 1 << random.integer(32);
    }
  }
  const fields = new Float32Array(count * 272).fill(1 / Math.sqrt(272));
  const found: NearPair[] = [];
  const all = Array.from({ length: count }, (_, i) => i);
  eachNearPair({ hashes, fields }, all, {
    ...{ distance: 12, correlation: 0.9 },
    found: (pair) => found.push(pair),
  });
  const wanted: string[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      let bits = 0;
      for (let w = 0; w < 8; w++) {
        const differing = (hashes[a * 8 + w] ^ hashes[b * 8 + w]) >>> 0;
        bits += differing.toString(2).split("1").length - 1;
      }
      if (bits <= 12) wanted.push(`${a} ${b} ${bits}`);
    }
  }
  assert.ok(wanted.length > 20);
  assert.deepEqual(
    found.map(({ first, second, distance }) => `${first} ${second} ${distance}`).sort(),
    wanted.sort(),
  );
});

Deno.test("sketchImages() bits say whether a field is brighter than its left neighbour", () => {
  const side = 34, images = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      // Brighter to the right in the upper half, to the left in the lower one.
      images.fill(y < 17 ? x * 7 : 240 - x * 7, (y * side + x) * 3, (y * side + x) * 3 + 3);
    }
  }
  const set = { ...clean().train, images, count: 1, height: side, width: side };
  const { hashes, fields } = sketchImages(set);
  assert.deepEqual([...hashes.subarray(0, 4)], new Array(4).fill(0xffffffff));
  assert.deepEqual([...hashes.subarray(4)], [0, 0, 0, 0]);
  assert.ok(Math.abs(fields.reduce((sum, x) => sum + x * x, 0) - 1) < 1e-5);
  assert.ok(Math.abs(fields.reduce((sum, x) => sum + x, 0)) < 1e-4);
  const dark = sketchImages({ ...set, images: new Uint8Array(images.length) });
  assert.ok(dark.hashes.every((word) => word === 0) && dark.fields.every((x) => x === 0));
});

const { path, missing } = realData("retinamnist-trainval.npz");
testOrSkip(
  "checkData() RetinaMNIST: no leakage, and 23 images that are there twice",
  missing,
  async () => {
    const check = checkData(await loadData(path));
    assert.deepEqual(codes(check), ["near_within", "patients_unknown"]);
    assert.equal(check.leakage, false);
    const pairs = check.duplicates.filter(({ a, b }) => a.split === b.split);
    assert.equal(pairs.length, 23);
    assert.ok(pairs.every(({ a, b }) => a.label === b.label), "of one grade, as one eye would be");
  },
);
