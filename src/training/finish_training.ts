import { checkOptions } from "../_internal/check_options.ts";
import { probeHardware } from "../hardware/probe_hardware.ts";
import { saveReport } from "../report/save_report.ts";
import type { TrainingData } from "../data/image_files.ts";
import { type PredictionSummary, summarizePredictions } from "../metrics/summarize_predictions.ts";
import type { SummaryFigures } from "../metrics/summary_table.ts";
import { saveHybridModel } from "../model/hybrid_files.ts";
import { ENSEMBLE, fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import { parameterCounts } from "../model/parameter_counts.ts";
import type { Manifest } from "../runs/manifest.ts";
import { runVersions } from "../runs/build_manifest.ts";
import type { Run } from "../runs/run.ts";
import type { SamplerReport } from "../quantum/open_sampler.ts";
import type { SamplerLockStats } from "../sampler_lock/lock_stats.ts";
import type { BackendReport } from "../tensors/open_tensors.ts";
import type { FitResult } from "./fit_result.ts";
import { saveRunFigures } from "./save_run_figures.ts";
import { verifyTraining } from "./verify_training.ts";

/** What {@linkcode finishTraining} needs besides the run. */
export interface FinishTrainingOptions {
  /** What was trained. */
  readonly model: HybridModel;
  /** What it was trained on. */
  readonly data: TrainingData;
  /** What `fit()` returned. */
  readonly result: FitResult;
  /** Which tensor backend computed, and why. */
  readonly backend: BackendReport;
  /** Which simulator ran the circuits, and why. @default null */
  readonly sampler?: SamplerReport;
  /** What the lock around the simulator saw. @default null */
  readonly lock?: SamplerLockStats;
  /** Seed of the bootstrap intervals. @default {0} */
  readonly seed?: number;
  /** Clock in milliseconds, for the time that each part takes. @default {performance.now} */
  readonly now?: () => number;
}

/** Options of {@linkcode summarizeHeads}. */
export interface SummarizeHeadsOptions {
  /** Seed of the resamples. @default {0} */
  readonly seed?: number;
  /** Bootstrap resamples. @default {1000} */
  readonly samples?: number;
}

/** Figures of every active head on the validation split, with 95 % bootstrap intervals. */
export function summarizeHeads(
  { validation }: Pick<FitResult, "validation">,
  options: SummarizeHeadsOptions = {},
): Record<string, PredictionSummary> {
  checkOptions("summarizeHeads", options, ["seed", "samples"]);
  const { seed = 0, samples = 1000 } = options;
  const out: Record<string, PredictionSummary> = {};
  for (const [head, probabilities] of Object.entries(validation.heads)) {
    if (probabilities === null) continue;
    const classes = validation.classes.length;
    out[head] = summarizePredictions(validation.yTrue, probabilities, { classes, seed, samples });
  }
  return out;
}

/**
 * Ends a run of {@linkcode fit}: figures and tables of the whole run, model with its card, then the
 * manifest with the figures of the deployed answer. Only now does the run count as finished.
 *
 * @throws {IncompleteRunError} when the folder does not hold what was trained; there is no manifest then
 */
export async function finishTraining(run: Run, options: FinishTrainingOptions): Promise<Manifest> {
  checkOptions("finishTraining", options, [
    "model",
    "data",
    "result",
    "backend",
    "sampler",
    "lock",
    "seed",
    "now",
  ]);
  const { model, data, result, backend, sampler, lock, seed } = options;
  const summaries = summarizeHeads(result, { seed });
  const now = options.now ?? (() => performance.now());
  await saveRunFigures(run, { model, data, result, backend: backend.chosen, now });
  const { synthetic, fundus } = data;
  await saveHybridModel(model, `${run.folder}/model`, { synthetic, fundus });
  await run.adopt("model");
  await run.save("model/README.md", modelCard({ run, model, data, summaries }));
  await verifyTraining(run, { model, history: result.history });
  const facts = {
    status: result.stopped === null ? "finished" : "interrupted",
    backend,
    lock: lock ?? null,
    sampler: sampler ?? null,
    replicas: result.replicas,
    estimatedSeconds: result.estimatedSeconds,
    data: dataFacts(data),
    metrics: metricsOf(summaries),
    parameters: parameterCounts(model),
    activeHeads: fusionOf(model).activeHeads,
  } as const;
  // The manifest lists the page as well, so that the page comes first and is told what it will say.
  const hardware = await probeHardware();
  const versions = runVersions(hardware);
  await saveReport(run.folder, {
    facts: { ...facts, synthetic: run.synthetic, hardware, versions },
  });
  await run.adopt("reports/index.html");
  return await run.finish(facts);
}

function dataFacts(data: TrainingData) {
  const { train, val, classes, synthetic, fingerprint } = data;
  return {
    name: train.name,
    source: train.source,
    synthetic,
    fingerprint,
    classes,
    train: train.count,
    val: val.count,
    imageSize: [train.height, train.width],
  };
}

/** The figures people compare, by head. */
function metricsOf(summaries: Record<string, PredictionSummary>): Record<string, SummaryFigures> {
  return Object.fromEntries(
    Object.entries(summaries).map(([head, summary]) => {
      const { count, accuracy, balancedAccuracy, quadraticWeightedKappa, macroAuc } = summary;
      return [head, { count, accuracy, balancedAccuracy, quadraticWeightedKappa, macroAuc }];
    }),
  );
}

function modelCard(
  { run, model, data, summaries }: {
    run: Run;
    model: HybridModel;
    data: TrainingData;
    summaries: Record<string, PredictionSummary>;
  },
): string {
  const ensemble = summaries[ENSEMBLE];
  const made = data.synthetic ? "The images are drawn by a program, not photographed. " : "";
  return `# Model of run ${run.id}

Hybrid classical + quantum classifier of ${model.imageSize}x${model.imageSize} images into: ${
    model.classes.join(", ")
  }.

**Not for clinical use.** ${made}Trained on ${data.train.count} images of "${data.train.name}", figures below are
from ${data.val.count} validation images of the same source, which were not used for training.

| figure of the ensemble | value |
|---|---|
| accuracy | ${cardFigure(ensemble.accuracy)} |
| balanced accuracy | ${cardFigure(ensemble.balancedAccuracy)} |
| quadratic weighted kappa | ${cardFigure(ensemble.quadraticWeightedKappa)} |
| macro AUC | ${cardFigure(ensemble.macroAuc)} |

Load it with \`loadHybridModel(folder)\` of \`@qsight/qsight/model\`.
`;
}

function cardFigure({ value, reason, interval }: PredictionSummary["accuracy"]): string {
  if (value === null) return `undefined (${reason})`;
  const { low, high } = interval ?? { low: null, high: null };
  if (low === null || high === null) return value.toFixed(3);
  return `${value.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`;
}
