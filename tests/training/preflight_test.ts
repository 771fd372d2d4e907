import assert from "node:assert/strict";
import type { DataSplits, ImageSet } from "../../src/data/image_set.ts";
import { loadData } from "../../src/data/load_data.ts";
import { probeHardware } from "../../src/hardware/probe_hardware.ts";
import { type HybridModel, hybridModel, quantumLayerOf } from "../../src/model/hybrid_model.ts";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";
import { fullStages, PLANS } from "../../src/stages/built_in_stages.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import type { StageDeclaration } from "../../src/stages/stage.ts";
import { preflight, type PreflightOptions } from "../../src/training/preflight.ts";
import { estimateMemory } from "../../src/training/preflight_memory.ts";
import { HEADS, smallModel, smallTask, tensorsOf } from "./_small.ts";

const LIMITS = { patience: null, epochs: 1 };

async function found(
  change: Partial<PreflightOptions> & { readonly stage?: Partial<StageDeclaration> },
  task?: { readonly model?: HybridModel; readonly data?: DataSplits },
): Promise<string[]> {
  const small = await smallTask();
  const { stage, ...options } = change;
  const stages = defineStages(
    [{ ...fullStages()[0], ...LIMITS, ...stage } as StageDeclaration],
    { heads: HEADS },
  );
  const { model = small.model, data = small.data } = task ?? {};
  const findings = await preflight(model, data, { stages, batchSize: 6, ...options });
  for (const { fix } of findings) assert.ok(fix.length > 8, fix);
  return findings.map(({ level, message }) => `${level}: ${message}`);
}

Deno.test("preflight() finds nothing in any built-in plan, and leaves model and flags alone", async () => {
  const { model, data } = await smallTask();
  const before = tensorsOf(model);
  const flags = model.network.layers.map(({ trainable }) => trainable);
  for (const plan of Object.values(PLANS)) {
    const stages = defineStages(plan(), { heads: HEADS });
    assert.deepEqual(await preflight(model, data, { stages, batchSize: 6 }), []);
  }
  assert.deepEqual(tensorsOf(model), before);
  assert.deepEqual(model.network.layers.map(({ trainable }) => trainable), flags);
});

Deno.test("preflight() finds stages that train nothing, and entries that do nothing", async () => {
  const { data } = await smallTask();
  const fusion = "skip_ensemble";
  const skipping = hybridModel({ classes: data.classes, imageSize: 16, filters: [2, 2], fusion });
  const train = ["ensemble*"];
  assert.deepEqual(await found({ stage: { train } }, { model: skipping }), [
    'error: stage "full" trains nothing: ensemble* has no weights',
  ]);
  assert.deepEqual(await found({ stage: { train, heads: ["quantum"] } }), [
    'error: stage "full" trains nothing: a fusion of one head has nothing to weigh',
  ]);
  assert.deepEqual(
    await found({ stage: { train: ["classical_b*", "compression"], heads: ["classical_a"] } }),
    [
      'error: stage "full" trains nothing: no active head with a loss depends on classical_b*, compression',
    ],
  );
  assert.deepEqual(
    await found({ stage: { train: ["classical_a", "quantum*"], heads: ["classical_a"] } }),
    ['warning: stage "full": quantum* in train has no weight that could move'],
  );
  const [unknown] = await found({ stage: { train: ["encodr*"] } });
  assert.match(unknown, /^error: .*"encodr\*" matches no layer\. Layers: encoder/);
});

Deno.test("preflight() finds data that do not fit the model", async () => {
  const data = await loadData("synthetic", { count: 30, imageSize: 32, seed: 1 });
  const [size, ...rest] = await found({}, { data });
  assert.match(size, /^error: .*32x32, the model takes 16x16/);
  assert.equal(rest.length, 1); // the same of the other split
  const { data: small } = await smallTask();
  const classes = ["a", "b", "c", "d", "e"];
  const named = { ...small, train: { ...small.train, classes }, val: { ...small.val, classes } };
  assert.match((await found({}, { data: named }))[0], /^error: .*classes of .* are a, b, c, d, e/);
});

Deno.test("preflight() finds a class without images, in training and in validation", async () => {
  const { data } = await smallTask();
  const without = (set: ImageSet, label: number): ImageSet => ({
    ...set,
    labels: set.labels.map((x) => x === label ? 0 : x),
  });
  assert.deepEqual(await found({}, { data: { ...data, train: without(data.train, 2) } }), [
    "error: no training image is of moderate: it cannot be learned",
  ]);
  const [unseen] = await found({}, { data: { ...data, val: without(data.val, 4) } });
  assert.match(unseen, /^warning: no validation image is of proliferative/);
});

Deno.test("preflight() holds batches against the number of images", async () => {
  assert.match(
    (await found({ batchSize: 32 }))[0],
    /^warning: stage "full": 32 images a step of \d+ training images make an epoch a single step/,
  );
  assert.match((await found({ stage: { gradientAccumulation: 9 } }))[0], /9 times 6 images a step/);
  assert.deepEqual(await found({ stage: { batchSize: 4 }, batchSize: 32 }), []);
});

Deno.test("preflight() says what fit() would refuse", async () => {
  assert.match((await found({ batchSize: 1 }))[0], /^error: fit: batchSize must be 2 or more/);
  assert.match(
    (await found({ loss: "class_balanced" as never, imbalance: "sampler" }))[0],
    /^error: /,
  );
  await assert.rejects(found({ bachSize: 3 } as never), /preflight: unknown option "bachSize"/);
});

Deno.test("preflight() estimates memory from shapes and holds it against the machine", async () => {
  const { model, data } = await smallTask();
  const hardware = await probeHardware();
  const limited = (bytes: number) => ({
    ...hardware,
    memory: {
      ...hardware.memory,
      availableBytes: { status: "ok" as const, value: bytes, reason: "for this test" },
      cgroupLimitBytes: { status: "absent" as const, reason: "for this test" },
    },
  });
  const stages = defineStages(fullStages(), { heads: HEADS });
  const { weights, batch, states, images } = estimateMemory(model, data, { stages });
  const { train, val } = data;
  assert.equal(images, (train.count + val.count) * 16 * 16 * 3);
  assert.equal(states, 2 ** 2 * train.count * 24); // 24 images make the largest batch
  const needed = weights + batch + states + images;
  assert.deepEqual(await found({ stages, hardware: limited(2 * needed), batchSize: 8 }), []);
  assert.match(
    (await found({ stages, hardware: limited(needed / 8), batchSize: 12 }))[0],
    /^error: the training needs about \d+ MiB, and this machine has left \d+ MiB/,
  );
  assert.match(
    (await found({ stages, hardware: limited(needed), batchSize: 32 }))[1],
    /^warning: the training needs about/,
  );
});

Deno.test("preflight() says what becomes of replicas, and of a simulator without a lock", async () => {
  const { data } = await smallTask();
  assert.deepEqual(await found({ stage: { replicas: 3 } }), []);
  const [asked] = await found({ stage: { replicas: 4 } });
  assert.match(
    asked,
    /^warning: stage "full": 4 replicas are asked for, and 1 is used: .* batch of 6/,
  );
  const model = smallModel(data);
  const layer = quantumLayerOf(model);
  layer.simulator = { ...layer.simulator, reentrant: false };
  assert.match(
    (await found({}, { model }))[0],
    /^warning: stage full: the simulator is not re-ent/,
  );
  assert.deepEqual(await found({ lock: samplerLock({ name: "test" }) }, { model }), []);
});
