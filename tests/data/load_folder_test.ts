import assert from "node:assert/strict";
import { DataError, loadData } from "../../src/data/mod.ts";
import { encodePng } from "../../src/images/mod.ts";
import { png, withFiles } from "./_files.ts";

const TWO = {
  "0_no_dr/a1.png": png(10),
  "0_no_dr/a2.PNG": png(11),
  "0_no_dr/a10.png": png(12),
  "1_mild/b1.png": png(100),
  "1_mild/b2.png": png(101),
};

Deno.test("loadData() folder: classes, labels, ids and resized pixels", async () => {
  await withFiles(TWO, async (folder) => {
    const { train, val, classes, report } = await loadData(folder, { imageSize: 16, seed: 1 });
    assert.deepEqual(classes, ["0_no_dr", "1_mild"]);
    assert.deepEqual([train.count, val.count, train.width, train.source], [3, 2, 16, "folder"]);
    for (const set of [train, val]) {
      set.ids.forEach((id, i) => {
        assert.equal(set.labels[i], id.startsWith("1") ? 1 : 0);
        const pixel = set.images[i * 16 * 16 * 3 + 300];
        assert.equal(pixel >= 100, set.labels[i] === 1, id);
      });
    }
    assert.deepEqual(report.ignored, []);
  });
});

Deno.test("loadData() folder: natural order of classes and files", async () => {
  const files = Object.fromEntries(
    ["10_x", "2_x", "1_x"].flatMap((name, i) => [
      [`${name}/p10.png`, png(i)],
      [`${name}/p9.png`, png(i + 50)],
    ]),
  );
  await withFiles(files, async (folder) => {
    const { train, val, classes } = await loadData(folder, { imageSize: 16, valFraction: 0.5 });
    assert.deepEqual(classes, ["1_x", "2_x", "10_x"]);
    const order = [...train.ids, ...val.ids].filter((id) => id.startsWith("10_x"));
    assert.deepEqual(order.sort(), ["10_x/p10.png", "10_x/p9.png"]);
    assert.deepEqual([...train.labels], [0, 1, 2]);
  });
});

Deno.test("loadData() folder: what is not read is reported", async () => {
  const extra = {
    ...TWO,
    "readme.txt": "x",
    ".DS_Store": "x",
    "0_no_dr/.hidden.png": "x",
    "0_no_dr/Thumbs.db": "x",
    "1_mild/old/c.png": png(1),
    "1_mild/d.bmp": "x",
  };
  await withFiles(extra, async (folder) => {
    const { train, val, report } = await loadData(folder, { imageSize: 16 });
    assert.equal(train.count + val.count, 5);
    assert.deepEqual(
      report.ignored.map(({ path, reason }) => `${path}: ${reason}`).sort(),
      [
        ".DS_Store: hidden",
        "0_no_dr/.hidden.png: hidden",
        "0_no_dr/Thumbs.db: not a png, jpg, webp or tiff file",
        "1_mild/d.bmp: not a png, jpg, webp or tiff file",
        "1_mild/old/: a folder inside a class folder",
        "readme.txt: not inside a class folder",
      ],
    );
    const notes = report.notes.filter((note) => /not read/.test(note));
    assert.equal(notes.length, 1);
    assert.match(notes[0], /^2 files were not read, e\.g\. 0_no_dr\/Thumbs\.db: not a png/);
  });
});

Deno.test("loadData() folder: an oblong image is padded with black, not stretched", async () => {
  const wide = encodePng({
    width: 40,
    height: 20,
    data: new Uint8Array(2400).fill(200),
    channels: 3,
  });
  await withFiles({ "a/1.png": wide, "b/1.png": wide, "b/2.png": wide }, async (folder) => {
    const { train } = await loadData(folder, { imageSize: 16 });
    assert.deepEqual([train.images[0], train.images[8 * 16 * 3]], [0, 200]);
  });
});

Deno.test("loadData() folder: a class with one image is said to be missing in val", async () => {
  await withFiles({ ...TWO, "2_rare/c.png": png(200) }, async (folder) => {
    const { report, train } = await loadData(folder, { imageSize: 16 });
    assert.match(report.notes.join(), /Class "2_rare" has one image/);
    assert.ok(train.ids.includes("2_rare/c.png"));
  });
});

Deno.test("loadData() folder: a CSV file of something else beside class folders is left out", async () => {
  await withFiles({ ...TWO, "notes.csv": "who,when\nA,1\n" }, async (folder) => {
    const { train, val, classes, report } = await loadData(folder, { imageSize: 16 });
    assert.deepEqual([train.count + val.count, classes], [5, ["0_no_dr", "1_mild"]]);
    assert.match(report.notes.join(), /Left out.*notes\.csv/);
    assert.deepEqual(report.ignored.map(({ path }) => path), ["notes.csv"]);
  });
});

