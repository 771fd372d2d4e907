import assert from "node:assert/strict";
import {
  fusionOf,
  type HybridModel,
  quantumLayerOf,
  setActiveHeads,
} from "../../src/model/hybrid_model.ts";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import type { TrainingCallback } from "../../src/training/callback.ts";
import type { AugmentOptions } from "../../src/data/augment_image.ts";
import { fit } from "../../src/training/fit.ts";
import { NonFiniteLossError } from "../../src/training/non_finite_loss.ts";
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

Deno.test("fit() overwrites a head mask that somebody set by hand between epochs", async () => {
  const { model, data } = await smallTask();
  const meddle: TrainingCallback = {
    onEpochBegin: ({ model }) => setActiveHeads(model, ["quantum"]),
  };
  const { history } = await fit(model, data, {
    stages: stagesNamed(["classical"], 2),
    callbacks: [meddle],
    progress: false,
  });
  const heads = new Set(history.map(({ head }) => head));
  assert.deepEqual([...heads], ["classical_a", "classical_b", "ensemble"]);
  assert.deepEqual(fusionOf(model).activeHeads, ["classical_a", "classical_b"]);
});

Deno.test("fit() notices a frozen tensor that was moved behind its back", async () => {
  const { model, data } = await smallTask();
  const meddle: TrainingCallback = {
    onEpochBegin: ({ model }) => {
      const layer = model.network.getLayer("encoder_conv1");
      layer.setWeights(layer.getWeights().map((weight) => weight.add(1)));
    },
  };
  const stages = stagesNamed(["quantum"]);
  await assert.rejects(
    () => fit(model, data, { stages, callbacks: [meddle], progress: false }),
    /encoder_conv1/,
  );
});

Deno.test("fit() counts each head's loss by the stage's weight", async () => {
  const weights = async (lossWeights: Record<string, number>) => {
    const { model, data } = await smallTask();
    const [declaration] = ROWS.filter(({ name }) => name === "classical");
    const stages = defineStages([{ ...declaration, lossWeights }], { heads: HEADS });
    const before = tensorsOf(model);
    await fit(model, data, { stages, progress: false });
    const after = tensorsOf(model);
    return (tensor: string) => before.get(tensor) !== after.get(tensor);
  };
  const moved = await weights({ classical_a: 1, classical_b: 0, ensemble: 0 });
  assert.ok(moved("classical_a/kernel"));
  assert.ok(!moved("classical_b/kernel"));
  assert.ok(!moved("ensemble/log_scale"));
  assert.ok((await weights({ classical_a: 0, classical_b: 1, ensemble: 0 }))("classical_b/kernel"));
});

Deno.test("fit() augments unless told not to, and shuffles anew in every epoch", async () => {
  const losses = async (augment: boolean | AugmentOptions, epochs = 1) => {
    const { model, data } = await smallTask();
    const [declaration] = ROWS.filter(({ name }) => name === "head_a");
    const stages = defineStages([{ ...declaration, epochs, learningRate: 1e-12 }], {
      heads: HEADS,
    });
    const batches: number[] = [];
    await fit(model, data, {
      stages,
      augment,
      batchSize: 6,
      progress: ({ loss }) => batches.push(loss),
    });
    return batches;
  };
  assert.notDeepEqual(await losses(true), await losses(false));
  assert.notDeepEqual(await losses(true), await losses({ crop: 0.7, blur: 1 }));
  await assert.rejects(losses({ crop: 2 }), /crop 2, wanted 0 to 1/);
  await assert.rejects(losses({ blurr: 1 } as never), /Did you mean "blur"/);
  // The weights hardly move, so that two epochs in one order would give the same running losses.
  const two = await losses(false, 2);
  const [first, second] = [two.slice(0, two.length / 2), two.slice(two.length / 2)];
  assert.ok(Math.abs(first[0] - second[0]) > 1e-3, `${first[0]} and ${second[0]}`);
});

Deno.test("fit() that ends by patience goes on from the weights of its best epoch", async () => {
  const { model, data } = await smallTask();
  const [declaration] = ROWS.filter(({ name }) => name === "classical");
  const stages = defineStages([{ ...declaration, epochs: 9, patience: 1, learningRate: 0.3 }], {
    heads: HEADS,
  });
  const seen: Map<string, string>[] = [];
  const { history } = await fit(model, data, {
    stages,
    callbacks: [{ onEpochEnd: ({ model }) => void seen.push(tensorsOf(model)) }],
    progress: false,
  });
  const kappas = history.filter(({ head, split }) => head === "ensemble" && split === "val")
    .map(({ quadraticWeightedKappa }) => quadraticWeightedKappa ?? -Infinity);
  const best = kappas.indexOf(Math.max(...kappas));
  assert.equal(seen.length, best + 2);
  assert.deepEqual(tensorsOf(model), seen[best]);
});

