import assert from "node:assert/strict";
import {
  defaultStages,
  defineStages,
  headsFromArray,
  PLANS,
  STAGE_DEFAULTS,
  type StageDeclaration,
  stageMask,
  stageNamed,
} from "../../src/stages/mod.ts";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";

const GOOD: StageDeclaration = { name: "a", epochs: 3, train: ["conv*"], heads: ["left"] };

Deno.test("defineStages() completes from the one defaults object", () => {
  const [stage] = defineStages([GOOD]);
  const { headLossWeight, ensembleLossWeight, averaging: _, curve: __, ...plain } = STAGE_DEFAULTS;
  assert.deepEqual({ ...stage, lossWeights: { ...stage.lossWeights } }, {
    ...GOOD,
    ...plain,
    rateFactors: {},
    lossWeights: { left: headLossWeight, ensemble: ensembleLossWeight },
    logAlias: "a",
  });
  assert.deepEqual(defineStages([stage])[0], stage, "a stage is a declaration of itself");
});

Deno.test("defineStages() freezes all the way down and copies what it is given", () => {
  const train = ["conv*"];
  const annealing = { temperature: { from: 2, to: 1 }, noise: { from: 0.1, to: 0 } };
  const stages = defineStages([{ ...GOOD, train, ema: {}, annealing, schedule: { factor: 0.1 } }]);
  train.push("dense");
  annealing.noise.to = 1;
  assert.deepEqual(stages[0].train, ["conv*"]);
  assert.equal(stages[0].annealing?.noise?.to, 0);
  const frozen = (value: unknown): boolean =>
    value === null || typeof value !== "object" ||
    Object.isFrozen(value) && Object.values(value).every(frozen);
  assert.ok(frozen(stages));
  assert.ok(frozen(STAGE_DEFAULTS));
});

const BAD: [string, unknown, RegExp][] = [
  ["no stage at all", [], /no stage declarations/],
  ["a stage without a name", [{ ...GOOD, name: "" }], /stage 0: name/],
  ["an unknown key", [{ ...GOOD, epoch: 3 }], /stage "a": unknown option "epoch".*"epochs"/],
  ["zero epochs", [{ ...GOOD, epochs: 0 }], /stage "a": epochs .* found 0/],
  ["half an epoch", [{ ...GOOD, epochs: 1.5 }], /stage "a": epochs/],
  ["a duplicate name", [GOOD, GOOD], /stage "a": this name is used twice/],
  ["no heads", [{ ...GOOD, heads: [] }], /stage "a": heads is empty/],
  ["nothing to train", [{ ...GOOD, train: [] }], /stage "a": train is empty/],
  ["heads as a mask", [{ ...GOOD, heads: [1, 0] }], /stage "a": heads must be an array of texts/],
  ["a head twice", [{ ...GOOD, heads: ["left", "left"] }], /"left" twice/],
  ["a NaN learning rate", [{ ...GOOD, learningRate: NaN }], /stage "a": learningRate .* above 0/],
  ["a negative decay", [{ ...GOOD, weightDecay: -1 }], /stage "a": weightDecay/],
  ["zero patience", [{ ...GOOD, patience: 0 }], /stage "a": patience .* or null/],
  ["an infinite loss weight", [{ ...GOOD, lossWeights: { left: Infinity } }], /lossWeights.left/],
  ["all loss weights 0", [{ ...GOOD, lossWeights: { left: 0, ensemble: 0 } }], /all loss weights/],
  ["a misspelt loss weight", [{ ...GOOD, lossWeights: { lefft: 1 } }], /Did you mean "left"/],
];

for (const [what, declarations, message] of BAD) {
  Deno.test(`defineStages() rejects ${what}`, () => {
    assert.throws(() => defineStages(declarations as StageDeclaration[]), { message });
  });
}