/** The same class folders in train and val, with images of their own. */
const SPLIT = {
  "train/0_no_dr/a.png": png(1),
  "train/0_no_dr/b.png": png(2),
  "train/1_mild/a.png": png(101),
  "val/0_no_dr/c.png": png(3),
  "val/1_mild/c.png": png(103),
};

Deno.test("loadData() folder: train and val with class folders are used as given", async () => {
  const files = { ...SPLIT, "notes.csv": "who\nA\n", "old/x.png": png(9), "val/1_mild/d.gif": "x" };
  await withFiles(files, async (folder) => {
    const { train, val, test, classes, report } = await loadData(folder, { imageSize: 16 });
    assert.deepEqual([classes, test], [["0_no_dr", "1_mild"], undefined]);
    assert.deepEqual(train.ids, Object.keys(SPLIT).slice(0, 3));
    assert.deepEqual(val.ids, Object.keys(SPLIT).slice(3));
    assert.deepEqual([[...train.labels], [...val.labels]], [[0, 0, 1], [0, 1]]);
    assert.deepEqual([train.images[0], val.images[0]], [1, 3]);
    assert.ok(train.name.endsWith("/train") && val.name.endsWith("/val"));
    const ignored = report.ignored.map(({ path }) => path).sort();
    assert.deepEqual(ignored, ["notes.csv", "old/", "val/1_mild/d.gif"]);
    assert.match(
      report.notes.join(),
      /notes\.csv.*1 file was not read, e\.g\. val\/1_mild\/d\.gif/,
    );
  });
});

Deno.test("loadData() folder: test beside train and val is kept apart", async () => {
  await withFiles({ ...SPLIT, "test/1_mild/t.png": png(105) }, async (folder) => {
    const { train, val, test } = await loadData(folder, { imageSize: 16 });
    assert.deepEqual([train.count, val.count], [3, 2]);
    assert.deepEqual([test?.ids, [...test!.labels]], [["test/1_mild/t.png"], [1]]);
  });
  await withFiles({ ...SPLIT, "test/t.png": png(105) }, async (folder) => {
    const { test, report } = await loadData(folder, { imageSize: 16 });
    assert.equal(test, undefined);
    assert.match(report.notes.join(), /test has no class folders: it was left out/);
  });
});

Deno.test("loadData() folder: classes called train and val that hold images are classes", async () => {
  const names = ["train/a.png", "train/b.png", "val/a.png", "val/b.png"];
  await withFiles(Object.fromEntries(names.map((name, i) => [name, png(i)])), async (folder) => {
    const { classes } = await loadData(folder, { imageSize: 16 });
    assert.deepEqual(classes, ["train", "val"]);
  });
});

