// One training of a configuration, and what of it is kept.
import {
  channelStatistics,
  type DataSplits,
  type ImageSet,
  selectImages,
  splitStratified,
} from "../../src/data/mod.ts";
import {
  ENSEMBLE,
  type HybridModel,
  hybridModel,
  parameterCounts,
  withAblation,
} from "../../src/model/mod.ts";
import { defineStages } from "../../src/stages/mod.ts";
import { evaluate, type Evaluation, fit, type FitResult } from "../../src/training/mod.ts";
import type { Configuration } from "./configurations.ts";
import { packed } from "./packed.ts";
import { pcaSoftmax } from "./pca_softmax.ts";

/** Which images train and which are scored. */
export interface Place {
  /** `cv`: folds of the training split; `whole`: all of it, scored on val and, if asked, on test. */
  readonly protocol: "cv" | "whole";
  /** Seed of the folds, or of a whole training. */
  readonly seed: number;
  /** Number of the fold; 0 for a whole training. */
  readonly fold: number;
}

/** A finished training, as a line of the file of rows. */
export interface TrainedRow extends Place {
  readonly configuration: string;
  /** Of data and configuration: rows of others are not taken for these. */
  readonly recipe: string;
  readonly images: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly parameters: { readonly classical: number; readonly quantum: number };
  /** Probabilities by split and output, as `packed()` has them, in the order of the split. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By epoch: training loss, validation loss and validation AUC of what answers. */
  readonly curve: readonly (readonly [number, number, number | null])[];
}

/** A training of a configuration on some images, and the model that it left. */
export async function trainOne(
  configuration: Configuration,
  { data, place, recipe, epochs, score = {} }: {
    /** `train` trains; `val` is looked at after each epoch and chooses nothing. */
    readonly data: DataSplits;
    readonly place: Place;
    readonly recipe: string;
    /** Fewer than the recipe has, to see that it runs. */
    readonly epochs?: number;
    /** What else is scored in the end. */
    readonly score?: Readonly<Record<string, ImageSet>>;
  },
): Promise<{ readonly row: TrainedRow; readonly model: HybridModel }> {
  const { answer, share } = configuration;
  const seed = 100 * place.seed + place.fold;
  const train = share === 1 ? data.train : partOf(data.train, { share, seed });
  const stage = { ...configuration.stage, ...(epochs !== undefined && { epochs }) };
  const model = hybridModel({
    ...configuration.model,
    classes: data.classes,
    imageSize: train.width,
    normalization: channelStatistics(train),
    seed,
  });
  const stages = defineStages([stage]);
  const options = { ...configuration.fit, stages, seed, progress: false } as const;
  const result = await fit(model, { ...data, train }, options);
  const answers: Record<string, Record<string, string>> = { val: kept(result.validation, answer) };
  if (configuration.model.quantumHead?.between === undefined && stage.heads.includes("quantum")) {
    const off = await withAblation(model, () => evaluate(model, data.val), { off: "circuit" });
    answers["val, circuit off"] = kept(off, answer);
  }
  for (const [name, set] of Object.entries(score)) {
    answers[name] = kept(await evaluate(model, set), answer);
  }
  const row = {
    configuration: configuration.name,
    ...place,
    recipe,
    images: train.count,
    epochs: stage.epochs,
    seconds: round(result.seconds, 1),
    parameters: trained(model, configuration),
    answers,
    curve: curveOf(result, answer),
  };
  return { row, model };
}

/** The same of softmax regression on principal components. */
export function trainPca(
  { name, components = 1, answer }: Configuration,
  { data, place, recipe, score }: {
    readonly data: DataSplits;
    readonly place: Place;
    readonly recipe: string;
    readonly score: Readonly<Record<string, ImageSet>>;
  },
): TrainedRow {
  const started = performance.now();
  const sets = { val: data.val, ...score };
  const found = pcaSoftmax(data.train, { components, score: Object.values(sets) });
  const answers = Object.keys(sets).map((split, i) => [split, { [answer]: packed(found[i]) }]);
  return {
    ...{ configuration: name, ...place, recipe, images: data.train.count, epochs: 0 },
    seconds: round((performance.now() - started) / 1000, 1),
    parameters: { classical: (components + 1) * data.classes.length, quantum: 0 },
    answers: Object.fromEntries(answers),
    curve: [],
  };
}

/** The same share of each class. */
function partOf(
  set: ImageSet,
  { share, seed }: { readonly share: number; readonly seed: number },
): ImageSet {
  return selectImages(set, splitStratified(set.labels, { valFraction: share, seed }).val);
}

/** Of a fusion the answers of its heads too. */
function kept({ heads }: Evaluation, answer: string): Record<string, string> {
  const all = Object.entries(heads).filter(([, values]) => values !== null);
  const wanted = answer === ENSEMBLE ? all : all.filter(([head]) => head === answer);
  return Object.fromEntries(wanted.map(([head, values]) => [head, packed(values!)]));
}

/** Parameters of the parts that were trained. */
function trained(model: HybridModel, { stage }: Configuration): TrainedRow["parameters"] {
  const parts = parameterCounts(model).filter(({ part }) =>
    stage.train.some((name) => part === name || part.startsWith(`${name}_`))
  );
  const sum = (kind: "classical" | "quantum") =>
    parts.reduce((total, counts) => total + counts[kind], 0);
  return { classical: sum("classical"), quantum: sum("quantum") };
}

function curveOf({ history }: FitResult, answer: string): TrainedRow["curve"] {
  const of = (split: string) => history.filter((row) => row.split === split && row.head === answer);
  const val = of("val");
  return of("train").map(({ loss }, i) => [
    round(loss, 5),
    round(val[i].loss, 5),
    val[i].macroAuc === null ? null : round(val[i].macroAuc, 4),
  ]);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
