import assert from "node:assert/strict";
import { fusionOf, type HybridModel, quantumLayerOf } from "../../src/model/hybrid_model.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import type { TrainingCallback } from "../../src/training/callback.ts";
import { fit } from "../../src/training/fit.ts";
import { NonFiniteLossError } from "../../src/training/training_loop.ts";
import { HEADS, ROWS, smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

/** Which layers a pattern of the table names. */
function trains(patterns: readonly string[], tensor: string): boolean {
  const layer = tensor.split("/")[0];
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? layer.startsWith(pattern.slice(0, -1)) : layer === pattern
  );
}

for (const declaration of ROWS) {
  Deno.test(`fit() stage ${declaration.name} moves its own tensors and not a byte of the others`, async () => {
    const { model, data } = await smallTask();
    const before = tensorsOf(model);
    await fit(model, data, {
      stages: stagesNamed([declaration.name], 2),
      batchSize: 8,
      progress: false,
    });
    for (const [tensor, bytes] of tensorsOf(model)) {
      const moved = bytes !== before.get(tensor);
      assert.equal(moved, trains(declaration.train, tensor), `${tensor} moved: ${moved}`);
    }
  });
}

Deno.test("fit() stages A, B, A leave flags, calls and votes as those of A alone", async () => {
  const { model, data } = await smallTask();
  await fit(model, data, {
    stages: stagesNamed(["classical", "quantum", "classical"]),
    progress: false,
  });
  const fresh = smallModel(data);
  await fit(fresh, data, { stages: stagesNamed(["classical"]), progress: false });
  const state = ({ network }: HybridModel) =>
    network.layers.map((layer) => [
      Object.hasOwn(layer, "call"),
      layer.trainable,
      layer.trainableWeights.length,
    ]);
  assert.deepEqual(state(model), state(fresh));
  assert.deepEqual(fusionOf(model).activeHeads, fusionOf(fresh).activeHeads);
});

Deno.test("fit() applies the mask again before each pass, over a flag set by hand", async () => {
  const { model, data } = await smallTask();
  const before = tensorsOf(model).get("encoder_conv1/kernel");
  const meddle: TrainingCallback = {
    onEpochBegin: ({ model }) => {
      model.network.getLayer("encoder_conv1").trainable = true;
    },
  };
  await fit(model, data, {
    stages: stagesNamed(["quantum"], 2),
    callbacks: [meddle],
    progress: false,
  });
  assert.equal(tensorsOf(model).get("encoder_conv1/kernel"), before);
});

Deno.test("fit() same seed gives the same rows, another seed others", async () => {
  const rows = async (seed: number) => {
    const { model, data } = await smallTask();
    const stages = stagesNamed(["classical", "quantum", "ensemble"]);
    return JSON.stringify((await fit(model, data, { stages, seed, progress: false })).history);
  };
  const first = await rows(5);
  assert.equal(await rows(5), first);
  assert.notEqual(await rows(6), first);
});

Deno.test("fit() leaves a row for each stage, epoch, split and active head", async () => {
  const { model, data } = await smallTask();
  const stages = stagesNamed(["classical", "ensemble"], 2);
  const { history, validation } = await fit(model, data, { stages, progress: false });
  const of = (stage: string) => history.filter((row) => row.stage === stage).map((row) => row.head);
  const heads = (active: string[]) => {
    const once = [...active, "ensemble"];
    return [...once, ...once, ...once, ...once];
  };
  assert.deepEqual(of("classical"), heads(["classical_a", "classical_b"]));
  assert.deepEqual(of("ensemble"), heads(HEADS));
  assert.deepEqual(Object.keys(validation.heads), [...HEADS, "ensemble"]);
});

Deno.test("fit() never runs the circuit while the quantum head is not active", async () => {
  const { model, data } = await smallTask();
  const layer = quantumLayerOf(model);
  const inner = layer.simulator;
  let calls = 0;
  layer.simulator = {
    ...inner,
    forward: (circuit, args) => (calls++, inner.forward(circuit, args)),
    vjp: (circuit, args) => (calls++, inner.vjp(circuit, args)),
  };
  await fit(model, data, { stages: stagesNamed(["classical"]), progress: false });
  assert.equal(calls, 0);
  await fit(model, data, { stages: stagesNamed(["quantum"]), progress: false });
  assert.ok(calls > 0);
});

