import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { annealingOf } from "../../src/model/annealing.ts";
import { hybridModel } from "../../src/model/hybrid_model.ts";
import { openRun } from "../../src/runs/open_run.ts";
import type { Run } from "../../src/runs/run.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import type { Stage, StageDeclaration } from "../../src/stages/stage.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import type { FitOptions } from "../../src/training/fit_options.ts";
import { fit } from "../../src/training/fit.ts";
import { HEADS, ROWS, smallModel, smallTask, tensorsOf } from "./_small.ts";

/** One stage of the table with something changed. */
function stageWith(name: string, changes: Partial<StageDeclaration>): readonly Stage[] {
  const row = ROWS.find((candidate) => candidate.name === name)!;
  return defineStages([{ ...row, ...changes }], { heads: HEADS });
}

async function inRun(body: (run: Run) => Promise<void>) {
  const root = await mkdtemp(join(tmpdir(), "qsight-options-"));
  try {
    await body(await openRun({ root, seed: 0, config: {} }));
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Trains a fresh small model; its weights, its result and what its last checkpoint holds. */
async function trained(stages: readonly Stage[], options: Partial<FitOptions> = {}) {
  const { model, data } = await smallTask();
  const before = tensorsOf(model);
  const result = await fit(model, data, { stages, batchSize: 8, progress: false, ...options });
  return { model, data, before, after: tensorsOf(model), result };
}

async function recordOf(run: Run, stage: string) {
  const path = join(run.folder, `checkpoints/${stage}/last/training.json`);
  return JSON.parse(await readFile(path, "utf8"));
}

Deno.test("gradientAccumulation makes one step of several batches and keeps the remainder", () =>
  inRun(async (run) => {
    await trained(stageWith("classical", { gradientAccumulation: 2, epochs: 2 }), { run });
    // Three batches an epoch: one step of two, one of the last.
    const { optimizerSteps, accumulated } = await recordOf(run, "classical");
    assert.deepEqual(new Set(Object.values(optimizerSteps)), new Set([4]));
    assert.deepEqual(accumulated, { batches: 0, samples: 0 });
  }));

Deno.test("gradientAccumulation of a whole epoch is a step with the mean over all samples", async () => {
  const schedule = { policy: "constant" } as const;
  const only = { optimizer: "sgd", learningRate: 0.1, weightDecay: 0, schedule } as const;
  const options = { augment: false, warmupEpochs: 0 };
  // A dense layer on frozen ones sees each image alone, so that batches of any size have the same mean gradient.
  const stage = (more: Partial<StageDeclaration>) =>
    stageWith("head_a", { ...only, train: ["classical_a"], ...more });
  const parts = await trained(stage({ batchSize: 7, gradientAccumulation: 9 }), options);
  const whole = await trained(stage({ batchSize: 24 }), options);
  const numbers = (all: Map<string, string>, name: string) =>
    new Float32Array(Uint8Array.from(all.get(name)!.split(","), Number).buffer);
  const name = "classical_a/kernel";
  const [a, b, start] = [parts.after, whole.after, whole.before].map((x) => numbers(x, name));
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-6, `${value} and ${b[i]}`));
  assert.ok(b.some((value, i) => Math.abs(value - start[i]) > 1e-4));
});

Deno.test("clipNorm bounds how far a step of gradient descent goes", async () => {
  const stage = { optimizer: "sgd", learningRate: 1, weightDecay: 0, clipNorm: 1e-3 } as const;
  const { before, after } = await trained(stageWith("head_a", { ...stage, batchSize: 24 }), {
    warmupEpochs: 0,
  });
  let squares = 0;
  for (const [name, bytes] of after) {
    if (/moving/.test(name)) continue;
    const [then, now] = [before.get(name)!, bytes].map((text) =>
      new Float32Array(Uint8Array.from(text.split(","), Number).buffer)
    );
    now.forEach((value, i) => squares += (value - then[i]) ** 2);
  }
  const moved = Math.sqrt(squares);
  assert.ok(moved > 0.9e-3 && moved < 1.1e-3, `moved ${moved}`);
});

Deno.test("ema: the averages are validated, kept and left in the model", async () => {
  const ema = { decay: 0.9, afterSteps: 0, every: 1 };
  const plain = await trained(stageWith("classical", { epochs: 2 }));
  const averaged = await trained(stageWith("classical", { epochs: 2, ema }));
  assert.notDeepEqual(averaged.after, plain.after);
  const { model, data, result } = averaged;
  assert.deepEqual(await evaluate(model, data.val), result.validation);
  // An average that has not begun is the weights themselves.
  const late = await trained(
    stageWith("classical", { epochs: 2, ema: { ...ema, afterSteps: 99 } }),
  );
  assert.deepEqual(late.after, plain.after);
});

Deno.test("monitor names what the best epoch is best at", () =>
  inRun(async (run) => {
    const stages = stageWith("classical", { epochs: 4, monitor: "classical_a/loss", patience: 9 });
    const { result } = await trained(stages, { run });
    const losses = result.history.filter(({ head, split }) =>
      head === "classical_a" && split === "val"
    )
      .map(({ loss }) => loss);
    const path = join(run.folder, "checkpoints/classical/best/checkpoint.json");
    const { epoch } = JSON.parse(await readFile(path, "utf8"));
    assert.equal(epoch, 1 + losses.indexOf(Math.min(...losses)));
    assert.throws(
      () => stageWith("classical", { monitor: "quantum/loss" }),
      /unknown head of monitor "quantum"\. Known: classical_a, classical_b, ensemble/,
    );
  }));

