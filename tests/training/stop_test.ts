import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSplits } from "../../src/data/image_set.ts";
import type { HybridModel } from "../../src/model/hybrid_model.ts";
import { openRun } from "../../src/runs/open_run.ts";
import type { Run } from "../../src/runs/run.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { loadCheckpoint } from "../../src/training/checkpoint.ts";
import type { FitOptions } from "../../src/training/fit_options.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { finishTraining } from "../../src/training/finish_training.ts";
import { fit } from "../../src/training/fit.ts";
import { startFit } from "../../src/training/start_fit.ts";
import type { Progress } from "../../src/training/progress.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { stopInKernel } from "./_kernel_stops.ts";
import { HEADS, ROWS, smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

async function withRun(
  body: (given: { root: string; run: Run; data: DataSplits; model: HybridModel }) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), "qsight-stop-"));
  try {
    const { model, data } = await smallTask();
    const run = await openRun({ root, seed: 0, config: {} });
    await body({ root, run, data, model });
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Nine epochs of a stage, in which something happens after a batch. */
function longFit(
  { run, after, then }: { run: Run; after: number; then: () => void },
): { options: FitOptions; seen: () => number } {
  let batches = 0;
  const progress = () => {
    if (++batches === after) then();
  };
  const stages = stagesNamed(["classical"], 9);
  return { options: { stages, batchSize: 8, run, progress }, seen: () => batches };
}

testOrSkip(
  "fit() ends within the batch in which SIGINT comes, with a whole checkpoint and no listener left",
  Deno.build.os === "windows" ? "Windows has no SIGINT to send" : undefined,
  async () => {
    const root = await mkdtemp(join(tmpdir(), "qsight-stop-"));
    try {
      const script = fileURLToPath(new URL("./_interrupted_process.ts", import.meta.url));
      const args = ["run", "-A", "--no-check", script, root];
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      const said = new TextDecoder().decode(stdout);
      assert.ok(said.startsWith("{"), new TextDecoder().decode(stderr));
      const { batches, ...found } = JSON.parse(said);
      assert.deepEqual(found, { by: "interrupt", listeners: 0, whole: true });
      // A signal is told in a turn of the event loop: the batch after may still be trained.
      assert.ok(batches <= 4, `${batches} batches`);
    } finally {
      await rm(root, { recursive: true });
    }
  },
);

Deno.test("fit() ends after the batch in which the stop file appears", () =>
  withRun(async ({ root, run, model, data }) => {
    const stopFile = join(root, "stop");
    const then = () => writeFileSync(stopFile, "");
    const { options, seen } = longFit({ run, after: 4, then });
    const { stopped, history, validation } = await fit(model, data, { ...options, stopFile });
    assert.deepEqual(stopped, { by: "stop_file", stage: "classical", epoch: 1, step: 1 });
    assert.equal(seen(), 4);
    assert.ok(history.every(({ epoch }) => epoch === 1));
    assert.equal(validation.heads.ensemble!.length, data.val.count * data.classes.length);
    const fresh = smallModel(data);
    await loadCheckpoint(fresh, join(run.folder, "checkpoints/classical/last"));
    assert.deepEqual(tensorsOf(fresh), tensorsOf(model));
  }));

Deno.test("fit() refuses a stop file that is there before it begins", () =>
  withRun(async ({ root, model, data, run }) => {
    const stopFile = join(root, "stop");
    writeFileSync(stopFile, "");
    const { options } = longFit({ run, after: 1, then: () => {} });
    await assert.rejects(
      fit(model, data, { ...options, stopFile }),
      /is there already and would end the training at once; delete it/,
    );
  }));

Deno.test("startFit() returns at once, stop() ends the training, done says where", () =>
  withRun(async ({ model, data, run }) => {
    const { seen, options } = longFit({ run, after: 4, then: () => training.stop() });
    const training = startFit(model, data, options);
    assert.equal(seen(), 0);
    const { stopped } = await training.done;
    assert.deepEqual(stopped, { by: "handle", stage: "classical", epoch: 1, step: 1 });
    training.stop();
  }));

Deno.test("finishTraining() says of a training that was stopped that it was interrupted", () =>
  withRun(async ({ model, data, run }) => {
    const { options } = longFit({ run, after: 4, then: () => training.stop() });
    const training = startFit(model, data, options);
    const result = await training.done;
    const { report } = await openTensors({ prefer: "wasm" });
    const { status } = await finishTraining(run, { model, data, result, backend: report });
    assert.equal(status, "interrupted");
  }));

Deno.test("startFit() keeps an error for whoever awaits done", async () => {
  const { model, data } = await smallTask();
  const { done } = startFit(model, data, { stages: [] });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await assert.rejects(done, /stages must be what defineStages/);
});

Deno.test("fit() with a signal that has fired trains nothing", () =>
  withRun(async ({ model, data, run }) => {
    const before = tensorsOf(model);
    const { seen, options } = longFit({ run, after: 99, then: () => {} });
    await assert.rejects(fit(model, data, { ...options, signal: AbortSignal.abort() }), {
      name: "AbortError",
    });
    assert.equal(seen(), 0);
    assert.deepEqual(tensorsOf(model), before);
  }));

Deno.test("fit() stopped during validation goes on with the validation, not with the epoch", () =>
  withRun(async ({ root, model, data, run }) => {
    const stages = defineStages([{ ...ROWS[0], epochs: 2, valBatchSize: 2 }], { heads: HEADS });
    const options = { stages, batchSize: 8, progress: false } as const;
    const wanted = await fit(smallModel(data), data, options);
    const controller = new AbortController();
    // The turn of the event loop after the next is one of the validation.
    const progress = ({ step, steps }: Progress) => {
      if (step === steps) setTimeout(() => setTimeout(() => controller.abort(), 0), 0);
    };
    await assert.rejects(
      fit(model, data, { ...options, run, progress, signal: controller.signal }),
      { name: "AbortError" },
    );
    const path = join(run.folder, "checkpoints/classical/last/training.json");
    const { epoch, step, history } = JSON.parse(await readFile(path, "utf8"));
    assert.deepEqual({ epoch, step, rows: history.length }, { epoch: 0, step: 3, rows: 0 });
    const again = await openRun({ root, seed: 0, config: {}, reopen: run.id });
    const resume = { ...options, run: again, onExisting: "resume" } as const;
    assert.deepEqual((await fit(smallModel(data), data, resume)).history, wanted.history);
  }));

testOrSkip(
  "fit() in a Deno kernel ends when the cell is interrupted: state kept, next cell works",
  Deno.build.os === "windows" ? "Windows has no SIGINT to send" : undefined,
  // The soak test stops a hundred times.
  async () => void await stopInKernel({ stops: 1, seed: 1 }),
);
