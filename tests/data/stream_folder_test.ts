// What streams from files has the bytes of what is loaded whole, whatever form the folder has.
import assert from "node:assert/strict";
import { encodePng } from "../../src/images/mod.ts";
import {
  batches,
  DataError,
  listImages,
  loadData,
  type LoadDataOptions,
  openBatches,
  streamFolder,
} from "../../src/data/mod.ts";
import { withFiles } from "./_files.ts";

/** A photograph with a black border, of which a crop leaves something else. */
function photograph(seed: number): Uint8Array {
  const side = 24, data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (Math.hypot(x - 10, y - 12) > 8) continue;
      for (let c = 0; c < 3; c++) {
        data[(y * side + x) * 3 + c] = 60 + (x * 7 + y * 11 + seed * 29) % 180;
      }
    }
  }
  return encodePng({ width: side, height: side, data, channels: 3 });
}

const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const images = (names: readonly string[]) =>
  Object.fromEntries(names.map((name, i) => [name, photograph(i)]));
const csv = (header: string, lines: readonly string[]) => [header, ...lines].join("\n") + "\n";

/** Folders by the form that they have. */
const FOLDERS: Readonly<Record<string, Record<string, string | Uint8Array>>> = {
  "class folders": images(rows(0, 20).map((i) => `${i % 2}_class/p${i}.png`)),
  "split folders": images([
    ...rows(0, 12).map((i) => `train/${i % 2}_class/p${i}.png`),
    ...rows(12, 6).map((i) => `val/${i % 2}_class/p${i}.png`),
    ...rows(18, 4).map((i) => `test/${i % 2}_class/p${i}.png`),
  ]),
  "a table with patients": {
    ...images(rows(0, 24).map((i) => `images/p${i}.png`)),
    "labels.csv": csv(
      "id_code,diagnosis,patient",
      rows(0, 24).map((i) => `p${i},${i % 3},q${i >> 1}`),
    ),
  },
  "tables for training and testing": {
    ...images(rows(0, 18).map((i) => `${i < 12 ? "a. Training Set" : "b. Testing Set"}/I${i}.png`)),
    "a. Training Labels.csv": csv(
      "Image name,Retinopathy grade",
      rows(0, 12).map((i) => `I${i},${i % 2}`),
    ),
    "b. Testing Labels.csv": csv(
      "Image name,Retinopathy grade",
      rows(12, 6).map((i) => `I${i},${i % 2}`),
    ),
  },
};
const FUNDUS = { crop: true, normalize: true } as const;

async function assertEqual(folder: string, options: LoadDataOptions & { imageSize: number }) {
  const whole = await loadData(folder, options), streamed = await streamFolder(folder, options);
  assert.ok(!("images" in streamed.train));
  for (const key of ["ids", "labels", "classes", "groups", "count", "name"] as const) {
    assert.deepEqual(streamed.train[key], whole.train[key], key);
  }
  assert.deepEqual([streamed.val, streamed.test], [whole.val, whole.test]);
  assert.deepEqual(streamed.fundus, whole.fundus);
  const order = { batchSize: 5, augment: true, seed: 2 };
  const wanted = [...batches(whole.train, order)];
  for (const workers of [0, 2]) {
    const found = [];
    for await (const batch of openBatches(streamed.train, { ...order, workers })) found.push(batch);
    assert.deepEqual(found, wanted);
  }
  return streamed.fingerprint;
}

for (const [form, files] of Object.entries(FOLDERS)) {
  Deno.test(`streamFolder() of ${form} has the bytes of loadData(), prepared as fundus or not`, () =>
    withFiles(files, async (folder) => {
      const options = { imageSize: 16, valFraction: 0.25, seed: 3 };
      const plain = await assertEqual(folder, options);
      const prepared = await assertEqual(folder, { ...options, fundus: FUNDUS });
      assert.notEqual(prepared, plain);
    }));
}

Deno.test("streamFolder() takes the columns that it is told, and says what is wrong with them", () =>
  withFiles(FOLDERS["a table with patients"], async (folder) => {
    const columns = { image: "id_code", label: "diagnosis", patient: "patient" };
    await assertEqual(folder, { imageSize: 16, columns, seed: 1 });
    const asked = (more: object) => streamFolder(folder, { imageSize: 16, ...more } as never);
    await assert.rejects(asked({ columns: { label: "grade" } }), DataError);
    await assert.rejects(asked({ table: "label.csv" }), /Did you mean "labels.csv"/);
    await assert.rejects(asked({ fundus: { corp: true } }), /unknown option "corp"/);
  }));

Deno.test("listImages() prepares photographs as it is told, and keeps the patients it is given", () =>
  withFiles(FOLDERS["class folders"], async (folder) => {
    const ids = ["0_class/p0.png", "1_class/p1.png"], classes = ["a", "b"];
    const given = { imageSize: 16, ids, labels: [0, 1], classes, groups: ["x", "y"] };
    const files = await listImages(folder, { ...given, fundus: FUNDUS });
    assert.deepEqual([files.groups, files.fundus], [["x", "y"], FUNDUS]);
    const pixels = (set: typeof files) =>
      Array.fromAsync(openBatches(set, { shuffle: false }), ({ x }) => x);
    assert.notDeepEqual(await pixels(files), await pixels(await listImages(folder, given)));
    await assert.rejects(listImages(folder, { ...given, groups: ["x"] }), /and 1 groups/);
  }));
