// Folders laid out as APTOS 2019, EyePACS, IDRiD and Messidor-2 are given out.
import assert from "node:assert/strict";
import { DR_GRADES, loadData } from "../../src/data/mod.ts";
import { png, withFiles } from "./_files.ts";

type Files = Record<string, Uint8Array | string>;

const options = { imageSize: 16, valFraction: 0.4, seed: 1 };

Deno.test("loadData() APTOS 2019: the sample of answers is no table of grades", async () => {
  const files: Files = {
    "train.csv": "id_code,diagnosis\na,0\nb,2\nc,0\nd,2\n",
    "test.csv": "id_code\nq\n",
    "sample_submission.csv": "id_code,diagnosis\nq,0\n",
    "test_images/q.png": png(9),
  };
  for (const name of "abcd") files[`train_images/${name}.png`] = png(name.charCodeAt(0));
  await withFiles(files, async (folder) => {
    const { train, val, test, classes, report } = await loadData(folder, options);
    assert.deepEqual([train.count + val.count, test, classes], [4, undefined, DR_GRADES]);
    assert.equal(train.groups, undefined, "nothing tells the patients");
    assert.match(report.notes.join(), /sample of answers, not grades: sample_submission\.csv/);
    const left = report.ignored.map(({ path }) => path).sort();
    assert.deepEqual(left, ["sample_submission.csv", "test_images/q.png"]);
  });
});

Deno.test("loadData() EyePACS: two eyes are one patient, in class folders too", async () => {
  for (const table of [true, false]) {
    const files: Files = {}, rows = ["image,level"];
    for (let patient = 0; patient < 10; patient++) {
      for (const side of ["left", "right"]) {
        const level = (patient + (side === "left" ? 0 : 1)) % 2, name = `${patient}_${side}`;
        files[table ? `train/${name}.png` : `${level}/${name}.png`] = png(patient * 20);
        rows.push(`${name},${level}`);
      }
    }
    if (table) files["trainLabels.csv"] = rows.join("\n");
    await withFiles(files, async (folder) => {
      const { train, val } = await loadData(folder, options);
      const inTrain = new Set(train.groups);
      assert.ok(val.count >= 4);
      assert.equal(inTrain.size + new Set(val.groups).size, 10);
      assert.deepEqual(val.groups?.filter((patient) => inTrain.has(patient)), []);
    });
  }
});

/** Both parts have an `IDRiD_001`. */
const IDRID: Files = {
  "1. Original Images/a. Training Set/IDRiD_001.png": png(1),
  "1. Original Images/a. Training Set/IDRiD_002.png": png(2),
  "1. Original Images/a. Training Set/IDRiD_003.png": png(3),
  "1. Original Images/a. Training Set/IDRiD_004.png": png(4),
  "1. Original Images/b. Testing Set/IDRiD_001.png": png(101),
  "2. Groundtruths/a. IDRiD_Disease Grading_Training Labels.csv":
    "Image name,Retinopathy grade,Risk of macular edema ,,,\nIDRiD_001,3,2,,,\nIDRiD_002,0,0,,,\n" +
    "IDRiD_003,3,1,,,\nIDRiD_004,0,0,,,\n",
  "2. Groundtruths/b. IDRiD_Disease Grading_Testing Labels.csv":
    "Image name,Retinopathy grade,Risk of macular edema \nIDRiD_001,4,0\n",
};

Deno.test("loadData() IDRiD: tables in a folder below, a test set of the same names", async () => {
  await withFiles(IDRID, async (folder) => {
    const { train, val, test, classes, report } = await loadData(folder, options);
    assert.deepEqual([train.count, val.count, test?.count], [2, 2, 1]);
    assert.deepEqual([test?.images[0], test?.labels[0], classes], [101, 4, DR_GRADES]);
    assert.ok([...train.images, ...val.images].every((pixel) => pixel < 100));
    assert.deepEqual(report.ignored, []);
  });
});

