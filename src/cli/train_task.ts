import { channelStatistics } from "../data/channel_statistics.ts";
import type { DataSplits } from "../data/image_set.ts";
import { loadData } from "../data/load_data.ts";
import { type HybridModel, hybridModel } from "../model/hybrid_model.ts";
import { openSampler, type SamplerReport } from "../quantum/open_sampler.ts";
import type { SamplerLock } from "../sampler_lock/lock_contract.ts";
import { samplerLock } from "../sampler_lock/sampler_lock.ts";
import { type BackendReport, openTensors } from "../tensors/open_tensors.ts";
import { asUsage } from "./as_usage.ts";
import type { TrainPlan } from "./train_plan.ts";

/** All that a training needs at hand. */
export interface TrainTask {
  readonly data: DataSplits;
  readonly model: HybridModel;
  readonly lock: SamplerLock;
  readonly backend: BackendReport;
  readonly sampler: SamplerReport;
}

/**
 * Loads the data and builds the model of a plan. The same plan builds the same model, to the byte.
 *
 * @throws {UsageError} for a configuration that the model cannot take
 */
export async function openTask({ config, spec, seed }: TrainPlan): Promise<TrainTask> {
  const data = await asUsage(
    "configuration: data",
    () => loadData(spec, { seed, ...config.data }),
  );
  // On WebGPU a circuit would run as tensor operations, far slower than on a simulator.
  const { report: backend } = await openTensors({ prefer: ["wasm+onednn", "wasm", "cpu"] });
  const lock = samplerLock({ name: "simulator" });
  const { simulator, report: sampler } = await openSampler({ lock });
  const model = await asUsage("configuration: model", () =>
    hybridModel({
      imageSize: data.train.width,
      // Large images need one more block, and thin first layers to stay fast.
      filters: data.train.width >= 48 ? [8, 16, 32, 64] : [16, 32, 64],
      normalization: channelStatistics(data.train),
      ...config.model,
      classes: data.classes,
      simulator,
      seed,
    }));
  return { data, model, lock, backend, sampler };
}
