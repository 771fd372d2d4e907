import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { imageAt } from "../../src/data/image_at.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";
import { encodePng } from "../../src/images/encode_png.ts";
import { calibrateModel } from "../../src/model/calibrate_model.ts";
import { saveHybridModel } from "../../src/model/hybrid_files.ts";
import { hybridModel, setActiveHeads } from "../../src/model/hybrid_model.ts";
import { predict } from "../../src/model/predict.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { inFolder, qsight } from "./_call.ts";

const SET = syntheticFundus({ count: 20, size: 16, seed: 4 });

/** A model in `cwd/run/model`, and images 0.png … 19.png beside it. */
async function trained(cwd: string, { calibrated = true } = {}) {
  await openTensors({ prefer: "wasm" });
  const plain = hybridModel({ classes: SET.classes, imageSize: 16, filters: [4, 4], wires: 2 });
  setActiveHeads(plain, ["classical_a", "quantum"]);
  const model = calibrated ? calibrateModel(plain, { ensemble: 2 }) : plain;
  await saveHybridModel(model, join(cwd, "run", "model"), { synthetic: calibrated });
  for (let i = 0; i < SET.count; i++) {
    await writeFile(join(cwd, `${i}.png`), encodePng({ ...imageAt(SET, i), channels: 3 }));
  }
  return model;
}

Deno.test("qsight predict --json answers as predict() does, for more images than are held at once", async () => {
  await inFolder(async (cwd) => {
    const model = await trained(cwd);
    const names = [...Array(SET.count).keys()].map((i) => `${i}.png`);
    const { code, stdout, stderr } = await qsight(
      ["predict", "--model", "run", ...names, "--json"],
      { cwd },
    );
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual(
      [report.schema, report.synthetic, report.calibrated, report.model, report.errors],
      ["qsight.predict/1", true, true, "run/model", []],
    );
    const wanted = await predict(model, names.map((_, i) => imageAt(SET, i)));
    assert.equal(report.predictions.length, wanted.length);
    for (const [i, { label, probabilities, uncertainty, fusionWeights }] of wanted.entries()) {
      const got = report.predictions[i];
      assert.deepEqual([got.image, got.label], [names[i], label]);
      assert.ok(Math.abs(got.probability - Math.max(...probabilities)) < 1e-5);
      assert.deepEqual(Object.keys(got.probabilities), SET.classes);
      assert.equal(got.heads.classical_b, null);
      assert.equal(got.fusionWeights.classical_b, null);
      assert.ok(Math.abs(got.fusionWeights.quantum - fusionWeights.quantum!) < 1e-5);
      assert.ok(Math.abs(got.uncertainty.ensemble - uncertainty.ensemble!) < 1e-4);
      assert.ok(got.latency.quantum >= 0);
      assert.equal(got.latency.classical_b, null);
    }
  });
});

Deno.test("qsight predict takes the newest run of trained_model, and says what the answers are worth", async () => {
  await inFolder(async (cwd) => {
    const root = join(cwd, "trained_model");
    await mkdir(root);
    await trained(root);
    await writeFile(join(root, "latest"), "run\n");
    const { code, stdout } = await qsight(["predict", "trained_model/3.png"], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^Model trained_model\/run\/model, probabilities calibrated$/m);
    assert.match(stdout, /^Trained on synthetic images: no answer says anything of a patient$/m);
    assert.match(stdout, /^trained_model\/3\.png: \w+, probability 0\.\d{3}$/m);
    assert.match(stdout, /^ {2}classical_b {2}does not vote$/m);
    assert.match(stdout, /^ {2}quantum {6}0\.\d{3} +\d\.\d{3} +0\.\d{3}/m);
    await trained(root, { calibrated: false });
    const other = await qsight(["predict", "trained_model/3.png"], { cwd });
    assert.match(other.stdout, /probabilities not calibrated/);
    assert.doesNotMatch(other.stdout, /synthetic/);
  });
});