Deno.test("fit() holds the lock for each step, so that others wait instead of finding it busy", async () => {
  const { model, data } = await smallTask();
  const lock = samplerLock();
  const layer = quantumLayerOf(model);
  let calls = 0;
  const inner = layer.simulator;
  const counted = {
    ...inner,
    forward: (...args: Parameters<typeof inner.forward>) => (calls++, inner.forward(...args)),
    vjp: (...args: Parameters<typeof inner.vjp>) => (calls++, inner.vjp(...args)),
  };
  layer.simulator = lock.guardSync(counted, ["forward", "vjp"]);
  const training = fit(model, data, { stages: stagesNamed(["quantum"]), lock, progress: false });
  // Another cell that holds the lock now and then, with an await inside.
  const others = Array.from({ length: 5 }, () =>
    lock.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }));
  await Promise.all([training, ...others]);
  assert.ok(calls > 0);
  assert.ok(lock.stats().acquisitions >= 5 + 2);
  assert.equal(lock.stats().busy, 0);
});

Deno.test("fit() frees all tensors when the simulator throws", async () => {
  const { model, data } = await smallTask();
  const layer = quantumLayerOf(model);
  const inner = layer.simulator;
  layer.simulator = {
    ...inner,
    forward: (circuit, args) => inner.forward(circuit, args),
    vjp: () => {
      throw new Error("the line is dead");
    },
  };
  const stages = stagesNamed(["quantum"]);
  const failing = () => fit(model, data, { stages, progress: false });
  await assert.rejects(failing, /the line is dead/);
  const before = tfjs().memory().numTensors;
  for (let i = 0; i < 3; i++) await assert.rejects(failing, /the line is dead/);
  assert.equal(tfjs().memory().numTensors, before);
});

Deno.test("fit() says which loss broke when the circuit is fed NaN, and has moved no weight", async () => {
  const { model, data } = await smallTask();
  const tf = tfjs();
  const layer = model.network.getLayer("quantum_projection");
  layer.setWeights(layer.getWeights().map((weight) => tf.fill(weight.shape, NaN)));
  const before = tensorsOf(model).get("quantum_circuit/angles");
  await assert.rejects(
    () => fit(model, data, { stages: stagesNamed(["quantum"]), progress: false }),
    { name: "NonFiniteLossError" },
  );
  assert.equal(tensorsOf(model).get("quantum_circuit/angles"), before);
});

Deno.test("fit() says how many replicas each stage could have used, and why", async () => {
  const { model, data } = await smallTask();
  const stages = stagesNamed(["classical", "quantum"]);
  const { replicas } = await fit(model, data, { stages, progress: false });
  assert.deepEqual(replicas.map(({ stage, replicas }) => [stage, replicas]), [["classical", 1], [
    "quantum",
    1,
  ]]);
  assert.ok(replicas.every(({ reason }) => reason.length > 0));
  assert.deepEqual(replicas.map(({ asked, used }) => [asked, used]), [["auto", 1], ["auto", 1]]);
});

Deno.test("fit() hands the replicas that a stage asks for to the policy", async () => {
  const { model, data } = await smallTask();
  const layer = quantumLayerOf(model);
  layer.simulator = { ...layer.simulator, reentrant: false };
  const stages = defineStages([...ROWS.slice(1, 2), ...ROWS.slice(3, 4)].map((row) => ({
    ...row,
    replicas: 3,
  })));
  const { replicas } = await fit(model, data, { stages, progress: false });
  assert.deepEqual(
    replicas.map(({ stage, asked, used, replicas }) => [stage, asked, used, replicas]),
    [
      ["head_a", 3, 3, 3],
      ["quantum", 3, 1, 1],
    ],
  );
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
      assert.match(
        error.message,
        /"classical_a" is NaN in stage "classical": lower its learningRate/,
      );
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
  await assert.rejects(() => fit(model, data, { stages: [] }), /what defineStages.*returned/);
  const wide = { ...data, train: { ...data.train, width: 20 } };
  await assert.rejects(
    () => fit(model, wide, { stages }),
    /images of "synthetic\/train" are 20x16, the model takes 16x16/,
  );
  const other = { ...data, val: { ...data.val, classes: ["a", "b", "c", "d", "e"] } };
  await assert.rejects(
    () => fit(model, other, { stages }),
    /classes of "synthetic\/val" are a, b, c, d, e, those of the model no_dr/,
  );
  const raw = [{ name: "a", epochs: 1, train: ["*"], heads: ["quantum"] }] as never;
  await assert.rejects(() => fit(model, data, { stages: raw }), /what defineStages.*returned/);
  for (
    const [bad, message] of [
      [{ seed: NaN }, /seed must be a whole number from 0, found NaN/],
      [{ seed: "a" }, /seed must be a whole number from 0, found "a"/],
      [{ batchSize: 1 }, /batchSize must be 2 or more, found 1/],
      [{ warmupEpochs: -1 }, /warmupEpochs must be 0 or more, found -1/],
      [{ labelSmoothing: 5 }, /labelSmoothing must be at least 0 and below 1, found 5/],
    ] as const
  ) await assert.rejects(() => fit(model, data, { stages, ...bad } as never), message);
  await assert.rejects(
    () => fit(model, data, { stages, loss: "entropy" as never }),
    /unknown loss "entropy"/,
  );
});
