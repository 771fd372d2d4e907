// What a training leaves besides its weights: figures that are their data, and tables in three formats.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageAt } from "../../src/data/image_at.ts";
import { predict } from "../../src/model/predict.ts";
import { plotFromData } from "../../src/plots/plot_from_data.ts";
import { openRun } from "../../src/runs/open_run.ts";
import type { Run } from "../../src/runs/run.ts";
import { fromParquet } from "../../src/tables/parquet.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { finishTraining } from "../../src/training/finish_training.ts";
import { fit } from "../../src/training/fit.ts";
import { fusionWeights } from "../../src/training/fusion_weights.ts";
import { readEpochTables } from "../../src/training/read_epoch_tables.ts";
import { saveFigures } from "../../src/training/save_figures.ts";
import { smallTask, stagesNamed } from "./_small.ts";

async function inFolder(body: (run: Run, root: string) => Promise<void>) {
  const root = await mkdtemp(join(tmpdir(), "qsight-run-figures-"));
  try {
    await body(await openRun({ root, seed: 0, config: {}, synthetic: true }), root);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Two stages, of two heads and of one, with everything that a run leaves. */
async function trained(run: Run) {
  const { model, data } = await smallTask();
  const result = await fit(model, data, {
    stages: stagesNamed(["classical", "quantum"]),
    run,
    callbacks: [saveFigures({ run, val: data.val, perClass: 1, checkExplanations: false })],
    progress: false,
  });
  const { report } = await openTensors({ prefer: "wasm" });
  let time = 0;
  const now = () => time += 2;
  const manifest = await finishTraining(run, { model, data, result, backend: report, now });
  return { model, data, result, manifest };
}

const json = async (run: Run, path: string) =>
  JSON.parse(await readFile(join(run.folder, path), "utf8"));
const names = async (run: Run, path: string) => await readdir(join(run.folder, path));

Deno.test("a run leaves its figures and tables, and each figure is drawn again from its file", async () => {
  await inFolder(async (run) => {
    const { data, result } = await trained(run);
    const stage = await names(run, "reports/visualizations/classical/epoch_01");
    for (
      const figure of [
        "roc_ensemble",
        "precision_recall_ensemble",
        "confidence_distributions_ensemble",
      ]
    ) {
      for (const ending of ["svg", "png", "json"]) {
        assert.ok(stage.includes(`${figure}.${ending}`), figure);
      }
    }
    assert.ok(stage.includes("head_agreement.svg") && stage.includes("fusion_weights.svg"));
    const alone = await names(run, "reports/visualizations/quantum/epoch_01");
    assert.ok(alone.includes("roc_ensemble.svg") && !alone.includes("head_agreement.svg"));
    const reports = [
      ...await names(run, "reports"),
      ...(await names(run, "reports/timings")).map((name) => `timings/${name}`),
    ];
    for (
      const figure of [
        "history",
        "architecture",
        "circuit",
        "class_trends",
        "class_trends_confidence",
        "collapse_events",
        "timings/latency",
      ]
    ) assert.ok(reports.includes(`${figure}.svg`), figure);
    // The last stage has the quantum head alone.
    assert.deepEqual(
      (await names(run, "reports/heads")).filter((name) => name.endsWith(".svg")).sort(),
      [
        "confidence_distributions_quantum.svg",
        "precision_recall_quantum.svg",
        "roc_quantum.svg",
      ],
    );
    await drawnAgain(run);
    await tablesHold(run, data.classes.length, result.history.length);
  });
});

async function drawnAgain(run: Run): Promise<void> {
  const files = await readdir(run.folder, { recursive: true });
  let count = 0;
  for (const path of files.filter((file) => file.endsWith(".json"))) {
    const saved = await json(run, path);
    if (saved.schema !== "qsight.figure/1") continue;
    const svg = await readFile(join(run.folder, path.replace(/json$/, "svg")), "utf8");
    assert.equal(plotFromData(saved.name, saved.data).svg, svg, path);
    count++;
  }
  assert.ok(count > 25, String(count));
}

/** One row for each stage, epoch, head and class, the same in all formats. */
async function tablesHold(run: Run, classes: number, historyRows: number): Promise<void> {
  // 2 heads and the ensemble, then 1 and the ensemble.
  const wanted = (3 + 2) * classes;
  for (const table of ["confidence_history", "class_metrics"]) {
    const { rows, schema, columns, parquetReason } = await json(
      run,
      `reports/tables/${table}.json`,
    );
    assert.deepEqual([schema, parquetReason], ["qsight.table/1", null]);
    assert.deepEqual(columns.slice(0, 3).map(({ name }: { name: string }) => name), [
      "stage",
      "epoch",
      "head",
    ]);
    const keys = rows.map(({ stage, epoch, head, class: c }: Record<string, unknown>) =>
      JSON.stringify([stage, epoch, head, c])
    );
    assert.equal(new Set(keys).size, wanted);
    assert.equal(rows.length, wanted);
    const parquet = await readFile(join(run.folder, `reports/tables/${table}.parquet`));
    assert.deepEqual(await fromParquet(parquet), rows);
    const csv = await readFile(join(run.folder, `reports/tables/${table}.csv`), "utf8");
    assert.equal(csv.trimEnd().split("\r\n").length, wanted + 1);
    assert.match(csv, /^stage,epoch,head,class,label,/);
  }
  const history = await json(run, "reports/tables/head_history.json");
  assert.equal(history.rows.length, historyRows);
  const { rows: bins } = await json(run, "reports/tables/calibration.json");
  assert.equal(bins.length, 2 * 10);
  const parts = await fromParquet(
    await readFile(join(run.folder, "reports/timings/latency.parquet")),
  );
  assert.ok(
    parts.some(({ part, milliseconds }) => part === "classical_a" && milliseconds === null),
  );
  assert.ok(
    parts.some(({ part, milliseconds }) => part === "quantum" && milliseconds === 2),
  );
}

Deno.test("the shares of a saved confusion matrix sum to 1 in each row, or are all null", async () => {
  await inFolder(async (run) => {
    await trained(run);
    const { data } = await json(
      run,
      "reports/visualizations/classical/epoch_01/confusion_matrix_ensemble.json",
    );
    let absent = 0;
    data.normalized.forEach((row: (number | null)[], t: number) => {
      if (data.counts[t].every((count: number) => count === 0)) {
        absent++;
        return assert.ok(row.every((share) => share === null));
      }
      assert.ok(Math.abs(row.reduce<number>((sum, share) => sum + (share ?? NaN), 0) - 1) < 1e-9);
    });
    assert.ok(absent < data.counts.length);
  });
});

Deno.test("a head that answers NaN is flagged and costs no figure of the epoch", async () => {
  await inFolder(async (run) => {
    const { model, data } = await smallTask();
    const [stage] = stagesNamed(["ensemble"]);
    const validation = await evaluate(model, data.val);
    validation.heads.quantum![0] = NaN;
    const state = { model, stage, stageIndex: 0, epoch: 1 };
    const logs = { rows: [], validation, seconds: 0 };
    const callback = saveFigures({ run, val: data.val, perClass: 1, checkExplanations: false });
    await callback.onEpochEnd?.(state, logs);
    await callback.onStageEnd?.(state, logs);
    const folder = "reports/visualizations/ensemble/epoch_01";
    const { rows } = (await json(run, `${folder}/confidence_table.json`)).data;
    const flagged = rows.filter(({ flag }: { flag: string | null }) => flag !== null);
    assert.deepEqual(flagged.map(({ head, invalid }: Record<string, unknown>) => [head, invalid]), [
      ["quantum", 1],
    ]);
    const metrics = (await json(run, `${folder}/class_metrics.json`)).rows;
    const missing = metrics.reduce((sum: number, row: { invalid: number }) => sum + row.invalid, 0);
    assert.equal(missing, 1);
    const matrix = (await json(run, `${folder}/confusion_matrix_quantum.json`)).data.counts.flat();
    assert.equal(matrix.reduce((a: number, b: number) => a + b), data.val.count - 1);
    const { agreement } = (await json(run, `${folder}/head_agreement.json`)).data;
    assert.deepEqual([agreement.count, agreement.invalid], [data.val.count - 1, 1]);
  });
});

Deno.test("fusionWeights() are those of predict(), and sum to 1", async () => {
  const { model, data } = await smallTask();
  const { tf } = await openTensors({ prefer: "wasm" });
  const before = tf.memory().numTensors;
  const { heads, weights, yTrue } = await fusionWeights(model, data.val);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(Array.from(yTrue), Array.from(data.val.labels));
  const images = Array.from({ length: data.val.count }, (_, i) => imageAt(data.val, i));
  (await predict(model, images)).forEach(({ fusionWeights: wanted }, row) => {
    const own = weights.slice(row * heads.length, (row + 1) * heads.length);
    heads.forEach((head, h) => assert.ok(Math.abs(own[h] - wanted[head]!) < 1e-5));
    assert.ok(Math.abs(own.reduce((a, b) => a + b) - 1) < 1e-5);
  });
});

Deno.test("readEpochTables() goes by the history and passes over what is not of it, or torn", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-tables-"));
  try {
    const write = async (place: string, stage: string, epoch: number, torn = false) => {
      const path = join(folder, "reports/visualizations", place);
      await mkdir(path, { recursive: true });
      const row = { stage, epoch, head: "a", label: "x" };
      await writeFile(
        join(path, "class_metrics.json"),
        torn ? "{" : JSON.stringify({ rows: [row] }),
      );
      const figure = { data: { rows: [{ head: "a", label: "x", recall: 1 }] } };
      await writeFile(join(path, "confidence_table.json"), JSON.stringify(figure));
    };
    await write("b/epoch_01", "stage b", 1);
    await write("a/epoch_02", "stage a", 2);
    await write("a/epoch_10", "stage a", 10);
    await write("a/epoch_01", "stage a", 1, true);
    await write("old/epoch_01", "other", 1);
    const rows = [["stage a", 1], ["stage a", 2], ["stage a", 10], ["stage b", 1]].map((
      [stage, epoch],
    ) => ({ stage, epoch }));
    const { classMetrics, confidence } = await readEpochTables(folder, rows as never);
    const places = [["stage a", 2], ["stage a", 10], ["stage b", 1]];
    assert.deepEqual(classMetrics.map(({ stage, epoch }) => [stage, epoch]), places);
    assert.deepEqual(confidence.map(({ stage, epoch }) => [stage, epoch]), places);
    assert.deepEqual(await readEpochTables(join(folder, "none"), []), {
      classMetrics: [],
      confidence: [],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
