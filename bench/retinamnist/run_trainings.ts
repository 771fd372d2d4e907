// Trains what the rows do not have yet.
import { type DataSplits, type ImageSet, kFold, selectImages } from "../../src/data/mod.ts";
import { type Configuration, configurationNamed } from "./configurations.ts";
import { appendRow, isAt, loadRows, recipeOf } from "./rows.ts";
import { type Place, type TrainedRow, trainOne, trainPca } from "./train_one.ts";

/** What is to be trained. */
export interface TrainingPlan {
  readonly data: DataSplits;
  /** Names of configurations, in order. */
  readonly names: readonly string[];
  /** Seeds of the 5-fold cross-validation inside the training split. */
  readonly foldSeeds: readonly number[];
  /** Seeds of the trainings on the whole training split. */
  readonly seeds: readonly number[];
  readonly folds: number;
  /** Fewer epochs than the recipe has, to see that it runs. */
  readonly epochs?: number;
  /** Score the whole trainings on the test split too. */
  readonly test: boolean;
  /** Where rows are kept. */
  readonly file: string;
  readonly log: (line: string) => void;
}

/**
 * The rows of the plan, those of the file and those that were missing. Seed after seed, so that a
 * bench that is stopped early has compared all configurations on as many seeds.
 */
export async function runTrainings(plan: TrainingPlan): Promise<TrainedRow[]> {
  const known = await loadRows(plan.file);
  const rows: TrainedRow[] = [];
  const { data: { fingerprint }, epochs } = plan;
  for (const { configuration, place } of trainingsOf(plan)) {
    const recipe = recipeOf(configuration, { fingerprint, epochs });
    const found = known.find((row) => isAt(row, configuration.name, recipe, place));
    const wanted = plan.test && place.protocol === "whole" ? ["val", "test"] : ["val"];
    if (found !== undefined && wanted.every((split) => split in found.answers)) {
      rows.push(found);
      continue;
    }
    const row = await train(plan, configuration, { place, recipe });
    await appendRow(plan.file, row);
    rows.push(row);
    const where = `${place.protocol} seed ${place.seed} fold ${place.fold}`;
    plan.log(`${configuration.name}, ${where}: ${row.seconds} s`);
  }
  return rows;
}

/** One training of the plan. */
interface PlannedTraining {
  readonly configuration: Configuration;
  readonly place: Place;
}

function trainingsOf({ names, foldSeeds, folds, seeds }: TrainingPlan): PlannedTraining[] {
  const all = names.map(configurationNamed);
  const cv = foldSeeds.flatMap((seed) =>
    all.flatMap((configuration) =>
      Array.from({ length: folds }, (_, fold): PlannedTraining => (
        { configuration, place: { protocol: "cv", seed, fold } }
      ))
    )
  );
  // What is only looked at by cross-validation is not looked at elsewhere.
  const main = all.filter(({ group }) => group === "main");
  const whole = seeds.flatMap((seed) =>
    main.map((configuration): PlannedTraining => (
      { configuration, place: { protocol: "whole", seed, fold: 0 } }
    ))
  );
  return [...cv, ...whole];
}

async function train(
  { data, folds, epochs, test }: TrainingPlan,
  configuration: Configuration,
  { place, recipe }: { readonly place: Place; readonly recipe: string },
): Promise<TrainedRow> {
  const splits = place.protocol === "whole" ? data : foldOf(data, { ...place, folds });
  const score: Record<string, ImageSet> = {};
  if (test && place.protocol === "whole" && data.test) score.test = data.test;
  if (configuration.components !== undefined) {
    return trainPca(configuration, { data: splits, place, recipe, score });
  }
  const { row, model } = await trainOne(configuration, {
    ...{ data: splits, place, recipe, score },
    ...(epochs !== undefined && { epochs }),
  });
  model.network.dispose();
  return row;
}

/** A fold of the training split alone: validation and test stay out of it. */
export function foldOf(
  data: DataSplits,
  { seed, fold, folds }: { readonly seed: number; readonly fold: number; readonly folds: number },
): DataSplits {
  const cut = kFold(data.train.labels, { folds, seed })[fold];
  const [train, val] = [cut.train, cut.val].map((rows) => selectImages(data.train, rows));
  const { test: _, ...rest } = data;
  return { ...rest, train, val };
}
