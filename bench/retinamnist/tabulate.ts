// All that the rows become: lines, comparisons and what both are made of belong together.
// From finished trainings to the lines of the table and the comparisons.
import { type DataSplits, kFold } from "../../src/data/mod.ts";
import {
  bootstrapInterval,
  type CalibrationBin,
  decideByThresholds,
  type DecisionRule,
  expectedGrades,
  fitTemperature,
  fitThresholds,
  pairedBootstrap,
  summarizePredictions,
} from "../../src/metrics/mod.ts";
import { median } from "../measure.ts";
import { type Configuration, configurationNamed } from "./configurations.ts";
import { unpacked } from "./packed.ts";
import { deviationOf, type FigureName, meanOf, Scored, type SeedAnswers } from "./scored.ts";
import type { TrainedRow } from "./train_one.ts";

/** The figures that count in the comparison. */
export const HEADLINE: readonly FigureName[] = ["accuracy", "quadraticWeightedKappa", "macroAuc"];
const OTHERS: readonly FigureName[] = [
  ...["balancedAccuracy", "macroF1", "logLoss", "brier"] as const,
  ...[
    "expectedCalibrationError",
    "adaptiveCalibrationError",
    "sensitivity",
    "specificity",
  ] as const,
  ...[0, 1, 2, 3, 4].map((c) => `recall ${c}` as const),
];
const RULES: readonly DecisionRule[] = ["argmax", "thresholds"];

/** One figure: mean over seeds, their spread, and what other images would have made of it. */
export interface Figure {
  readonly mean: number | null;
  /** Standard deviation over seeds; null with one seed. */
  readonly sd: number | null;
  /** 95 % bootstrap interval over images; null where none was asked for. */
  readonly interval: readonly [number, number] | null;
}

/** One line of the table. */
export interface Line {
  readonly name: string;
  readonly about: string;
  /** `cv`, `val` or `test`. */
  readonly on: string;
  /** The output that answers: that of the configuration, a head of it, or one with the circuit off. */
  readonly answer: string;
  readonly rule: DecisionRule;
  readonly seeds: number;
  readonly images: number;
  readonly figures: Readonly<Record<string, Figure>>;
  /** Median seconds of a training. */
  readonly seconds: number;
  readonly parameters: { readonly classical: number; readonly quantum: number };
  /** Counts of the first seed, rows are true grades; of what answers in cross-validation only. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** Bins of the reliability diagram of the same. */
  readonly calibration: readonly CalibrationBin[] | null;
  /** Fitted out of fold: above 1 for answers that are too certain. Of cross-validation only. */
  readonly temperature: number | null;
}

/** A configuration less its control, image by image. */
export interface Comparison {
  readonly name: string;
  readonly control: string;
  readonly figure: FigureName;
  readonly rule: DecisionRule;
  readonly difference: number;
  readonly interval: readonly [number, number];
  /** Of images and of seeds together. */
  readonly standardError: number;
  readonly pValue: number;
  readonly seeds: number;
}

/** What {@linkcode tabulate} needs. */
export interface TableOptions {
  readonly data: DataSplits;
  readonly folds: number;
  /** Bootstrap resamples. */
  readonly samples: number;
}

/** Lines and comparisons of all configurations of which at least one whole seed is there. */
export function tabulate(
  rows: readonly TrainedRow[],
  options: TableOptions,
): { readonly lines: Line[]; readonly comparisons: Comparison[] } {
  const names = [...new Set(rows.map(({ configuration }) => configuration))];
  const lines: Line[] = [], comparisons: Comparison[] = [];
  for (const name of names) {
    const configuration = configurationNamed(name);
    lines.push(...linesOf(configuration, rows, options));
    const { control } = configuration;
    if (control === null) continue;
    comparisons.push(...compared(configuration, configurationNamed(control), { rows, ...options }));
  }
  return { lines, comparisons };
}

/** The answers of each whole seed of cross-validation, in the order of the training split. */
export function outOfFold(
  rows: readonly TrainedRow[],
  { name, output, split = "val" }: { name: string; output: string; split?: string },
  { data, folds }: TableOptions,
): Map<number, SeedAnswers> {
  const classes = data.classes.length, { labels, count } = data.train;
  const own = rows.filter((row) => row.configuration === name && row.protocol === "cv");
  const found = new Map<number, SeedAnswers>();
  for (const seed of new Set(own.map((row) => row.seed))) {
    const parts = own.filter((row) => row.seed === seed && row.answers[split]?.[output]);
    if (parts.length < folds) continue;
    const probabilities = new Float64Array(count * classes), foldOf = new Int32Array(count);
    kFold(labels, { folds, seed }).forEach(({ val }, fold) => {
      const answers = unpacked(parts.find((row) => row.fold === fold)!.answers[split][output]);
      val.forEach((row, i) => {
        foldOf[row] = fold;
        probabilities.set(answers.subarray(i * classes, (i + 1) * classes), row * classes);
      });
    });
    found.set(seed, { probabilities, folds: foldOf });
  }
  return found;
}

