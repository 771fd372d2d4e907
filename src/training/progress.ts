import { checkOptions } from "../_internal/check_options.ts";
import { escapeMarkup } from "../_internal/escape_markup.ts";

/** Where a running training is, for people. */
export interface Progress {
  /** Name of the stage. */
  readonly stage: string;
  /** From 1. */
  readonly stageNumber: number;
  /** Stages in all. */
  readonly stages: number;
  /** From 1. */
  readonly epoch: number;
  /** Epochs of this stage. */
  readonly epochs: number;
  /** Batches done in this epoch. */
  readonly step: number;
  /** Batches in an epoch. */
  readonly steps: number;
  /** Mean loss of this epoch so far. */
  readonly loss: number;
  /** Training images a second in this stage. */
  readonly samplesPerSecond: number;
  /** Estimate from the batches done so far. */
  readonly secondsLeft: number;
}

/**
 * One line: `stage classical 1/3 · epoch 2/8 · batch 5/12 · loss 1.234 · 0:42 left · 310 img/s`. Short
 * enough for 80 columns; what a narrower terminal cuts off is the pace.
 */
export function progressLine(progress: Progress): string {
  const { stage, stageNumber, stages, epoch, epochs, step, steps, loss } = progress;
  return [
    `stage ${stage} ${stageNumber}/${stages}`,
    `epoch ${epoch}/${epochs}`,
    `batch ${step}/${steps}`,
    `loss ${loss.toFixed(3)}`,
    `${clockTime(progress.secondsLeft)} left`,
    `${Math.round(progress.samplesPerSecond)} img/s`,
  ].join(" · ");
}

/** Options of {@linkcode progressBar}. */
export interface ProgressBarOptions {
  /** Columns of the terminal. @default {80} */
  readonly columns?: number;
}

/** A bar is no help below this, nor longer than that. */
const BAR = { least: 8, most: 24 };

/**
 * The line for a terminal, with a bar of the stage: `classical 1/3 ━━━━──── 42% · epoch 2/8 · loss
 * 1.234 · 0:42 left · 310 img/s`. A narrow terminal has no bar.
 *
 * @throws {TypeError} for an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { progressBar } from "@qsight/qsight/training";
 * const where = { stage: "full", stageNumber: 1, stages: 1, epoch: 2, epochs: 2, step: 2, steps: 4 };
 * const line = progressBar({ ...where, loss: 1, samplesPerSecond: 9, secondsLeft: 5 });
 * assert.match(line, /^full 1\/1 ━+─+ 75% · epoch 2\/2/);
 * ```
 */
export function progressBar(progress: Progress, options: ProgressBarOptions = {}): string {
  checkOptions("progressBar", options, ["columns"]);
  const { columns = 80 } = options;
  const share = stageShare(progress);
  const before = `${progress.stage} ${progress.stageNumber}/${progress.stages} `;
  const after = [
    ` ${Math.floor(share * 100)}%`,
    `epoch ${progress.epoch}/${progress.epochs}`,
    `loss ${progress.loss.toFixed(3)}`,
    `${clockTime(progress.secondsLeft)} left`,
    `${Math.round(progress.samplesPerSecond)} img/s`,
  ].join(" · ");
  // The last column stays free: a cursor beyond it would begin a new line.
  const room = columns - 1 - before.length - after.length;
  if (room < BAR.least) return before + after.trimStart();
  const width = Math.min(BAR.most, room);
  const done = Math.round(share * width);
  return `${before}${"━".repeat(done)}${"─".repeat(width - done)}${after}`;
}

/** For a notebook: the bar of the browser, and the words. */
export function progressHtml(progress: Progress): string {
  const words = escapeMarkup(progressLine(progress));
  const share = stageShare(progress).toFixed(3);
  return `<div><progress max="1" value="${share}"></progress> <code>${words}</code></div>`;
}

/** How much of the stage is done, 0 to 1. */
function stageShare({ epoch, epochs, step, steps }: Progress): number {
  const share = (epoch - 1 + step / Math.max(1, steps)) / Math.max(1, epochs);
  return Math.min(1, Math.max(0, share));
}

/** `0:42`, `12:05`, `1:02:03`. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Estimates the time left; stages differ in cost, so each is timed by its own batches. */
export class TimeLeft {
  readonly #stepsOf: readonly number[];
  readonly #secondsOf: number[];
  readonly #doneOf: number[];
  readonly #besidesOf: number[];

  /** @param stepsOf batches of each stage in the whole training */
  constructor(stepsOf: readonly number[]) {
    this.#stepsOf = stepsOf;
    this.#secondsOf = stepsOf.map(() => 0);
    this.#doneOf = stepsOf.map(() => 0);
    this.#besidesOf = stepsOf.map(() => 0);
  }

  /** Counts one batch of a stage. */
  add(stage: number, seconds: number): void {
    this.#secondsOf[stage] += seconds;
    this.#doneOf[stage]++;
  }

  /** Counts what an epoch of a stage took besides its batches: the validation. */
  addBesides(stage: number, seconds: number): void {
    this.#besidesOf[stage] += Math.max(0, seconds);
  }

  /** Pace of a stage so far, batches a second. */
  stepsPerSecond(stage: number): number {
    return this.#doneOf[stage] / Math.max(1e-9, this.#secondsOf[stage]);
  }

  /** Seconds left: the batches that remain, at the pace of their stage or else of all so far. */
  get seconds(): number {
    const done = this.#doneOf.reduce((sum, count) => sum + count, 0);
    if (done === 0) return 0;
    const secondsOf = this.#secondsOf.map((seconds, i) => seconds + this.#besidesOf[i]);
    const overall = secondsOf.reduce((sum, value) => sum + value, 0) / done;
    return this.#stepsOf.reduce((sum, steps, i) => {
      const pace = this.#doneOf[i] > 0 ? secondsOf[i] / this.#doneOf[i] : overall;
      return sum + Math.max(0, steps - this.#doneOf[i]) * pace;
    }, 0);
  }
}
