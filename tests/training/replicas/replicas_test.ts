import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSplits } from "../../../src/data/image_set.ts";
import { hybridModel, quantumLayerOf } from "../../../src/model/hybrid_model.ts";
import type { HybridModel } from "../../../src/model/hybrid_model.ts";
import { openSampler } from "../../../src/quantum/open_sampler.ts";
import { openRun } from "../../../src/runs/open_run.ts";
import { samplerLock } from "../../../src/sampler_lock/sampler_lock.ts";
import { defineStages } from "../../../src/stages/define_stages.ts";
import type { StageDeclaration } from "../../../src/stages/stage.ts";
import { tfjs } from "../../../src/tensors/tf.ts";
import { fit } from "../../../src/training/fit.ts";
import type { FitOptions } from "../../../src/training/fit_options.ts";
import { threadsOf } from "../../_tools/threads_of.ts";
import { eventfulFit, eventfulRun, lastingBytes } from "../_resume.ts";
import { HEADS, ROWS, smallModel, smallTask, stagesNamed, tensorsOf } from "../_small.ts";

const { data } = await smallTask();

/** Stages of plain gradient descent: Adam makes a step of the noise where a gradient is nothing. */
function descent(name: string, change: Partial<StageDeclaration> = {}) {
  const row = ROWS.find((row) => row.name === name)!;
  return defineStages([{ ...row, optimizer: "sgd", epochs: 2, learningRate: 0.1, ...change }], {
    heads: HEADS,
  });
}

/** The largest difference between the weights of two models, and between the losses of two trainings. */
async function difference(
  options: Omit<FitOptions, "replicas"> & { readonly replicas: number },
  make: (data: DataSplits) => HybridModel = smallModel,
): Promise<{ weights: number; losses: number }> {
  const train = async (replicas: number) => {
    const model = make(data);
    const result = await fit(model, data, { progress: false, batchSize: 10, ...options, replicas });
    assert.deepEqual(result.replicas.map(({ used }) => used), options.stages.map(() => replicas));
    return { model, losses: result.history.map(({ loss }) => loss) };
  };
  const [one, several] = [await train(1), await train(options.replicas)];
  const values = ({ model }: typeof one) =>
    model.network.getWeights().flatMap((weight) => [...weight.dataSync()]);
  return {
    weights: farthest(values(one), values(several)),
    losses: farthest(one.losses, several.losses),
  };
}

function farthest(a: readonly number[], b: readonly number[]): number {
  assert.equal(a.length, b.length);
  return Math.max(...a.map((x, i) => Math.abs(x - b[i])));
}

for (const batchNorm of ["frozen", "synchronized"] as const) {
  Deno.test(`replicas train as one does with ${batchNorm} batch norm: clipped, accumulated, dropped`, async () => {
    // The detector lowers a weight after the first epoch, in all replicas.
    const collapse = { threshold: 0.01, patience: 1, cooldown: 0 };
    // 24 images in batches of 10: the last has 4, and of three replicas only the first computes it.
    for (const replicas of [2, 3]) {
      const found = await difference({
        ...{
          replicas,
          batchNorm,
          imbalance: "class_weights",
          labelSmoothing: 0.1,
          warmupEpochs: 0,
        },
        collapse,
        stages: descent("classical", { gradientAccumulation: 2, clipNorm: 1 }),
      });
      assert.ok(found.weights < 1e-5 && found.losses < 1e-5, JSON.stringify(found));
    }
  });
}

Deno.test("replicas differ from one where each takes its own statistics, which shows that they do", async () => {
  const stages = descent("classical");
  const { losses } = await difference({ stages, replicas: 2, batchNorm: "replica" });
  assert.ok(losses > 1e-4, `${losses}`);
});

Deno.test("replicas train the quantum head as one does, noise and a mean over tasks included", async () => {
  const make = ({ classes }: DataSplits) =>
    hybridModel({
      ...{ classes, imageSize: 16, filters: [2, 2], wires: 2, layers: 1, ordinal: true },
      quantumHead: { temperature: 2, noise: 0.3 },
    });
  const annealing = { noise: { from: 0.3, to: 0.1 } } as const;
  const found = await difference(
    {
      ...{ replicas: 2, batchNorm: "synchronized", loss: "corn" },
      stages: descent("quantum", { annealing }),
    },
    make,
  );
  assert.ok(found.weights < 1e-5 && found.losses < 1e-5, JSON.stringify(found));
});

Deno.test("replicas leave the same bytes each time, and notice the same collapses", async () => {
  const train = async () => {
    const model = smallModel(data);
    const { history, collapses } = await fit(model, data, {
      ...{ stages: stagesNamed(["classical", "ensemble"], 3), batchSize: 8, replicas: 3 },
      ...{ progress: false, seed: 4 },
      collapse: { threshold: 0.01, patience: 1, cooldown: 0 },
    });
    return { history, collapses, tensors: tensorsOf(model) };
  };
  const first = await train();
  assert.deepEqual(await train(), first);
  assert.ok(first.collapses.length > 0);
});

Deno.test("replicas stopped in any place and resumed end with the same bytes", () =>
  inFolder(async (root) => {
    const whole = await eventfulRun(root);
    const { replicas } = await eventfulFit(data, { run: whole, replicas: 2 });
    assert.deepEqual(replicas.map(({ used }) => used), [2, 2, 2]);
    const wanted = await lastingBytes(whole.folder);
    for (const batch of [2, 9]) {
      const run = await eventfulRun(root);
      const controller = new AbortController();
      let batches = 0;
      const progress = () => {
        if (++batches === batch) controller.abort();
      };
      const { signal } = controller;
      await assert.rejects(eventfulFit(data, { run, replicas: 2, progress, signal }), {
        name: "AbortError",
      });
      assert.equal(batches, batch);
      await eventfulFit(data, { run: await eventfulRun(root, run.id), replicas: 2 });
      assert.deepEqual(await lastingBytes(run.folder), wanted, `batch ${batch}`);
    }
    const again = await eventfulRun(root, whole.id);
    await assert.rejects(
      eventfulFit(data, { run: again, replicas: 3 }),
      /replicas \(2 then, 3 now\)/,
    );
  }));