Deno.test("fit() leaks no tensor", async () => {
  const { model, data } = await smallTask();
  const stages = stagesNamed(["classical", "quantum", "ensemble"]);
  await fit(model, data, { stages, progress: false });
  const before = tfjs().memory().numTensors;
  await fit(model, data, { stages, progress: false });
  assert.equal(tfjs().memory().numTensors, before);
});

Deno.test("fit() stops in the batch where the loss is no number, and leaves no mask behind", async () => {
  const { model, data } = await smallTask();
  const tf = tfjs();
  const dense = model.network.getLayer("classical_a");
  dense.setWeights(dense.getWeights().map((weight) => tf.fill(weight.shape, NaN)));
  await assert.rejects(
    () => fit(model, data, { stages: stagesNamed(["classical"]), progress: false }),
    (error: Error) => {
      assert.ok(error instanceof NonFiniteLossError);
      assert.match(error.message, /"classical_a" is NaN in stage "classical", epoch 1, batch 1/);
      return true;
    },
  );
  assert.ok(model.network.layers.every((layer) => !Object.hasOwn(layer, "call")));
});

Deno.test("fit() ends a stage after `patience` epochs without a better kappa", async () => {
  const { model, data } = await smallTask();
  const [declaration] = ROWS.filter(({ name }) => name === "ensemble");
  const stages = defineStages(
    // So small a rate changes no prediction: the first epoch stays the best.
    [{ ...declaration, epochs: 9, patience: 2, learningRate: 1e-12 }],
    { heads: HEADS },
  );
  const { history } = await fit(model, data, { stages, progress: false });
  assert.equal(Math.max(...history.map(({ epoch }) => epoch)), 3);
});

Deno.test("fit() ends after the current batch when its signal fires", async () => {
  const { model, data } = await smallTask();
  const controller = new AbortController();
  const steps: number[] = [];
  const training = fit(model, data, {
    stages: stagesNamed(["classical"], 5),
    batchSize: 4,
    signal: controller.signal,
    progress: ({ step }) => {
      steps.push(step);
      if (step === 2) controller.abort();
    },
  });
  await assert.rejects(() => training, { name: "AbortError" });
  assert.deepEqual(steps, [1, 2]);
});

Deno.test("fit() calls the hooks in the order of the list, each epoch's after its rows", async () => {
  const { model, data } = await smallTask();
  const heard: string[] = [];
  const listener = (name: string): TrainingCallback => ({
    onStageBegin: ({ epoch }) => void heard.push(`${name} stage ${epoch}`),
    onEpochBegin: ({ epoch }) => void heard.push(`${name} begin ${epoch}`),
    onEpochEnd: async ({ epoch }, { rows }) => {
      await Promise.resolve();
      heard.push(`${name} end ${epoch} ${rows.length}`);
    },
    onStageEnd: ({ epoch }) => void heard.push(`${name} done ${epoch}`),
  });
  await fit(model, data, {
    stages: stagesNamed(["head_a"]),
    callbacks: [listener("a"), listener("b")],
    progress: false,
  });
  assert.deepEqual(heard, [
    "a stage 0",
    "b stage 0",
    "a begin 1",
    "b begin 1",
    "a end 1 4",
    "b end 1 4",
    "a done 1",
    "b done 1",
  ]);
});

Deno.test("fit() names what does not fit: option, stages, image size, classes", async () => {
  const { model, data } = await smallTask();
  const stages = stagesNamed(["head_a"]);
  await assert.rejects(
    () => fit(model, data, { stages, batchsize: 3 } as never),
    /"batchsize".*"batchSize"/,
  );
  await assert.rejects(() => fit(model, data, { stages: [] }), /non-empty array.*defineStages/);
  const wide = { ...data, train: { ...data.train, width: 20 } };
  await assert.rejects(
    () => fit(model, wide, { stages }),
    /images are 20x16, the model takes 16x16/,
  );
  const few = { ...data, classes: ["a", "b"] };
  await assert.rejects(() => fit(model, few, { stages }), /2 classes, the model 5/);
  await assert.rejects(
    () => fit(model, data, { stages, loss: "entropy" as never }),
    /unknown loss "entropy"/,
  );
});
