import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { decode } from "fast-png";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { loadHybridModel } from "../../src/model/hybrid_files.ts";
import { openRun } from "../../src/runs/open_run.ts";
import type { Run } from "../../src/runs/run.ts";
import { verifyRun } from "../../src/runs/verify_run.ts";
import type { TrainingCallback } from "../../src/training/callback.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { finishTraining } from "../../src/training/finish_training.ts";
import { fit } from "../../src/training/fit.ts";
import { saveFigures } from "../../src/training/save_figures.ts";
import { smallTask, stagesNamed } from "./_small.ts";

/** Trains one stage with figures and a listener behind them. */
async function withFigures(
  body: (found: {
    run: Run;
    heard: string[][];
    task: Awaited<ReturnType<typeof smallTask>>;
    result: Awaited<ReturnType<typeof fit>>;
  }) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), "qsight-figures-"));
  try {
    const task = await smallTask();
    const run = await openRun({ root, seed: 0, config: {}, synthetic: task.data.synthetic });
    const heard: string[][] = [];
    const listener: TrainingCallback = {
      onEpochEnd: async () => void heard.push(await files(join(run.folder, EPOCH))),
    };
    const result = await fit(task.model, task.data, {
      stages: stagesNamed(["classical"]),
      run,
      callbacks: [saveFigures({ run, val: task.data.val, perClass: 1 }), listener],
      progress: false,
    });
    await body({ run, heard, task, result });
  } finally {
    await rm(root, { recursive: true });
  }
}

const EPOCH = "reports/visualizations/classical/epoch_01";

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
}

Deno.test("saveFigures() writes matrices, reliability and confidence of active heads, without any tracker", async () => {
  await withFigures(async ({ run, heard }) => {
    const pictures = ["classical_a", "classical_b", "ensemble"].flatMap((head) =>
      ["confusion_matrix", "reliability"].map((what) => `${what}_${head}`)
    );
    const wanted = [...pictures, "confidence_table"].flatMap((stem) =>
      ["json", "png", "svg"].map((ending) => `${stem}.${ending}`)
    );
    const tables = ["class_metrics.json", "confidence_table", "class_metrics"].flatMap((stem) =>
      stem.includes(".") ? [stem] : [`${stem}.csv`, `${stem}.parquet`]
    );
    assert.deepEqual(heard, [[...wanted, ...tables].sort()]);
    const { data, synthetic } = JSON.parse(
      await readFile(join(run.folder, EPOCH, "confusion_matrix_ensemble.json"), "utf8"),
    );
    assert.equal(synthetic, true);
    assert.ok(data);
  });
});

Deno.test("drawn images are called so on every kind of file that a run leaves", async () => {
  await withFigures(async ({ run, task, result }) => {
    const { model, data } = task;
    const { report } = await openTensors({ prefer: "wasm" });
    await finishTraining(run, { model, data, result, backend: report });
    const text = async (path: string) => await readFile(join(run.folder, path), "latin1");
    const json = async (path: string) => JSON.parse(await text(path)).synthetic;
    for (
      const path of [
        "manifest.json",
        "model/model_info.json",
        "checkpoints/classical/last/checkpoint.json",
        `${EPOCH}/confidence_table.json`,
        `${EPOCH}/gradcam/manifest.json`,
        "reports/history.json",
      ]
    ) assert.equal(await json(path), true, path);
    for (const line of (await text("metrics.jsonl")).trim().split("\n")) {
      assert.equal(JSON.parse(line).synthetic, true);
    }
    const figures = [
      "confusion_matrix_ensemble",
      "reliability_ensemble",
      "confidence_table",
      "gradcam/panel",
    ];
    for (const figure of figures) {
      assert.match(await text(`${EPOCH}/${figure}.svg`), /synthetic images/, figure);
    }
    assert.match(await text("reports/history.svg"), /synthetic images/);
    assert.match(await text(`${EPOCH}/gradcam/01_original.png`), /synthetic image/);
    assert.match(await text(`${EPOCH}/confidence_table.csv`), /,synthetic\r\n.*,true\r\n/);
  });
});

Deno.test("saveFigures() writes a Grad-CAM panel with each original, overlay and the reason of each pick", async () => {
  await withFigures(async ({ run, task }) => {
    const folder = join(run.folder, EPOCH, "gradcam");
    const { images, missingClasses, check, picks } = JSON.parse(
      await readFile(join(folder, "manifest.json"), "utf8"),
    );
    const [{ method, verdict, reasons }] = check.methods;
    assert.equal(method, "gradcam");
    const panel = await readFile(join(folder, "panel.svg"), "utf8");
    assert.ok(panel.includes(verdict) && reasons.length > 0);
    assert.deepEqual(picks.schema, "qsight.picks/1");
    assert.ok(images.every(({ gradients }: { gradients: string[] }) => gradients.length > 0));
    const present = new Set(task.data.val.labels).size;
    assert.equal(images.length, present);
    assert.equal(missingClasses.length, task.data.classes.length - present);
    assert.equal(
      new Set(images.map((image: { trueClass: string }) => image.trueClass)).size,
      present,
    );
    for (const number of images.map((_: unknown, i: number) => String(i + 1).padStart(2, "0"))) {
      const [original, overlay] = await Promise.all(
        ["original", "overlay"].map((what) => readFile(join(folder, `${number}_${what}.png`))),
      );
      assert.notDeepEqual(decode(overlay).data, decode(original).data);
    }
    assert.ok(existsSync(join(folder, "panel.png")));
  });
});

Deno.test("finishTraining() tells the run's listener of the model's files too, the manifest last", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-listener-"));
  try {
    const { model, data } = await smallTask();
    const heard: string[] = [];
    const onSaved = ({ path }: { path: string }) => void heard.push(path);
    const run = await openRun({ root, seed: 0, config: {}, onSaved });
    const { report } = await openTensors({ prefer: "wasm" });
    const result = await fit(model, data, { stages: stagesNamed(["head_a"]), progress: false });
    await finishTraining(run, { model, data, result, backend: report });
    for (const path of ["model/model.json", "model/weights.bin", "model/model_info.json"]) {
      assert.ok(heard.includes(path), path);
    }
    assert.equal(heard.at(-1), "manifest.json");
  } finally {
    await rm(root, { recursive: true });
  }
});

Deno.test("finishTraining() leaves a run that verifies and a model that answers the same", async () => {
  await withFigures(async ({ run, task, result }) => {
    const { model, data } = task;
    const { report } = await openTensors({ prefer: "wasm" });
    const manifest = await finishTraining(run, { model, data, result, backend: report });
    assert.deepEqual(await verifyRun(run.folder), []);
    assert.equal(manifest.synthetic, true);
    const metrics = manifest.facts.metrics as Record<string, unknown>;
    assert.deepEqual(Object.keys(metrics).sort(), ["classical_a", "classical_b", "ensemble"]);
    const { accuracy } = metrics.ensemble as { accuracy: { interval: { samples: number } } };
    assert.equal(accuracy.interval.samples, 1000);
    const loaded = await loadHybridModel(join(run.folder, "model"));
    const [a, b] = [await evaluate(model, data.val), await evaluate(loaded, data.val)];
    assert.deepEqual(b.heads, a.heads);
    const card = await readFile(join(run.folder, "model/README.md"), "utf8");
    assert.match(card, /Not for clinical use/);
    assert.match(card, /drawn by a program/);
  });
});