const BAD: readonly (readonly [string, Record<string, Uint8Array | string>, RegExp])[] = [
  ["nothing in it", {}, /found an empty folder, wanted at least two folders/],
  ["images but no class", { "a.png": png(1) }, /no class folder, 1 files of which 1 are images/],
  ["one class", { "a/1.png": png(1) }, /found one class folder, "a"/],
  [
    "one image in each class",
    { "a/1.png": png(1), "b/1.png": png(2) },
    /found 2 images for training and 0 for validation, wanted at least one in each\. Add images/,
  ],
  [
    "a class of train that val lacks",
    { ...SPLIT, "train/2_new/a.png": png(7) },
    /found class "2_new" in train but not in val, wanted the same/,
  ],
  [
    "a class of val that train lacks",
    { ...SPLIT, "val/2_new/a.png": png(7) },
    /found class "2_new" in val but not in train/,
  ],
  [
    "a class of test that train lacks",
    { ...SPLIT, "test/2_new/a.png": png(7) },
    /found class "2_new" in test but not in train/,
  ],
  [
    "an empty class in val",
    { ...SPLIT, "train/2_new/a.png": png(7), "val/2_new/": "" },
    /no image in class folder "val\/2_new"/,
  ],
  [
    "one class in train and val",
    { "train/a/1.png": png(1), "val/a/1.png": png(2) },
    /one class folder in train and val, "a"/,
  ],
  [
    "a table without grades and one class folder",
    { "t.csv": "a,b\n1,2\n", "images/x.png": png(1), "empty/": "" },
    /no table with an image/,
  ],
  ["an empty class", { ...TWO, "2_new/": "" }, /no image in class folder "2_new"/],
  ["a class of text files", { ...TWO, "2_new/a.txt": "x" }, /"2_new" \(1 other entries\)/],
  ["a corrupt image", { ...TWO, "1_mild/bad.png": "no image" }, /1_mild\/bad\.png: found 8 bytes/],
  [
    "a truncated image",
    { ...TWO, "1_mild/cut.png": png(9, 64).subarray(0, 120) },
    /1_mild\/cut\.png: found 120 bytes/,
  ],
  ["an empty image file", { ...TWO, "1_mild/none.jpg": "" }, /none\.jpg: found an empty file/],
  ["a table without grades", { "t.csv": "a,b\n1,2\n", "x.png": png(1) }, /no table with an image/],
  [
    "a grade that is no number",
    { "t.csv": "image,level\nx,mild\n", "x.png": png(1) },
    /t\.csv:2: found label "mild" for "x"/,
  ],
  [
    "a table of other images",
    { "t.csv": "image,level\nq,1\nr,0\n", "x.png": png(1) },
    /found 0 of the 2 images named in t\.csv/,
  ],
  [
    "a name that two images have, as train and test of IDRiD",
    { "t.csv": "image,level\nx,1\ny,0\n", "a/x.png": png(1), "b/x.png": png(2), "y.png": png(3) },
    /t\.csv:2: found a\/x\.png and b\/x\.png for "x", wanted one image.*write the path/,
  ],
  [
    "two labels for an image",
    { "t.csv": "image,level\nx,1\ny,0\nx.png,0\n", "x.png": png(1), "y.png": png(3) },
    /t\.csv:4: found label 0 for "x\.png", which line 2 gives 1/,
  ],
  [
    "two tables",
    { "a.csv": "image,level\nx,1\n", "b.csv": "image,level\nx,0\n", "x.png": png(1) },
    /several tables with grades \(a\.csv, b\.csv\)/,
  ],
];
for (const [what, files, words] of BAD) {
  Deno.test(`loadData() refuses a folder with ${what}`, async () => {
    await withFiles(files, async (folder) => {
      await assert.rejects(loadData(folder, { imageSize: 16 }), (error: Error) => {
        assert.ok(error instanceof DataError, `${error}`);
        assert.match(error.message, words);
        return true;
      });
    });
  });
}

Deno.test("loadData() CSV: images by name, grades, and what does not match is reported", async () => {
  const files = {
    "train.csv": 'id_code,diagnosis\r\naa,0\r\n"bb",2\r\ncc,0\r\ndd,2\r\ngone,4\r\n',
    "train_images/aa.png": png(1),
    "train_images/bb.png": png(2),
    "train_images/cc.png": png(3),
    "train_images/dd.png": png(4),
    "train_images/extra.png": png(5),
  };
  await withFiles(files, async (folder) => {
    const { train, val, classes, report } = await loadData(folder, {
      imageSize: 16,
      valFraction: 0.5,
    });
    assert.deepEqual([train.count, val.count, classes.length], [2, 2, 5]);
    assert.deepEqual([...train.labels].sort(), [0, 2]);
    assert.deepEqual(report.ignored.map(({ path }) => path), ["gone", "train_images/extra.png"]);
    assert.match(report.notes[0], /1 images named in train\.csv/);
  });
});

Deno.test("loadData() CSV: a path in the table tells images of one name apart", async () => {
  const files = {
    "t.csv": "image,level\ntrain/x.png,1\nw,1\ntrain/y.png,0\ntrain/y.png,0\n",
    "train/w.png": png(6),
    "train/x.png": png(1),
    "test/x.png": png(2),
    "train/y.png": png(3),
    "train/z.png": png(4),
    "test/z.png": png(5),
  };
  await withFiles(files, async (folder) => {
    const { train, val, report } = await loadData(folder, { imageSize: 16 });
    const ids = [...train.ids, ...val.ids].sort();
    assert.deepEqual(ids, ["train/w.png", "train/x.png", "train/y.png"]);
    const ignored = report.ignored.map(({ path }) => path).sort();
    assert.deepEqual(ignored, ["test/x.png", "test/z.png", "train/z.png"]);
  });
});

Deno.test("loadData() CSV: both eyes of a patient stay in one split", async () => {
  const rows = ["image,level"], files: Record<string, Uint8Array | string> = {};
  for (let patient = 0; patient < 12; patient++) {
    for (const side of ["left", "right"]) {
      rows.push(`${patient}_${side},${patient % 2}`);
      files[`${patient}_${side}.png`] = png(patient * 10);
    }
  }
  await withFiles({ ...files, "trainLabels.csv": rows.join("\n") }, async (folder) => {
    const { train, val } = await loadData(folder, { imageSize: 16, valFraction: 0.3, seed: 5 });
    const patient = (id: string) => id.split("_")[0];
    const known = new Set(train.ids.map(patient));
    assert.ok(val.count >= 4);
    assert.deepEqual(val.ids.filter((id) => known.has(patient(id))), []);
  });
});