Deno.test("defineStages() rejects a loss weight on a head that is not active", () => {
  const heads = ["left", "right"];
  const declare = (right: number) =>
    defineStages([{ ...GOOD, lossWeights: { left: 1, right } }], { heads });
  assert.throws(
    () => declare(0.1),
    /stage "a": head "right" has loss weight 0.1 but is not active/,
  );
  assert.deepEqual({ ...declare(0)[0].lossWeights }, { left: 1, ensemble: 0.5 });
});

Deno.test("defineStages() rejects heads that the model does not have", () => {
  assert.throws(
    () => defineStages([GOOD], { heads: ["lefty"] }),
    /stage "a": unknown head "left". Did you mean "lefty"/,
  );
});

Deno.test("stageMask() works for any number of heads", () => {
  const random = new SeededRandom(1);
  for (let round = 0; round < 100; round++) {
    const heads = Array.from({ length: 1 + random.integer(6) }, (_, i) => `head_${i}`);
    const mask = heads.map(() => random.integer(2));
    if (!mask.includes(1)) mask[0] = 1;
    const active = headsFromArray(mask, { heads, stage: "s" });
    const [stage] = defineStages([{ ...GOOD, heads: active }], { heads });
    assert.deepEqual(Object.values(stageMask(stage, heads)), mask.map((entry) => entry === 1));
  }
});

Deno.test("stageMask() names a head that is missing", () => {
  assert.throws(() => stageMask(defineStages([GOOD])[0], ["right"]), /unknown head "left"/);
});

for (
  const [mask, message] of [
    [[0, 0, 0], /stage "s": mask \[0, 0, 0\] leaves no head active/],
    [[1, 0], /stage "s": mask \[1, 0\] does not fit 3 heads/],
    [[1, 0.5, 0], /stage "s": mask \[1, 0.5, 0\] has entries other than 0 and 1/],
    ["111", /stage "s"/],
  ] as [number[], RegExp][]
) {
  Deno.test(`headsFromArray() rejects ${JSON.stringify(mask)}`, () => {
    assert.throws(() => headsFromArray(mask, { heads: ["a", "b", "c"], stage: "s" }), {
      name: "RangeError",
      message,
    });
  });
}

Deno.test("stageNamed() finds a stage or names the nearest", () => {
  const stages = defineStages(defaultStages());
  assert.equal(stageNamed(stages, "classical"), stages[0]);
  assert.throws(() => stageNamed(stages, "clasical"), /Did you mean "classical"/);
});

Deno.test("the built-in plans are valid for the three heads", () => {
  const heads = ["classical_a", "classical_b", "quantum"];
  for (const build of Object.values(PLANS)) {
    assert.ok(defineStages(build(), { heads }).length > 0);
  }
  assert.deepEqual(Object.keys(PLANS), ["default", "head_a", "head_b", "quantum_only", "full"]);
});

Deno.test("defaultStages() scales epochs and learning rates", () => {
  const stages = defineStages(defaultStages({ epochScale: 0.01, learningRateScale: 10 }));
  assert.deepEqual(stages.map((stage) => stage.epochs), [1, 1, 1]);
  assert.deepEqual(stages.map((stage) => stage.learningRate), [1e-3, 5e-4, 1e-3]);
  assert.throws(() => defaultStages({ epochScale: 0 }), /epochScale must be a number above 0/);
  assert.throws(
    () => defaultStages({ epochsScale: 1 } as Record<string, number>),
    /Did you mean "epochScale"/,
  );
});

Deno.test("defineStages() refuses two stages whose figures would lie in one folder", () => {
  const stage = (name: string, logAlias?: string) => ({
    name,
    epochs: 1,
    train: ["*"],
    heads: ["a"],
    ...(logAlias === undefined ? {} : { logAlias }),
  });
  assert.throws(() => defineStages([stage("a", "x"), stage("b", "x")]), /stage "b": logAlias "x"/);
  assert.throws(() => defineStages([stage("a"), stage("b", "a")]), /stage "b": logAlias "a"/);
});
