import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { imageAt, loadData, saveSplit, splitOf, syntheticFundus } from "../../src/data/mod.ts";
import { encodePng } from "../../src/images/mod.ts";
import { plotFromData } from "../../src/plots/mod.ts";
import { png, withFiles } from "../data/_files.ts";
import { qsight } from "./_call.ts";

type Files = Record<string, Uint8Array | string>;

/** Drawn eyes in train and val; names tell no patients. */
function eyes(): Files {
  const set = syntheticFundus({ count: 24, size: 96, seed: 5 }), files: Files = {};
  for (let i = 0; i < set.count; i++) {
    const bytes = encodePng({ ...imageAt(set, i), channels: 3 });
    files[`${i % 4 === 3 ? "val" : "train"}/${set.labels[i] > 0 ? "ill" : "well"}/${i}.png`] =
      bytes;
  }
  return files;
}

Deno.test("qsight data check exits 0 on clean data and shows counts, sizes and statistics", () =>
  withFiles(eyes(), async (cwd) => {
    const { code, stdout, stderr } = await qsight(["data", "check", "."], { cwd });
    assert.equal(code, 0, stderr + stdout);
    assert.match(stdout, /24 images of 2 classes, compared at 64 x 64/);
    assert.match(stdout, /Sizes in the files: 96 x 96 \(24\)/);
    assert.match(stdout, /^split +images +patients +ill +well +mean RGB/m);
    assert.match(stdout, /^train +18 +unknown/m);
    assert.match(stdout, /at most 24 of 256 bits/);
  }));

Deno.test("qsight data check exits 2 on a copy in val that was resized and compressed", async () => {
  const files = eyes(), name = Object.keys(files).find((name) => name.startsWith("train/ill"))!;
  const jpeg = await sharp(files[name] as Uint8Array).resize(80).jpeg({ quality: 60 }).toBuffer();
  await withFiles({ ...files, "val/ill/copy.jpg": new Uint8Array(jpeg) }, async (cwd) => {
    const { code, stdout } = await qsight(["data", "check", ".", "--output", "out"], { cwd });
    assert.equal(code, 2, stdout);
    assert.match(stdout, /LEAKAGE {2}near_across: .*1 pair of train and val/);
    assert.match(stdout, new RegExp(`${name} \\(train\\) = val/ill/copy\\.jpg \\(val\\)`));
    for (const file of ["class_counts", "brightness", "duplicates"]) {
      const saved = JSON.parse(await Deno.readTextFile(join(cwd, `out/${file}.json`)));
      const svg = await Deno.readTextFile(join(cwd, `out/${file}.svg`));
      assert.equal(plotFromData(saved.name, saved.data).svg, svg, file);
      assert.ok((await Deno.stat(join(cwd, `out/${file}.png`))).size > 1000);
    }
    const strict = await qsight(["data", "check", ".", "--distance", "0"], { cwd });
    assert.equal(strict.code, 0);
  });
});

Deno.test("qsight data check exits 2 on a patient in both splits, 1 on an unreadable file", async () => {
  const named: Files = {};
  for (const [path, bytes] of Object.entries(eyes())) {
    const [, split, grade, n] = /(\w+)\/(\w+)\/(\d+)\.png/.exec(path)!;
    // The left eye of 2 is in train, its right one in val.
    named[`${split}/${grade}/${Number(n) >> 1}_${Number(n) % 2 ? "right" : "left"}.png`] = bytes;
  }
  await withFiles(named, async (cwd) => {
    const { code, stdout } = await qsight(["data", "check", ".", "--json"], { cwd });
    const { schema, findings, leakage } = JSON.parse(stdout);
    assert.deepEqual([code, schema, leakage], [2, "qsight.data/1", true]);
    assert.deepEqual([findings[0].code, findings[0].count], ["patient_across", 6]);
  });
  await withFiles({ ...eyes(), "train/ill/cut.png": png(3, 64).subarray(0, 90) }, async (cwd) => {
    const { code, stdout } = await qsight(["data", "check", "."], { cwd });
    assert.equal(code, 1, stdout);
    assert.match(
      stdout,
      /error {2}unreadable: 1 image files cannot be read\n +e\.g\. train\/ill\/cut/,
    );
  });
});

Deno.test("qsight data check takes columns, and the splits of a file", async () => {
  const set = syntheticFundus({ count: 12, size: 32, seed: 5 }), files: Files = {};
  const rows = Array.from(set.labels, (label, i) => {
    files[`${i}.png`] = encodePng({ ...imageAt(set, i), channels: 3 });
    return `${i}.png,${label > 0 ? 1 : 0},${i >> 1}`;
  });
  files["t.csv"] = ["pic,ill,who", ...rows].join("\n");
  const columns = { image: "pic", label: "ill", patient: "who" };
  const flags = Object.entries(columns).flatMap(([name, value]) => [`--${name}-column`, value]);
  await withFiles(files, async (cwd) => {
    const clean = await qsight(["data", "check", ".", ...flags], { cwd });
    assert.equal(clean.code, 0, clean.stdout + clean.stderr);
    const data = await loadData(cwd, { columns }), saved = splitOf(data);
    const [first, ...others] = saved.train.ids, [label, ...labels] = saved.train.labels;
    const torn = {
      ...{ ...saved, fingerprint: "", size: [1, 1] },
      train: { ids: others, labels },
      val: { ids: [...saved.val.ids, first], labels: [...saved.val.labels, label] },
    };
    await saveSplit(join(cwd, "split.json"), data);
    const kept = await qsight(["data", "check", ".", ...flags, "--split", "split.json"], { cwd });
    assert.equal(kept.code, 0, kept.stdout);
    await Deno.writeTextFile(join(cwd, "torn.json"), JSON.stringify(torn));
    const both = await qsight(["data", "check", ".", ...flags, "--split", "torn.json"], { cwd });
    assert.equal(both.code, 2, both.stdout);
    assert.match(both.stdout, /patient_across: 1 patients/);
  });
});

Deno.test("qsight data check: data that cannot be loaded are an error, exit 1", () =>
  withFiles({ "a.npz": "no archive" }, async (cwd) => {
    const text = await qsight(["data", "check", "a.npz"], { cwd });
    assert.deepEqual([text.code, text.stdout], [1, ""]);
    assert.match(text.stderr, /found no ZIP archive but "no archive"/);
    const { code, stdout } = await qsight(["data", "check", "a.npz", "--json"], { cwd });
    assert.deepEqual([code, JSON.parse(stdout).findings[0].code], [1, "unusable"]);
  }));

Deno.test("qsight data exits 4 for what it does not know", async () => {
  for (
    const [args, words] of [
      [["data"], /say what to do: list, check, fetch/],
      [["data", "chek"], /Did you mean "check"/],
      [["data", "check"], /found 0 specs, wanted one/],
      [["data", "check", "a", "b"], /found 2 specs/],
      [["data", "check", "synthetic", "--distance", "300"], /from 0 to 256/],
      [["data", "check", "synthetic", "--distanze", "3"], /Did you mean "--distance"/],
      [["data", "check", "synthetic", "--image-size", "8"], /from 16 to 1024/],
    ] as const
  ) {
    const { code, stderr } = await qsight(args);
    assert.equal(code, 4, args.join(" "));
    assert.match(stderr, words);
  }
});
