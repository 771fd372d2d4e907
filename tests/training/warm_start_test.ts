import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveHybridModel } from "../../src/model/hybrid_files.ts";
import { type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { exportWeights } from "../../src/tensors/files/export_weights.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import { CheckpointError } from "../../src/training/checkpoint.ts";
import { fit } from "../../src/training/fit.ts";
import { warmStart } from "../../src/training/warm_start.ts";
import { smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

/** SHA-256 over all weights by name. */
function weightHash(model: HybridModel): string {
  const sorted = [...tensorsOf(model)].sort(([a], [b]) => a < b ? -1 : 1);
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}

async function withTrained(
  body: (given: {
    root: string;
    folder: string;
    trained: HybridModel;
    task: Awaited<ReturnType<typeof smallTask>>;
  }) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), "qsight-warm-"));
  try {
    const task = await smallTask();
    const trained = smallModel(task.data);
    const run = await openRun({ root, seed: 0, config: {} });
    const stages = stagesNamed(["classical"]);
    await fit(trained, task.data, { stages, run, progress: false });
    await body({ root, folder: run.folder, trained, task });
  } finally {
    await rm(root, { recursive: true });
  }
}

Deno.test("warmStart() gives the weights of a checkpoint, a model folder and a safetensors file", () =>
  withTrained(async ({ root, folder, trained, task: { data } }) => {
    await saveHybridModel(trained, join(root, "model"));
    await exportWeights(trained.network, join(root, "all.safetensors"));
    const wanted = weightHash(trained);
    assert.notEqual(weightHash(smallModel(data)), wanted);
    const paths = [join(folder, "checkpoints/classical/last"), "model", "all.safetensors"];
    for (const path of paths) {
      const model = smallModel(data);
      const before = tfjs().memory().numTensors;
      const { assigned, missing, unexpected } = await warmStart(model, {
        path: path.startsWith("/") ? path : join(root, path),
      });
      assert.equal(weightHash(model), wanted, path);
      assert.equal(assigned.length, tensorsOf(model).size);
      assert.deepEqual([missing, unexpected], [[], []]);
      assert.equal(tfjs().memory().numTensors, before, path);
    }
  }));

Deno.test("warmStart() is strict: it lists what is missing, unexpected and of another shape", () =>
  withTrained(async ({ folder, task: { data } }) => {
    const options = { classes: data.classes, imageSize: 16, compressed: 6, wires: 2, layers: 1 };
    const wider = hybridModel({ ...options, filters: [4, 6, 8] });
    const path = join(folder, "checkpoints/classical/last");
    const before = weightHash(wider);
    await assert.rejects(warmStart(wider, { path }), (error: Error) => {
      assert.ok(error instanceof CheckpointError);
      assert.match(error.message, /missing: .*encoder_conv3\/kernel/);
      assert.match(error.message, /"compression_dense\/kernel" is \[12,6\], wanted \[16,6\]/);
      assert.match(error.message, /Nothing was changed/);
      return true;
    });
    const smaller = hybridModel({ ...options, filters: [4] });
    await assert.rejects(warmStart(smaller, { path }), /unexpected: .*encoder_conv2\/kernel/);
    // A shape that does not fit is an error in any case.
    await assert.rejects(warmStart(wider, { path, strict: false }), /compression_dense\/kernel/);
    assert.equal(weightHash(wider), before);
  }));

Deno.test("warmStart() takes a part of the weights where strict is false, and says which", () =>
  withTrained(async ({ folder, trained, task: { data } }) => {
    const model = hybridModel({
      ...{ classes: data.classes, imageSize: 16, filters: [4, 6], compressed: 6 },
      ...{ wires: 2, layers: 1, fusion: "mlp" },
    });
    const path = join(folder, "checkpoints/classical/last");
    await assert.rejects(warmStart(model, { path }), /missing: .*ensemble/);
    const { assigned, missing, unexpected } = await warmStart(model, { path, strict: false });
    assert.ok(missing.length > 0 && missing.every((name) => name.startsWith("ensemble/")));
    assert.ok(unexpected.length > 0 && unexpected.every((name) => name.startsWith("ensemble/")));
    assert.ok(assigned.includes("encoder_conv1/kernel"));
    const [now, wanted] = [tensorsOf(model), tensorsOf(trained)];
    for (const name of assigned) assert.equal(now.get(name), wanted.get(name));
  }));

Deno.test("warmStart() names a path with nothing, and a folder of something else", () =>
  withTrained(async ({ root, folder, task: { model } }) => {
    await assert.rejects(warmStart(model, { path: join(root, "no") }), /found nothing at .*no"/);
    await assert.rejects(warmStart(model, { path: folder }), /neither checkpoint\.json nor model/);
    const config = join(folder, "config.json");
    await assert.rejects(warmStart(model, { path: config }), /cannot read .*config\.json/);
  }));

Deno.test("fit() warm starts before its first stage, and not again when it resumes", () =>
  withTrained(async ({ root, folder, trained, task: { data } }) => {
    const initFrom = { path: join(folder, "checkpoints/classical/last") };
    const seen: string[] = [];
    const callbacks = [{
      onStageBegin: ({ model }: { model: HybridModel }) => void seen.push(weightHash(model)),
    }];
    const run = await openRun({ root, seed: 0, config: {} });
    const options = { stages: stagesNamed(["head_a", "head_b"]), run, initFrom, progress: false };
    const model = smallModel(data);
    const first = await fit(model, data, { ...options, progress: false, callbacks });
    assert.equal(seen[0], weightHash(trained));
    assert.ok(first.warmStart!.assigned.length > 0);
    const ended = weightHash(model);
    const resume = { ...options, progress: false, onExisting: "resume" } as const;
    const again = await fit(smallModel(data), data, resume);
    assert.equal(again.warmStart, null);
    const restart = { ...options, progress: false, onExisting: "restart" } as const;
    const other = smallModel(data);
    await fit(other, data, restart);
    assert.equal(weightHash(other), ended);
  }));
