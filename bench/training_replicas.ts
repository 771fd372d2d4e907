// A training step on two copies of the model against one on the whole batch, filling and augmenting
// it included, as fit() does it.
import { planBatches } from "../src/data/batch_plan.ts";
import { labelsOf } from "../src/data/batches.ts";
import { fillBatch } from "../src/data/fill_batch.ts";
import { syntheticFundus } from "../src/data/mod.ts";
import { hybridModel, setActiveHeads } from "../src/model/mod.ts";
import { applyStage, defineStages } from "../src/stages/mod.ts";
import { AdamW } from "../src/training/adamw.ts";
import { fitSettings } from "../src/training/fit_settings.ts";
import { lossNamed } from "../src/training/mod.ts";
import { ReplicaPool } from "../src/training/replicas/replica_pool.ts";
import { StageReplicas } from "../src/training/replicas/stage_replicas.ts";
import { trainStep } from "../src/training/train_step.ts";
import { type BenchRow, compare } from "./measure.ts";

const BATCH = 32, REPLICAS = 2;

const STAGES = defineStages([
  { name: "a", epochs: 1, train: ["encoder*", "classical_a*"], heads: ["classical_a"] },
]);

/** One row a size of image: the CNN trunk of the other tables with head A, batch 32, AdamW. */
export async function replicaRows({ quick }: { readonly quick: boolean }): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of quick ? [28] : [28, 64]) {
    const how = size === 28 ? { rounds: 31, warmUp: 60 } : { rounds: 15, warmUp: 20 };
    rows.push(await row(size, quick ? { ...how, rounds: 7 } : how));
  }
  return rows;
}

async function row(
  imageSize: number,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<BenchRow> {
  const train = syntheticFundus({ count: BATCH, size: imageSize, seed: 1 });
  const [stage] = STAGES;
  const settings = fitSettings({ stages: STAGES });
  const { plans, ...change } = planBatches(BATCH, { batchSize: BATCH, augment: true });
  const [first] = plans;
  // Not of step 0, in which weights are compared.
  const plan = { ...first, step: 1 }, y = labelsOf(train, plan.indices);
  const make = () => {
    const model = hybridModel({ classes: train.classes, imageSize });
    const applied = applyStage(model.network, stage);
    setActiveHeads(model, stage.heads);
    const optimizer = new AdamW({ weightDecay: 0 });
    return { model, applied, optimizer };
  };
  const [alone, together] = [make(), make()];
  const pool = await ReplicaPool.open({ count: REPLICAS, model: together.model, train, settings });
  const memory = { optimizer: together.optimizer, accumulator: undefined };
  const replicas = await StageReplicas.begin(pool, {
    ...{ model: together.model, stage, memory, settings, source: train, rows: BATCH },
    ...{ statistics: { gather: null }, lossShare: () => 1 },
  });
  replicas.beginEpoch(1, null);
  const how = { stage, loss: lossNamed("cross_entropy"), learningRate: 1e-4, last: true };
  const step = { ...how, maskKey: "bench" };
  const found = await compare(
    async () => {
      await replicas.step({ plan, y }, { ...step, optimizer: together.optimizer });
    },
    async () => {
      const x = fillBatch(train, plan, change);
      await trainStep(alone.model, { x, y }, { ...step, optimizer: alone.optimizer });
    },
    {
      name: `training step, ${REPLICAS} replicas`,
      ...{ against: "training step, one replica", n: imageSize, batch: BATCH, rounds, warmUp },
    },
  );
  replicas.close();
  await pool.close();
  for (const { model, applied, optimizer } of [alone, together]) {
    applied.restore();
    optimizer.dispose();
    model.network.dispose();
  }
  return found;
}