Deno.test("qsight predict --explain says where the evidence lies, and whether that is true", async () => {
  await inFolder(async (cwd) => {
    await trained(cwd);
    const names = [3, 7, 8, 9, 12].map((i) => `${i}.png`);
    const args = ["predict", "--model", "run", ...names, "--explain", "--output", "why"];
    const { code, stdout, stderr } = await qsight(args, { cwd });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /Grad-CAM of the fused answer, layer encoder_relu2, gradient by backpropagation and adjoint/,
    );
    for (const name of names) {
      assert.match(stdout, new RegExp(`^  ${name} +(most evidence in the|no map)`, "m"));
    }
    assert.match(stdout, /^gradcam +\d\/5 .*(trustworthy|doubtful|undecided)$/m);
    assert.match(stdout, /^gradcam: (trustworthy|doubtful|undecided)$/m);
    const data = JSON.parse(await readFile(join(cwd, "why/explanation.json"), "utf8"));
    assert.equal(data.check.methods[0].method, "gradcam");
    assert.deepEqual(
      data.figure.entries.map(({ id }: { id: string }) => id).sort(),
      names.toSorted(),
    );
    const svg = await readFile(join(cwd, "why/explanation.svg"), "utf8");
    assert.match(svg, new RegExp(data.check.methods[0].verdict));
    assert.equal(
      (await readFile(join(cwd, "why/explanation.png"))).subarray(1, 4).toString(),
      "PNG",
    );
    const json = await qsight(["predict", "--model", "run", ...names, "--explain", "--json"], {
      cwd,
    });
    const report = JSON.parse(json.stdout);
    assert.deepEqual(report.explanationCheck, data.check);
    const [first] = report.predictions;
    assert.deepEqual(
      [first.explanation.method, first.explanation.head, first.explanation.target],
      ["gradcam", "ensemble", first.class],
    );
    const plain = await qsight(["predict", "--model", "run", "3.png", "--json"], { cwd });
    assert.equal("explanationCheck" in JSON.parse(plain.stdout), false);
  });
});

Deno.test("qsight predict --output needs --explain, and a folder that can be written", async () => {
  await inFolder(async (cwd) => {
    await trained(cwd);
    const without = await qsight(["predict", "--model", "run", "1.png", "--output", "x"], { cwd });
    assert.deepEqual([without.code, /add --explain/.test(without.stderr)], [4, true]);
    const args = ["predict", "--model", "run", "1.png", "--explain", "--output", "1.png"];
    const file = await qsight(args, { cwd });
    assert.equal(file.code, 4);
    assert.match(file.stderr, /--output .*1\.png cannot be written: .*is a file/);
  });
});

Deno.test("qsight predict names images that are none, answers for the others and exits 1", async () => {
  await inFolder(async (cwd) => {
    await trained(cwd);
    await writeFile(join(cwd, "text.png"), "no picture");
    const images = ["nowhere.png", "1.png", "text.png", "run"];
    const { code, stdout, stderr } = await qsight(["predict", "--model", "run/model", ...images], {
      cwd,
    });
    assert.equal(code, 1);
    assert.match(stderr, /^nowhere\.png: found no such file/m);
    assert.match(stderr, /^text\.png: .*text\.png/m);
    assert.match(stderr, /^run: is a folder; name its images, as in run\/\*\.png$/m);
    assert.equal(stderr.trim().split("\n").length, 3);
    assert.match(stdout, /^1\.png: /m);
    assert.doesNotMatch(stdout, /text\.png/);
  });
});

Deno.test("qsight predict names unusable arguments and exits 4", async () => {
  await inFolder(async (cwd) => {
    await writeFile(join(cwd, "file"), "");
    await mkdir(join(cwd, "empty"));
    for (
      const [args, message] of [
        [[], /found no image/],
        [["--model", "nowhere", "a.png"], /--model nowhere found no such folder/],
        [["--model", "file", "a.png"], /--model file is a file/],
        [["--model", "empty", "a.png"], /--model empty has no model_info\.json/],
        [["--modl", "x", "a.png"], /unknown option "--modl".*"--model"/],
      ] as const
    ) {
      const { code, stderr } = await qsight(["predict", ...args], { cwd });
      assert.equal(code, 4, stderr);
      assert.match(stderr, message);
    }
  });
});

Deno.test("qsight predict answers with the released model where nothing was trained, and says which", async () => {
  await inFolder(async (cwd) => {
    const pixels = new Uint8Array(40 * 30 * 3).fill(120);
    await writeFile(
      join(cwd, "eye.png"),
      await encodePng({ width: 40, height: 30, channels: 3, data: pixels }),
    );
    const { code, stdout, stderr } = await qsight(["predict", "eye.png"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Model retinamnist-hybrid \(given out .*, not for clinical use\)/m);
    assert.match(stdout, /^eye\.png: \S+, probability 0\.\d{3}$/m);
    const missing = await qsight(["predict", "nowhere.png"], { cwd });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nowhere\.png: found no such file/);
  });
});

Deno.test("the released model is whole: its files are those of its manifest, and small", async () => {
  const folder = fileURLToPath(new URL("../../trained_model/retinamnist-hybrid/", import.meta.url));
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  assert.deepEqual([manifest.kind, manifest.id, manifest.synthetic], [
    "model",
    "retinamnist-hybrid",
    false,
  ]);
  let bytes = 0;
  for (const { path, sha256 } of manifest.files) {
    const file = await readFile(join(folder, path));
    bytes += file.length;
    assert.equal(createHash("sha256").update(file).digest("hex"), sha256, path);
  }
  assert.ok(bytes < 5e6, `${bytes} bytes`);
  const card = await readFile(join(folder, "README.md"), "utf8");
  for (
    const part of [
      /Not for clinical use/,
      /CC BY 4\.0/,
      /10\.1038\/s41597-022-01721-8/,
      /## Limits/,
    ]
  ) {
    assert.match(card, part);
  }
});
