import type { TrainingData } from "../data/image_files.ts";
import { splitOf } from "../data/saved_split.ts";
import { ENSEMBLE, type HybridModel } from "../model/hybrid_model.ts";
import { openedDevice } from "../tensors/open_tensors.ts";
import type { EpochRow } from "./callback.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FitOptions } from "./fit_options.ts";
import type { FitResult } from "./fit_result.ts";
import { fitSettings } from "./fit_settings.ts";
import { decideReplicas } from "./replicas/decide_replicas.ts";
import { TrainingReplicas } from "./replicas/training_replicas.ts";
import { StageRun } from "./stage_run.ts";
import { startTraining, type TrainingStart } from "./start_training.ts";
import type { StoppedAt, StopSignals } from "./stop_signals.ts";
import { stepsOf } from "./train_epoch.ts";
import { TrainingBatches } from "./training_batches.ts";
import type { TrainingContext } from "./training_context.ts";
import { TrainingPace } from "./training_pace.ts";
import type { TrainingRecord } from "./training_record.ts";
import { TrainingStopped } from "./training_stopped.ts";

/** What one call of fit is about. */
export interface Training {
  readonly model: HybridModel;
  readonly data: TrainingData;
  readonly options: FitOptions;
  readonly stops: StopSignals;
}

/** Trains all stages, from the beginning or from where the run was left. */
export async function runTraining(training: Training): Promise<FitResult> {
  const { model, data, options, stops } = training;
  const now = options.now ?? (() => performance.now());
  const started = now();
  const { run, onExisting = "error", stages, initFrom, allowOtherBackend = false } = options;
  const plan = planOf(training);
  const start = await startTraining(model, {
    ...{ run, onExisting, stages, initFrom, allowOtherBackend, plan },
  });
  // What was trained on and what was validated on is part of the result, to be done again.
  await run?.saveJson("split.json", splitOf(data));
  const settings = fitSettings(options);
  const { record } = start.moment ?? {};
  const history: EpochRow[] = [...record?.history ?? []];
  const collapses = [...record?.collapses ?? []];
  const pace = new TrainingPace(stepsLeft(training, record), options.progress);
  const decisions = stages.map((stage) => decideReplicas(model, { stage, settings }));
  const replicas = new TrainingReplicas(decisions, { model, train: data.train, settings });
  const batches = new TrainingBatches(data.train, options);
  const context: TrainingContext = {
    ...{ model, data, options, settings, plan, now, stops, pace, replicas, batches },
    ...{ history, collapses },
    validation: null,
  };
  const { signal, stopFile, stopOnInterrupt = true } = options;
  stops.listen({ signal, stopFile, interrupt: stopOnInterrupt });
  try {
    const stopped = await runStages(context, start);
    return {
      history,
      validation: context.validation ?? nothingSeen(training),
      stopped,
      collapses,
      warmStart: start.warmStart,
      replicas: decisions,
      seconds: (now() - started) / 1000,
      estimatedSeconds: pace.estimatedSeconds,
    };
  } finally {
    stops.close();
    await replicas.close();
    await batches.close();
    await pace.close();
  }
}

async function runStages(
  context: TrainingContext,
  { moment }: TrainingStart,
): Promise<StoppedAt | null> {
  const first = moment?.record.stageIndex ?? 0;
  try {
    for (let index = first; index < context.options.stages.length; index++) {
      const stage = new StageRun(context, index, index === first ? moment : undefined);
      try {
        await stage.run();
      } finally {
        stage.close();
      }
    }
    return null;
  } catch (error) {
    if (error instanceof TrainingStopped) return error.at;
    throw error;
  }
}

/** What a training must have in common with one that it goes on with. */
function planOf({ data, options }: Training): Readonly<Record<string, unknown>> {
  const { stages, initFrom } = options;
  const { fingerprint } = data;
  // Another backend, or another build of its kernels, leaves other last digits.
  const backend = openedDevice() ?? null;
  return {
    stages,
    ...fitSettings(options),
    data: fingerprint,
    initFrom: initFrom ?? null,
    backend,
  };
}

function stepsLeft({ data, options }: Training, record: TrainingRecord | undefined): number[] {
  const { batchSize } = fitSettings(options);
  const { stageIndex = 0, epoch = 0, step = 0 } = record ?? {};
  return options.stages.map((stage, i) => {
    const steps = stepsOf(stage, { count: data.train.count, batchSize });
    if (i < stageIndex) return 0;
    return i === stageIndex ? (stage.epochs - epoch) * steps - step : stage.epochs * steps;
  });
}

/** The validation of a training that was stopped before there was one: no head has an answer. */
function nothingSeen({ model }: Training): Evaluation {
  const heads = Object.fromEntries([...model.heads, ENSEMBLE].map((head) => [head, null]));
  return { yTrue: new Int32Array(0), ids: [], classes: model.classes, heads };
}