Deno.test("loadData() Messidor-2: images that could not be graded are left out and reported", async () => {
  const files: Files = {
    "messidor_data.csv":
      "image_id,adjudicated_dr_grade,adjudicated_dme,adjudicated_gradable\nIM1.JPG,0,0,1\n" +
      "IM2.JPG,1,0,1\nIM3.JPG,,,0\nIM4.JPG,0,0,1\nIM5.JPG,1,0,1\n",
  };
  for (let i = 1; i < 6; i++) files[`images/IM${i}.png`] = png(i);
  await withFiles(files, async (folder) => {
    const { train, val, report } = await loadData(folder, options);
    assert.equal(train.count + val.count, 4);
    assert.match(report.notes.join(), /1 images are marked as not gradable in messidor_data\.csv/);
    assert.match(report.ignored[0].reason, /not gradable/);
  });
});

Deno.test("loadData() columns and table of any name; a column of patients", async () => {
  const rows = [..."abcdefgh"].map((name, i) => `${name},${i % 2},p${i >> 1},${(i + 1) % 2}`);
  const files: Files = {
    "meta/grades.csv": `picture,severity,person,other\n${rows.join("\n")}\n`,
    "other.csv": "image,level\na,0\nb,1\n",
  };
  for (const name of "abcdefgh") files[`${name}.png`] = png(name.charCodeAt(0));
  await withFiles(files, async (folder) => {
    const columns = { image: "Picture", label: "severity", patient: "person" };
    const data = await loadData(folder, { ...options, table: "meta/grades.csv", columns });
    const { train, val } = data;
    assert.equal(train.count + val.count, 8);
    assert.deepEqual([...new Set([...train.groups!, ...val.groups!])].sort(), [
      ...["p0", "p1", "p2", "p3"],
    ]);
    assert.deepEqual(val.groups?.filter((patient) => train.groups?.includes(patient)), []);
    train.ids.forEach((id, i) => assert.equal(train.labels[i], (id.charCodeAt(0) - 97) % 2));
    const wrong = { ...options, table: "meta/grades.csv", columns: { ...columns, label: "grad" } };
    await assert.rejects(loadData(folder, wrong), /no column "grad" in meta\/grades\.csv, which/);
    await assert.rejects(loadData(folder, { table: "meta/grade.csv" }), /mean "meta\/grades\.csv"/);
    await assert.rejects(
      loadData(folder, { columns: { images: "x" } } as never),
      /unknown option "images"/,
    );
  });
});

Deno.test("loadData() onUnreadable: an error by default, else left out and reported", async () => {
  const files: Files = {
    ...{ "a/1.png": png(1), "a/2.png": png(2), "a/bad.png": "no image" },
    ...{ "b/1.png": png(3, 30), "b/2.png": png(4), "b/cut.png": png(5, 64).subarray(0, 90) },
  };
  await withFiles(files, async (folder) => {
    await assert.rejects(loadData(folder, options), /bad\.png: found 8 bytes/);
    const { train, val, report } = await loadData(folder, { ...options, onUnreadable: "skip" });
    assert.deepEqual([...train.ids, ...val.ids].sort(), [
      "a/1.png",
      "a/2.png",
      "b/1.png",
      "b/2.png",
    ]);
    assert.deepEqual(report.unreadable?.map(({ path }) => path), ["a/bad.png", "b/cut.png"]);
    assert.match(report.unreadable![1].reason, /wanted a whole png/);
    assert.match(report.notes.join(), /2 images could not be read and are left out/);
    for (const set of [train, val]) {
      set.ids.forEach((id, i) => {
        const pixel = { "a/1.png": 1, "a/2.png": 2, "b/1.png": 3, "b/2.png": 4 }[id];
        assert.equal(set.images[i * 768], pixel, "pixels stay with their names");
      });
    }
    assert.deepEqual(report.sizes, [
      { width: 20, height: 20, count: 3 },
      { width: 30, height: 30, count: 1 },
    ]);
    await assert.rejects(loadData(folder, { onUnreadable: "ignore" as never }), RangeError);
  });
});
