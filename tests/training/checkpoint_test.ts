import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fusionOf, hybridModel } from "../../src/model/hybrid_model.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { readMetrics } from "../../src/runs/metrics_rows.ts";
import type { Run } from "../../src/runs/run.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { CheckpointError, loadCheckpoint } from "../../src/training/checkpoint.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { fit } from "../../src/training/fit.ts";
import { HEADS, ROWS, smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

async function trained(
  body: (run: Run, task: Awaited<ReturnType<typeof smallTask>>) => Promise<void>,
  epochs = 2,
) {
  const root = await mkdtemp(join(tmpdir(), "qsight-checkpoint-"));
  try {
    const task = await smallTask();
    const run = await openRun({ root, seed: 0, config: {} });
    await fit(task.model, task.data, {
      stages: stagesNamed(["classical"], epochs),
      run,
      progress: false,
    });
    await body(run, task);
  } finally {
    await rm(root, { recursive: true });
  }
}

Deno.test("a checkpoint brings back every tensor and the mask: a masked head answers null", async () => {
  await trained(async (run, { model, data }) => {
    const fresh = smallModel(data);
    const checkpoint = await loadCheckpoint(fresh, join(run.folder, "checkpoints/classical/last"));
    assert.deepEqual(tensorsOf(fresh), tensorsOf(model));
    assert.deepEqual(checkpoint.activeHeads, ["classical_a", "classical_b"]);
    assert.deepEqual(fusionOf(fresh).activeHeads, ["classical_a", "classical_b"]);
    const { heads } = await evaluate(fresh, data.val);
    assert.equal(heads.quantum, null);
    assert.deepEqual(heads.ensemble, (await evaluate(model, data.val)).heads.ensemble);
  });
});

Deno.test("a checkpoint holds the plan of its stage and the epochs done", async () => {
  await trained(async (run) => {
    const path = join(run.folder, "checkpoints/classical/last/checkpoint.json");
    const { stage, epoch } = JSON.parse(await readFile(path, "utf8"));
    assert.equal(stage.name, "classical");
    assert.equal(epoch, 2);
  });
});

Deno.test("loadCheckpoint() names a folder without a checkpoint, and another kind of file", async () => {
  await trained(async (run, { data }) => {
    const model = smallModel(data);
    await assert.rejects(
      () => loadCheckpoint(model, run.folder),
      /Found no .*checkpoint\.json; pass/,
    );
    const folder = join(run.folder, "checkpoints/classical/last");
    await writeFile(join(folder, "checkpoint.json"), `{"schema":"other/1"}`);
    await assert.rejects(
      () => loadCheckpoint(model, folder),
      /"other\/1", wanted "qsight.checkpoint\/1"/,
    );
  });
});

Deno.test("loadCheckpoint() refuses another model, naming each tensor that does not fit", async () => {
  await trained(async (run, { data }) => {
    const wider = hybridModel({
      classes: data.classes,
      imageSize: 16,
      filters: [4, 6, 8],
      compressed: 6,
      wires: 2,
      layers: 1,
    });
    const before = tensorsOf(wider);
    await assert.rejects(
      () => loadCheckpoint(wider, join(run.folder, "checkpoints/classical/best")),
      (error: Error) => {
        assert.ok(error instanceof CheckpointError);
        assert.match(error.message, /missing encoder_conv3\/kernel/);
        assert.match(
          error.message,
          /compression_dense\/kernel is \[12, 6\], the model wants \[16, 6\]/,
        );
        return true;
      },
    );
    assert.deepEqual(tensorsOf(wider), before);
  });
});

Deno.test("loadCheckpoint() notices weights that are not those of checkpoint.json", async () => {
  await trained(async (run, { data }) => {
    const folder = join(run.folder, "checkpoints/classical/last");
    await writeFile(join(folder, "weights.bin"), new Uint8Array(40));
    await assert.rejects(
      () => loadCheckpoint(smallModel(data), folder),
      /not the file that checkpoint.json names/,
    );
  });
});

Deno.test("the best checkpoint is of the epoch with the highest kappa, the first of equals", async () => {
  await trained(async (run) => {
    const rows = (await readMetrics(run.folder))
      .filter(({ head, split }) => head === "ensemble" && split === "val");
    const kappas = rows.map(({ quadraticWeightedKappa }) => Number(quadraticWeightedKappa));
    const path = join(run.folder, "checkpoints/classical/best/checkpoint.json");
    const { epoch } = JSON.parse(await readFile(path, "utf8"));
    assert.equal(epoch, 1 + kappas.indexOf(Math.max(...kappas)));
    assert.ok(epoch < rows.length, "the case must have its best epoch before the last");
  }, 5);
});

Deno.test("a checkpoint brings back that the first active head answers alone", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-checkpoint-"));
  try {
    const { model, data } = await smallTask();
    const run = await openRun({ root, seed: 0, config: {} });
    const [row] = ROWS.filter(({ name }) => name === "classical");
    const stages = defineStages([{ ...row, train: ["classical_*"], skipEnsemble: true }], {
      heads: HEADS,
    });
    const { validation } = await fit(model, data, { stages, run, progress: false });
    assert.deepEqual(validation.heads.ensemble, validation.heads.classical_a);
    const fresh = smallModel(data);
    await loadCheckpoint(fresh, join(run.folder, "checkpoints/classical/last"));
    assert.deepEqual((await evaluate(fresh, data.val)).heads, validation.heads);
    await loadCheckpoint(fresh, join(run.folder, "checkpoints/_start"));
    const { heads } = await evaluate(fresh, data.val);
    assert.notDeepEqual(heads.ensemble, heads.classical_a);
  } finally {
    await rm(root, { recursive: true });
  }
});