Deno.test("a replica that dies ends the training, which says so; resumed, its bytes are the same", () =>
  inFolder(async (root) => {
    const whole = await eventfulRun(root);
    await eventfulFit(data, { run: whole, replicas: 2 });
    const wanted = await lastingBytes(whole.folder);
    const run = await eventfulRun(root);
    let batches = 0;
    await threadsOf(async (threads) => {
      const progress = () => {
        if (++batches === 4) { for (const { worker } of threads()) void worker.terminate(); }
      };
      await assert.rejects(
        eventfulFit(data, { run, replicas: 2, progress }),
        /replica 1 ended, and the training with it: its thread ended .* onExisting: "resume"/,
      );
    });
    assert.ok(batches < 8);
    await eventfulFit(data, { run: await eventfulRun(root, run.id), replicas: 2 });
    assert.deepEqual(await lastingBytes(run.folder), wanted);
  }));

Deno.test("a replica's error ends the training with its message", async () => {
  await threadsOf(async (threads) => {
    const options = {
      stages: stagesNamed(["classical"], 3),
      batchSize: 8,
      progress: false,
    } as const;
    const callbacks = [{
      onEpochEnd: () => {
        for (const { worker } of threads()) worker.postMessage({ kind: "step", step: {} });
      },
    }];
    await assert.rejects(
      fit(smallModel(data), data, { ...options, replicas: 2, callbacks }),
      /replica 1 ended, and the training with it: .*undefined/,
    );
  });
});

Deno.test("replicas: a loss that is no number moves no weight, leaves its dump, and ends the threads", () =>
  inFolder(async (root) => {
    const run = await openRun({ root, seed: 0, config: {} });
    const model = smallModel(data);
    const dense = model.network.getLayer("classical_a");
    dense.setWeights(dense.getWeights().map((weight) => tfjs().fill(weight.shape, NaN)));
    const before = tensorsOf(model).get("classical_b/kernel");
    const threads = await threadsOf(async () => {
      const stages = stagesNamed(["classical"]);
      await assert.rejects(
        fit(model, data, { stages, batchSize: 8, run, replicas: 2, progress: false }),
        { name: "NonFiniteLossError" },
      );
    });
    assert.equal(threads.length, 1);
    await Promise.all(threads.map(({ ended }) => ended));
    assert.equal(tensorsOf(model).get("classical_b/kernel"), before);
    const [name] = await readdir(join(run.folder, "dumps"));
    const { images } = JSON.parse(await readFile(join(run.folder, "dumps", name), "utf8"));
    assert.equal(images.length, 8);
  }));

Deno.test("replicas notice weights that a callback changed in one copy only", async () => {
  const model = smallModel(data);
  const layer = model.network.getLayer("classical_a");
  const callbacks = [{
    onEpochEnd: () => {
      const [kernel, bias] = layer.getWeights();
      layer.setWeights([kernel, tfjs().tidy(() => bias.add(1e-6))]);
    },
  }];
  await assert.rejects(
    fit(model, data, {
      ...{ stages: stagesNamed(["classical"], 2), batchSize: 8, replicas: 2, progress: false },
      callbacks,
    }),
    /weights of replica 1 differ .* callback/,
  );
});

Deno.test("a stage says why it trains on one: the sampler, a simulator of one's own, a small batch", async () => {
  const model = smallModel(data), layer = quantumLayerOf(model);
  const reasons = async (stages: FitOptions["stages"], batchSize = 8) => {
    const options = { stages, batchSize, replicas: 2, progress: false } as const;
    const { replicas } = await fit(model, data, options);
    return replicas.map(({ used, reason }) => `${used}: ${reason}`);
  };
  const own = layer.simulator;
  layer.simulator = { ...own, reentrant: false };
  const [a, b] = await reasons(stagesNamed(["quantum", "head_b"]));
  assert.match(a, /^1: head "quantum" is active and its sampler is not re-entrant/);
  assert.match(b, /^2: /);
  // One that openSampler() chose and locked can be made again, one that counts calls cannot.
  layer.simulator = (await openSampler({ lock: samplerLock({ name: "test" }) })).simulator;
  assert.match((await reasons(stagesNamed(["quantum"])))[0], /^2: /);
  layer.simulator = { ...own };
  assert.match((await reasons(stagesNamed(["quantum"])))[0], /^1: .*cannot be copied to a thread/);
  assert.match((await reasons(stagesNamed(["head_b"]), 3))[0], /^1: .*fewer than 2 images/);
});

Deno.test("fit() refuses a number of replicas and a batch norm that make no sense", async () => {
  const stages = stagesNamed(["classical"]), model = smallModel(data);
  for (const replicas of [0, 1.5]) {
    await assert.rejects(fit(model, data, { stages, replicas }), /replicas must be 1 or more/);
  }
  const batchNorm = "synchronised" as never;
  await assert.rejects(fit(model, data, { stages, batchNorm }), /Did you mean "synchronized"/);
});

async function inFolder(body: (root: string) => Promise<void>) {
  const root = await mkdtemp(join(tmpdir(), "qsight-replicas-test-"));
  try {
    await body(root);
  } finally {
    await rm(root, { recursive: true });
  }
}
