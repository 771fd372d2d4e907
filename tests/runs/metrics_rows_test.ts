import assert from "node:assert/strict";
import { openRun, readMetrics, readTimings, toHistory } from "../../src/runs/mod.ts";
import { appendLines } from "../../src/runs/json_lines.ts";
import { inRoot, smallRun } from "./_temporary_root.ts";

const row = (epoch: number, over = {}) => ({
  stage: "a",
  epoch,
  split: "val",
  head: "h",
  ...over,
});

Deno.test("readMetrics() passes over a last line that a killed process tore", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.appendMetrics([row(1), row(2)]);
    const path = `${run.folder}/metrics.jsonl`;
    const text = await Deno.readTextFile(path);
    for (const cut of [1, 10, 30]) {
      await Deno.writeTextFile(path, text.slice(0, -cut));
      assert.deepEqual((await readMetrics(run.folder)).map(({ epoch }) => epoch), [1]);
    }
  }));

Deno.test("appendMetrics() cuts a torn last line off instead of gluing to it", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.appendMetrics([row(1)]);
    const path = `${run.folder}/metrics.jsonl`;
    await Deno.writeTextFile(path, '{"stage":"a","ep', { append: true });
    await run.appendMetrics([row(3)]);
    assert.deepEqual((await readMetrics(run.folder)).map(({ epoch }) => epoch), [1, 3]);
    await Deno.writeTextFile(path, "no line end at all");
    await appendLines(path, ["{}"]);
    assert.equal(await Deno.readTextFile(path), "{}\n");
  }));

Deno.test("readMetrics() names a whole line that is not JSON", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await Deno.writeTextFile(
      `${run.folder}/metrics.jsonl`,
      '{"epoch":1}\n{"epoch":\n{"epoch":3}\n',
    );
    await assert.rejects(readMetrics(run.folder), /metrics\.jsonl line 2 is not JSON/);
  }));

Deno.test("readMetrics() and readTimings() give no rows before the first was written", () =>
  inRoot(async (root) => {
    const run = await openRun({ root, seed: 1, config: {} });
    assert.deepEqual(await readMetrics(run.folder), []);
    assert.deepEqual(await readTimings(run.folder), []);
  }));

Deno.test("appendTimings() keeps times apart from metrics", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.appendTimings([{ stage: "a", epoch: 1, seconds: 12.5 }]);
    assert.deepEqual(await readTimings(run.folder), [{ stage: "a", epoch: 1, seconds: 12.5 }]);
    assert.deepEqual(await readMetrics(run.folder), []);
  }));

Deno.test("toHistory() makes columns by stage, split, head and metric, with null for gaps", () => {
  const rows = [
    row(1, { loss: 0.5 }),
    row(1, { split: "train", loss: 0.6 }),
    row(2, { loss: 0.4, accuracy: 0.9 }),
    row(1, { stage: "b", head: "q", loss: null, nonFinite: "NaN" }),
  ];
  assert.deepEqual(toHistory(rows), {
    schema: "qsight.history/1",
    stages: {
      a: {
        epoch: [1, 2],
        "val.h.loss": [0.5, 0.4],
        "train.h.loss": [0.6, null],
        "val.h.accuracy": [null, 0.9],
      },
      b: { epoch: [1], "val.q.loss": [null] },
    },
  });
});

Deno.test("finish() writes history.json from the metrics", () =>
  inRoot(async (root) => {
    const run = await smallRun(root);
    await run.appendMetrics([row(1, { loss: 0.5 })]);
    await run.finish();
    const history = JSON.parse(await Deno.readTextFile(`${run.folder}/history.json`));
    assert.deepEqual(history.stages.a, { epoch: [1], "val.h.loss": [0.5] });
  }));
