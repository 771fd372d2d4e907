import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSplits } from "../../src/data/image_set.ts";
import { readMetrics } from "../../src/runs/metrics_rows.ts";
import type { Run } from "../../src/runs/run.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { TrainingCallback } from "../../src/training/callback.ts";
import { fit } from "../../src/training/fit.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { killTrainings } from "./_kill_training.ts";
import { eventfulFit, eventfulRun, lastingBytes } from "./_resume.ts";
import { smallModel, smallTask, stagesNamed } from "./_small.ts";

/** A folder, data, and the bytes of a training that nothing disturbed. */
async function withWhole(
  body: (given: {
    root: string;
    data: DataSplits;
    whole: Run;
    wanted: Record<string, string>;
  }) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), "qsight-resume-"));
  try {
    const { data } = await smallTask();
    const whole = await eventfulRun(root);
    await eventfulFit(data, { run: whole });
    await body({ root, data, whole, wanted: await lastingBytes(whole.folder) });
  } finally {
    await rm(root, { recursive: true });
  }
}

Deno.test("fit() stopped after any batch and resumed ends with the same bytes and the same result", () =>
  withWhole(async ({ root, data, wanted, whole }) => {
    const undisturbed = await eventfulFit(data, { run: whole });
    // In the middle of an accumulation, at the ends of epochs, in each stage, at the last batch.
    for (const batch of [1, 2, 3, 6, 8, 9, 11, 13, 17, 18, 21]) {
      const run = await eventfulRun(root);
      const controller = new AbortController();
      let batches = 0;
      const progress = () => {
        if (++batches === batch) controller.abort();
      };
      await assert.rejects(eventfulFit(data, { run, progress, signal: controller.signal }), {
        name: "AbortError",
      });
      assert.equal(batches, batch);
      const again = await eventfulRun(root, run.id);
      const result = await eventfulFit(data, { run: again });
      assert.deepEqual(await lastingBytes(run.folder), wanted, `batch ${batch}`);
      assert.equal(JSON.stringify(result.history), JSON.stringify(undisturbed.history));
      assert.deepEqual(result.validation, undisturbed.validation);
    }
  }));

Deno.test("fit() that broke between rows and checkpoint drops those rows and writes them again", () =>
  withWhole(async ({ root, data, wanted }) => {
    for (const broken of ["classical 2", "quantum 1", "ensemble 3"]) {
      const run = await eventfulRun(root);
      const callback: TrainingCallback = {
        onEpochEnd: ({ stage, epoch }) => {
          if (`${stage.name} ${epoch}` === broken) throw new Error("the disk is full");
        },
      };
      const options = { callbacks: [callback], checkpointEverySteps: undefined };
      await assert.rejects(eventfulFit(data, { run, ...options }), /the disk is full/);
      const before = (await readMetrics(run.folder)).length;
      await appendFile(join(run.folder, "metrics.jsonl"), `{"torn":`);
      const again = await eventfulRun(root, run.id);
      await eventfulFit(data, { run: again });
      assert.ok(before > 0);
      assert.deepEqual(await lastingBytes(run.folder), wanted, broken);
    }
  }));

Deno.test("fit() that broke at the border of two stages calls onStageEnd again and goes on", () =>
  withWhole(async ({ root, data, wanted }) => {
    const run = await eventfulRun(root);
    const callback: TrainingCallback = {
      onStageEnd: () => {
        throw new Error("no figure");
      },
    };
    await assert.rejects(eventfulFit(data, { run, callbacks: [callback] }), /no figure/);
    const ended: string[] = [];
    await eventfulFit(data, {
      run: await eventfulRun(root, run.id),
      callbacks: [{
        onStageEnd: ({ stage }, { rows }) => void ended.push(stage.name + rows.length),
      }],
    });
    assert.deepEqual(ended, ["classical6", "quantum4", "ensemble8"]);
    assert.deepEqual(await lastingBytes(run.folder), wanted);
  }));

testOrSkip(
  "fit() killed at random moments and resumed ends with the same bytes",
  Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined,
  async () => {
    // The soak test kills fifty.
    const { running } = await killTrainings({ kills: 3, seed: 3 });
    assert.ok(running > 0, "every training had ended before it was killed");
  },
);

Deno.test("fit() on a run that holds a training says what to do, and has changed nothing", () =>
  withWhole(async ({ data, whole, wanted }) => {
    await assert.rejects(
      eventfulFit(data, { run: whole, onExisting: "error" }),
      /holds a training already \(stage "ensemble", 3 of 9 epochs\)\. Pass onExisting: "resume"/,
    );
    assert.deepEqual(await lastingBytes(whole.folder), wanted);
  }));

Deno.test("fit() restarts with the weights that the first training began with, and leaves nothing of it", () =>
  withWhole(async ({ root, data, wanted }) => {
    const run = await eventfulRun(root);
    const model = smallModel(data);
    const stages = stagesNamed(["head_a", "quantum"], 3);
    await fit(model, data, { stages, run, progress: false });
    // The model is trained now: a restart must not begin with it.
    const again = { run, onExisting: "restart", progress: false } as const;
    await fit(model, data, { stages: stagesNamed(["head_b"]), ...again });
    assert.deepEqual((await readdir(join(run.folder, "checkpoints"))).sort(), ["_start", "head_b"]);
    assert.deepEqual(new Set((await readMetrics(run.folder)).map((row) => row.stage)).size, 1);
    await eventfulFit(data, { run, onExisting: "restart" });
    assert.deepEqual(await lastingBytes(run.folder), wanted);
  }));

Deno.test("fit() refuses to resume another training, naming what differs", () =>
  withWhole(async ({ data, whole, wanted }) => {
    await assert.rejects(
      eventfulFit(data, { run: whole, batchSize: 6, seed: 4 }),
      /differs from its own in batchSize \(8 then, 6 now\), seed \(0 then, 4 now\)/,
    );
    await assert.rejects(
      eventfulFit(data, { run: whole, stages: stagesNamed(["quantum"]) }),
      /differs from its own in stages\. Pass the same/,
    );
    const other = { ...data, fingerprint: "0".repeat(64) };
    await assert.rejects(eventfulFit(other, { run: whole }), /differs from its own in data/);
    assert.deepEqual(await lastingBytes(whole.folder), wanted);
  }));

Deno.test("fit() goes on with another build of the kernels only where that is allowed", () =>
  withWhole(async ({ data, whole, wanted }) => {
    try {
      await openTensors({ prefer: "wasm", simd: "plain" });
      await assert.rejects(
        eventfulFit(data, { run: whole }),
        /computed by WebAssembly SIMD \(relaxed\), one thread, and WebAssembly SIMD \(plain\).*allowOtherBackend/s,
      );
      assert.deepEqual(await lastingBytes(whole.folder), wanted);
      await eventfulFit(data, { run: whole, allowOtherBackend: true });
    } finally {
      await openTensors({ prefer: "wasm", simd: "relaxed" });
    }
  }));

Deno.test("fit() notices a training.bin that is not of its training.json", () =>
  withWhole(async ({ data, whole }) => {
    const folder = join(whole.folder, "checkpoints/ensemble/last");
    const bytes = await readFile(join(folder, "training.bin"));
    bytes[0] ^= 1;
    await writeFile(join(folder, "training.bin"), bytes);
    await assert.rejects(
      eventfulFit(data, { run: whole }),
      /training\.bin in .* is not the file that training\.json names/,
    );
  }));