function linesOf(
  { name, about, answer }: Configuration,
  rows: readonly TrainedRow[],
  options: TableOptions,
): Line[] {
  const own = rows.filter((row) => row.configuration === name);
  const outputs = [...new Set(own.flatMap((row) => Object.keys(row.answers.val)))];
  const { labels } = options.data.train, classes = options.data.classes.length;
  const shared = {
    name,
    about,
    seconds: median(own.map(({ seconds }) => seconds)),
    parameters: own[0].parameters,
  };
  const lines: Line[] = [];
  const add = (
    scored: Scored,
    on: Partial<Line> & Pick<Line, "on" | "answer" | "rule" | "images">,
  ) =>
    lines.push({
      ...shared,
      ...NONE,
      ...on,
      figures: figuresOf(scored, on, options),
    });
  for (const split of ["val", "val, circuit off"]) {
    for (const output of outputs) {
      // With the circuit off only what it takes part in is of interest.
      if (split !== "val" && output !== answer) continue;
      const answers = [...outOfFold(rows, { name, output, split }, options).values()];
      if (answers.length === 0) continue;
      for (const rule of output === answer && split === "val" ? RULES : RULES.slice(0, 1)) {
        const shown = split === "val" ? output : `${output}, circuit off`;
        const whole = rule === "argmax" && split === "val" && output === answer;
        const { confusion, calibration } = whole
          ? summarizePredictions(labels, answers[0].probabilities, { classes, seed: 0, samples: 1 })
          : { confusion: null, calibration: null };
        const temperature = rule === "argmax" && split === "val"
          ? meanOf(
            answers.map(({ probabilities }) =>
              fitTemperature(labels, probabilities, { classes }).value
            ),
          )
          : null;
        add(new Scored(labels, answers, { classes, rule }), {
          ...{ on: "cv", answer: shown, rule, seeds: answers.length, images: labels.length },
          ...{ temperature, confusion, calibration },
        });
      }
    }
  }
  for (const split of ["val", "test"] as const) {
    const set = options.data[split];
    const whole = own.filter((row) => row.protocol === "whole" && row.answers[split]?.[answer]);
    if (set === undefined || whole.length === 0) continue;
    const answers = whole.map((row) => (
      { probabilities: unpacked(row.answers[split][answer]), folds: new Int32Array(set.count) }
    ));
    const [seen] = outOfFold(rows, { name, output: answer }, options).values();
    const cuts = seen === undefined ? undefined : thresholdsOf(labels, seen, classes);
    for (const rule of RULES) {
      if (rule === "thresholds" && cuts === undefined) continue;
      const decide = rule === "argmax"
        ? undefined
        : (probabilities: Float64Array) =>
          decideByThresholds(expectedGrades(probabilities, { classes }), cuts!);
      add(new Scored(set.labels, answers, { classes, rule, decide }), {
        ...{ on: split, answer, rule, seeds: whole.length, images: set.count },
      });
    }
  }
  return lines;
}

/** What only some lines have. */
const NONE = { seeds: 0, temperature: null, confusion: null, calibration: null };

/** From all out-of-fold answers of a seed, for images that are in no fold. */
function thresholdsOf(
  labels: Int32Array,
  { probabilities }: SeedAnswers,
  classes: number,
): number[] {
  return fitThresholds(labels, expectedGrades(probabilities, { classes }), { classes });
}

function figuresOf(
  scored: Scored,
  { images }: Pick<Line, "images">,
  { samples }: TableOptions,
): Record<string, Figure> {
  const figures: Record<string, Figure> = {};
  for (const name of [...HEADLINE, ...OTHERS]) {
    const bySeed = scored.bySeed(name);
    const { low, high } = HEADLINE.includes(name)
      ? bootstrapInterval({
        statistic: (rows) => scored.means([name], rows)[0],
        ...{ count: images, seed: 0, samples },
      })
      : { low: null, high: null };
    figures[name] = {
      mean: meanOf(bySeed),
      sd: deviationOf(bySeed),
      interval: low === null || high === null ? null : [low, high],
    };
  }
  return figures;
}

function compared(
  one: Configuration,
  other: Configuration,
  { rows, ...options }: TableOptions & { readonly rows: readonly TrainedRow[] },
): Comparison[] {
  const [a, b] = [one, other].map(({ name, answer }) =>
    outOfFold(rows, { name, output: answer }, options)
  );
  const seeds = [...a.keys()].filter((seed) => b.has(seed));
  if (seeds.length === 0) return [];
  const { labels } = options.data.train, classes = options.data.classes.length;
  return RULES.flatMap((rule) => {
    const [first, second] = [a, b].map((all) =>
      new Scored(labels, seeds.map((seed) => all.get(seed)!), { classes, rule })
    );
    return HEADLINE.filter((name) => rule === "argmax" || name !== "macroAuc").map((figure) => {
      const found = pairedBootstrap({
        a: (sample) => first.means([figure], sample)[0],
        b: (sample) => second.means([figure], sample)[0],
        ...{ count: labels.length, seed: 0, samples: options.samples },
      });
      const others = second.bySeed(figure);
      const gaps = first.bySeed(figure).map((value, i) => value! - others[i]!);
      const ofSeeds = (deviationOf(gaps) ?? 0) / Math.sqrt(seeds.length);
      return {
        ...{ name: one.name, control: other.name, figure, rule, seeds: seeds.length },
        difference: found.difference!,
        interval: [found.interval.low!, found.interval.high!] as const,
        standardError: Math.hypot(found.standardError!, ofSeeds),
        pValue: found.pValue!,
      };
    });
  });
}