Deno.test("batchSize of a stage counts in that stage only", async () => {
  const [a, b] = [...stageWith("head_a", { batchSize: 4 }), ...stageWith("head_b", {})];
  const steps: Record<string, number> = {};
  await trained([a, b], { progress: ({ stage, steps: all }) => steps[stage] = all });
  assert.deepEqual(steps, { head_a: 6, head_b: 3 });
});

Deno.test("annealing has its first value in the first epoch, its last in the last", async () => {
  const { data } = await smallTask();
  const model = hybridModel({
    ...{
      classes: data.classes,
      imageSize: 16,
      filters: [4, 6],
      compressed: 6,
      wires: 2,
      layers: 1,
    },
    quantumHead: { temperature: 1, noise: 0 },
  });
  const annealing = {
    temperature: { from: 2.5, to: 0.5, curve: "linear" },
    noise: { from: 0.25, to: 0, curve: "linear" },
  } as const;
  const stages = stageWith("quantum", { epochs: 3, annealing });
  const seen: unknown[] = [];
  await fit(model, data, {
    stages,
    progress: false,
    callbacks: [{ onEpochEnd: async ({ model }) => void seen.push(await annealingOf(model)) }],
  });
  assert.deepEqual(seen, [
    { temperature: 2.5, noise: 0.25 },
    { temperature: 1.5, noise: 0.125 },
    { temperature: 0.5, noise: 0 },
  ]);
});

Deno.test("a loss that is no number leaves a dump that names the images of its batch", () =>
  inRun(async (run) => {
    const { model, data } = await smallTask();
    const dense = model.network.getLayer("classical_a");
    dense.setWeights(dense.getWeights().map((weight) => tfjs().fill(weight.shape, NaN)));
    const stages = stageWith("classical", {});
    await assert.rejects(fit(model, data, { stages, batchSize: 8, run, progress: false }), {
      name: "NonFiniteLossError",
    });
    const path = join(run.folder, "dumps/classical_epoch_01_step_0001.json");
    const { images, losses, nonFinite } = JSON.parse(await readFile(path, "utf8"));
    assert.equal(images.length, 8);
    for (const { index, id, label } of images) {
      assert.equal(id, data.train.ids[index]);
      assert.equal(label, data.train.classes[data.train.labels[index]]);
    }
    assert.equal(losses.classical_a, null);
    assert.equal(nonFinite["/losses/classical_a"], "NaN");
    assert.equal(typeof losses.classical_b, "number");
  }));

Deno.test("fit() leaks no tensor with all that a stage can ask for, stopped or not", async () => {
  const { data } = await smallTask();
  const stages = stageWith("classical", {
    ...{ epochs: 3, gradientAccumulation: 2, clipNorm: 1, patience: 1, optimizer: "sgd" },
    ema: { decay: 0.5, afterSteps: 0, every: 1 },
  });
  const model = smallModel(data);
  const options = { stages, batchSize: 8, progress: false } as const;
  await fit(model, data, options);
  const before = tfjs().memory().numTensors;
  await fit(model, data, options);
  const signal = AbortSignal.abort();
  await assert.rejects(fit(model, data, { ...options, signal }), { name: "AbortError" });
  const controller = new AbortController();
  let batches = 0;
  const progress = () => {
    if (++batches === 1) controller.abort();
  };
  const stopped = { ...options, progress, signal: controller.signal };
  await assert.rejects(fit(model, data, stopped), { name: "AbortError" });
  assert.equal(tfjs().memory().numTensors, before);
});

Deno.test("rateFactors multiply the step of the layers that they name, the first name first", async () => {
  const only = { optimizer: "sgd", learningRate: 1e-3, weightDecay: 0 } as const;
  const step = async (rateFactors: Record<string, number>) => {
    const changes = { ...only, train: ["quantum"], batchSize: 24, rateFactors };
    const { before, after } = await trained(stageWith("quantum", changes), { augment: false });
    const moved = (name: string) => {
      const [a, b] = [before, after].map((all) =>
        new Float32Array(Uint8Array.from(all.get(name)!.split(","), Number).buffer)
      );
      return Math.hypot(...a.map((value, i) => b[i] - value));
    };
    return ["quantum_circuit/angles", "quantum_projection/kernel"].map(moved);
  };
  const [[angles, kernel], [fastAngles, sameKernel], [both, slowKernel]] = [
    await step({}),
    await step({ quantum_circuit: 20 }),
    await step({ quantum_circuit: 20, quantum: 0.5 }),
  ];
  assert.ok(Math.abs(fastAngles / angles - 20) < 0.1, `${fastAngles} and ${angles}`);
  assert.equal(sameKernel, kernel);
  assert.equal(both, fastAngles);
  assert.ok(Math.abs(slowKernel / kernel - 0.5) < 0.01);
});

Deno.test("rateFactors that name no layer are an error before the first step", async () => {
  const stages = stageWith("quantum", { rateFactors: { quantum_cirkuit: 2 } });
  await assert.rejects(
    trained(stages),
    /rateFactors pattern "quantum_cirkuit" matches no layer\. Did you mean "quantum_circuit"/,
  );
});
