import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import {
  applyStage,
  defineStages,
  type Stage,
  type StageDeclaration,
} from "../../src/stages/mod.ts";

const GOOD: StageDeclaration = { name: "a", epochs: 3, train: ["conv*"], heads: ["left"] };

function complete(fields: object): Stage {
  return defineStages([{ ...GOOD, ...fields }])[0];
}

Deno.test("a stage keeps what its declaration says and completes the rest inside it", () => {
  const stage = complete({
    optimizer: "sgd",
    schedule: { policy: "plateau", patience: 3 },
    annealing: { temperature: { from: 2.5, to: 0.6, curve: "sigmoid" }, noise: { from: 1, to: 0 } },
    ema: { decay: 0.9 },
    replicas: 2,
    monitor: "left/balanced_accuracy",
    gradientAccumulation: 4,
    batchSize: 8,
    valBatchSize: 1,
    clipNorm: 1,
  });
  assert.deepEqual(stage.schedule, {
    policy: "plateau",
    warmupEpochs: null,
    factor: 0.5,
    patience: 3,
    every: 5,
    minimum: 0,
  });
  assert.deepEqual(stage.ema, { decay: 0.9, afterSteps: 100, every: 1 });
  assert.deepEqual(stage.annealing, {
    temperature: { from: 2.5, to: 0.6, curve: "sigmoid" },
    noise: { from: 1, to: 0, curve: "cosine" },
  });
  assert.deepEqual(
    [stage.optimizer, stage.replicas, stage.monitor, stage.gradientAccumulation],
    ["sgd", 2, "left/balanced_accuracy", 4],
  );
  assert.deepEqual([stage.batchSize, stage.valBatchSize, stage.clipNorm], [8, 1, 1]);
});

Deno.test("a key given as undefined counts as left out", () => {
  assert.deepEqual(complete({ schedule: { factor: undefined }, ema: undefined }), complete({}));
});

const temperature = (from: number) => ({ annealing: { temperature: { from, to: 1 } } });

