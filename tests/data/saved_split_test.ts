import assert from "node:assert/strict";
import { join } from "node:path";
import {
  applySplit,
  DataError,
  loadData,
  loadSplit,
  type SavedSplit,
  saveSplit,
  splitOf,
} from "../../src/data/mod.ts";
import { medmnist, npz, withFolder } from "./write_npz.ts";

const SMALL = { count: 30, imageSize: 16, seed: 1 };

Deno.test("saveSplit(), loadSplit(): another cut becomes the saved one, to the byte", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "split.json");
    const data = await loadData("synthetic", SMALL);
    await saveSplit(path, data);
    const other = await loadData("synthetic", { ...SMALL, valFraction: 0.5 });
    assert.notEqual(other.fingerprint, data.fingerprint);
    const again = applySplit(other, await loadSplit(path));
    assert.equal(again.fingerprint, data.fingerprint);
    assert.deepEqual(again.val.masks, data.val.masks);
    const loaded = await loadData("synthetic", { ...SMALL, valFraction: 0.5, split: path });
    assert.equal(loaded.fingerprint, data.fingerprint);
  });
});

Deno.test("applySplit() at another size keeps who is where", async () => {
  const split = splitOf(await loadData("synthetic", SMALL));
  const large = await loadData("synthetic", { ...SMALL, imageSize: 32, valFraction: 0.4, split });
  assert.deepEqual([large.train.ids, large.val.ids], [split.train.ids, split.val.ids]);
});

Deno.test("applySplit() moves images of a file with splits, and names what is left out", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a.npz");
    await Deno.writeFile(path, npz(medmnist()));
    const data = await loadData(path), saved = splitOf(data);
    const moved: SavedSplit = {
      ...saved,
      size: [1, 1],
      train: { ids: ["val_0", "train_1"], labels: [0, 1] },
      val: { ids: ["train_0"], labels: [0] },
    };
    const { train, val, report } = applySplit(data, moved);
    assert.deepEqual([[...train.labels], val.ids], [[0, 1], ["train_0"]]);
    assert.match(report.notes.join(), /11 images are not in the saved split/);
  });
});

const change: Readonly<Record<string, readonly [(split: SavedSplit) => SavedSplit, RegExp]>> = {
  "an image that is gone": [
    (split) => ({
      ...split,
      val: { ids: ["gone", ...split.val.ids.slice(1)], labels: split.val.labels },
    }),
    /1 images of the saved split missing, e\.g\. "gone" of val.*Put them back/s,
  ],
  "another label": [
    (split) => ({
      ...split,
      val: { ...split.val, labels: split.val.labels.map((x) => (x + 1) % 5) },
    }),
    /label \d for "[^"]+", which was \d/,
  ],
  "an image in both splits": [
    (split) => ({ ...split, val: split.train }),
    /in train and in val of the saved split/,
  ],
  "other pixels": [(split) => ({ ...split, fingerprint: "0".repeat(64) }), /other pixels/],
};
for (const [what, [falsify, words]] of Object.entries(change)) {
  Deno.test(`applySplit() refuses ${what}`, async () => {
    const data = await loadData("synthetic", SMALL);
    assert.throws(() => applySplit(data, falsify(splitOf(data))), (error: Error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, words);
      return true;
    });
  });
}

Deno.test("loadSplit() refuses what is no split", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "split.json");
    await assert.rejects(loadSplit(path), /found no such file/);
    const whole = splitOf(await loadData("synthetic", SMALL));
    const bad: [unknown, RegExp][] = [
      ["{", /found no JSON/],
      [{ schema: "other/1" }, /schema "other\/1"/],
      [null, /schema undefined/],
      [{ ...whole, train: { ids: ["a"], labels: [] } }, /as many labels in train/],
      [{ ...whole, test: 3 }, /as many labels in test/],
      [{ ...whole, fingerprint: 1 }, /no fingerprint/],
    ];
    for (const [value, words] of bad) {
      await Deno.writeTextFile(path, typeof value === "string" ? value : JSON.stringify(value));
      await assert.rejects(loadSplit(path), (error: Error) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, words);
        return true;
      });
    }
  });
});