const BAD: [string, object, RegExp][] = [
  ["a misspelt optimizer", { optimizer: "adamx" }, /unknown optimizer "adamx". Did you mean "adam/],
  ["a number as optimizer", { optimizer: 1 }, /optimizer must be one of adamw, adam, sgd, found 1/],
  [
    "half an accumulation",
    { gradientAccumulation: 0.5 },
    /gradientAccumulation must be a positive/,
  ],
  ["a batch of one", { batchSize: 1 }, /batchSize must be a whole number from 2 or null, found 1/],
  ["an empty validation batch", { valBatchSize: 0 }, /valBatchSize .* or null, found 0/],
  ["a clip at 0", { clipNorm: 0 }, /clipNorm must be a number above 0, or null, found 0/],
  ["no replica", { replicas: 0 }, /replicas must be a positive whole number or "auto", found 0/],
  ["a text as replicas", { replicas: "all" }, /replicas .* found "all"/],
  ["a text as a switch", { skipEnsemble: "no" }, /skipEnsemble must be true or false, found "no"/],
  ["a schedule of no kind", { schedule: { policy: "cosin" } }, /unknown policy.*"cosine"/],
  ["a misspelt schedule", { schedule: { factr: 1 } }, /stage "a" schedule: unknown option "factr"/],
  [
    "a factor of 1",
    { schedule: { factor: 1 } },
    /factor must be a number between 0 and 1, found 1/,
  ],
  ["a negative warm-up", { schedule: { warmupEpochs: -1 } }, /warmupEpochs .* found -1/],
  ["a plateau of nothing", { schedule: { patience: 0 } }, /schedule: patience/],
  ["steps of nothing", { schedule: { every: 0 } }, /schedule: every/],
  ["a NaN minimum", { schedule: { minimum: NaN } }, /minimum must be .* found NaN/],
  ["a schedule that is none", { schedule: null }, /options must be an object, found null/],
  ["an average that stays", { ema: { decay: 1 } }, /ema: decay must be a number between 0 and 1/],
  ["a misspelt average", { ema: { decy: 0.9 } }, /Did you mean "decay"/],
  ["annealing of nothing", { annealing: {} }, /annealing names nothing/],
  ["annealing of null", { annealing: { noise: null } }, /noise: options must be an object/],
  ["a misspelt annealing", { annealing: { temprature: {} } }, /Did you mean "temperature"/],
  ["a temperature of 0", temperature(0), /temperature: from must be a number from 0.001, found 0/],
  ["a negative temperature", temperature(-1), /temperature: from .* found -1/],
  ["a NaN temperature", temperature(NaN), /temperature: from .* found NaN/],
  ["negative noise", { annealing: { noise: { from: 0, to: -1 } } }, /noise: to .* found -1/],
  [
    "a misspelt curve",
    { annealing: { noise: { from: 1, to: 0, curve: "sigmod" } } },
    /Did you mean "sigmoid"/,
  ],
  ["a monitor without a metric", { monitor: "kappa" }, /monitor must be "<head>\/<metric>"/],
  ["a monitor of a head that is off", { monitor: "lef/kappa" }, /head of monitor "lef".*"left"/],
];

for (const [what, fields, message] of BAD) {
  Deno.test(`defineStages() rejects ${what}`, () => {
    assert.throws(() => complete(fields), { message });
    assert.throws(() => complete(fields), /^\w+: stage "a"/);
  });
}

Deno.test("skipEnsemble takes the fused loss away, and refuses what contradicts it", () => {
  assert.deepEqual(complete({ skipEnsemble: true }).lossWeights, { left: 1, ensemble: 0 });
  assert.throws(
    () => complete({ skipEnsemble: true, lossWeights: { ensemble: 1 } }),
    /stage "a": lossWeights.ensemble is 1, but with skipEnsemble/,
  );
  for (const fusion of ["ensemble", "ensemble*", "ensemble_*"]) {
    assert.throws(
      () => complete({ skipEnsemble: true, train: ["conv*", fusion] }),
      /stage "a": skipEnsemble passes over the fusion, but train names/,
    );
  }
});

Deno.test("annealing needs the quantum head active, and its temperature among what trains", () => {
  const annealing = { temperature: { from: 2, to: 1 } };
  const known = { heads: ["left", "quantum"] };
  assert.throws(
    () => defineStages([{ ...GOOD, annealing }], known),
    /stage "a": annealing moves .* which is not active \(heads: left\)/,
  );
  const declare = (train: string[]) =>
    defineStages([{ name: "q", epochs: 1, train, heads: ["quantum"], annealing }], known)[0];
  const input = tf.input({ shape: [2] });
  const named = (name: string) => tf.layers.dense({ name, units: 2 });
  const hidden = named("encoder").apply(input);
  const quantum = named("quantum").apply(named("quantum_annealing").apply(hidden));
  const model = tf.model({ inputs: input, outputs: quantum as tf.SymbolicTensor });
  assert.throws(
    () => applyStage(model, declare(["encoder"])),
    /stage "q": annealing moves the temperature and noise of quantum_annealing, which is frozen/,
  );
  applyStage(model, declare(["quantum"])).restore();
});

Deno.test("rateFactors are numbers above 0 by name, frozen, and none by default", () => {
  assert.deepEqual(complete({}).rateFactors, {});
  assert.ok(Object.isFrozen(complete({ rateFactors: { quantum: 10 } }).rateFactors));
  for (const quantum of [0, -1, NaN, Infinity, "2"]) {
    assert.throws(
      () => complete({ rateFactors: { quantum } }),
      /rateFactors\.quantum must be a number above 0/,
    );
  }
  assert.throws(
    () => complete({ rateFactors: [2] }),
    /rateFactors must be factors by layer or part/,
  );
});
