import { checkOptions } from "../_internal/check_options.ts";
import { meanOne } from "./class_weights.ts";

/** Options of {@linkcode CollapseDetector}. */
export interface CollapseOptions {
  /** Number of classes. */
  readonly classes: number;
  /**
   * Excess from which an epoch is suspect: how far the share of the most predicted class is on the
   * way from its true share (0) to all images (1). With a true share of 0.5, 0.8 is a predicted share
   * of 0.9. @default {0.8}
   */
  readonly threshold?: number;
  /** Suspect epochs in a row, of the same class, that are a collapse. @default {2} */
  readonly patience?: number;
  /** Epochs after a collapse that are not looked at. @default {1} */
  readonly cooldown?: number;
  /** What the weight of a class is multiplied by when the model collapses onto it. @default {0.5} */
  readonly factor?: number;
  /** A weight is not reduced below this share of what it was. @default {0.05} */
  readonly floor?: number;
  /** What reduced weights are multiplied by after each healthy epoch, up to 1. @default {1.25} */
  readonly recovery?: number;
}

/** A weight was reduced, or is again what it was. */
export interface CollapseEvent {
  /** When. */
  readonly epoch: number;
  /** What happened. */
  readonly kind: "collapse" | "recovered";
  /** Index of the class. */
  readonly class: number;
  /** Share of the validation images that were predicted as it. */
  readonly predictedShare: number;
  /** Share of the validation images that are of it. */
  readonly trueShare: number;
  /** What its weight is multiplied by from now on. */
  readonly multiplier: number;
}

/** All that a {@linkcode CollapseDetector} remembers, as plain JSON. */
export interface CollapseState {
  /** By class. */
  readonly multipliers: readonly number[];
  /** The class of the suspect epochs so far, if any, and their number. */
  readonly suspect: { readonly class: number; readonly epochs: number } | null;
  /** Epochs that are still not looked at. */
  readonly blocked: number;
  /** Everything so far. */
  readonly events: readonly CollapseEvent[];
}

/**
 * Notices when a model answers almost always the same class, far more often than that class occurs,
 * and lowers the weight of that class in the loss until it has recovered.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CollapseDetector } from "@qsight/qsight/training";
 * const detector = new CollapseDetector({ classes: 2, patience: 1 });
 * detector.observe(1, { yTrue: [0, 0, 1, 1], yPred: [0, 0, 0, 0] });
 * assert.deepEqual(detector.multipliers, [0.5, 1]);
 * ```
 */
export class CollapseDetector {
  readonly #options: Required<CollapseOptions>;
  #state: CollapseState;

  /**
   * A detector that has seen nothing yet.
   *
   * @throws {RangeError} for a number out of its range
   */
  constructor(options: CollapseOptions) {
    checkOptions("CollapseDetector", options, NAMES);
    this.#options = { ...DEFAULTS, ...withoutUndefined(options) };
    for (const [name, [ok, wanted]] of Object.entries(RANGES)) {
      const value = this.#options[name as keyof CollapseOptions];
      if (ok(value)) continue;
      throw new RangeError(`CollapseDetector: ${name} must be ${wanted}, found ${value}`);
    }
    const multipliers = new Array<number>(options.classes).fill(1);
    this.#state = { multipliers, suspect: null, blocked: 0, events: [] };
  }

  /** What the weight of each class is multiplied by; all 1 while nothing happens. */
  get multipliers(): readonly number[] {
    return this.#state.multipliers;
  }

  /** Everything that happened, in order. */
  get events(): readonly CollapseEvent[] {
    return this.#state.events;
  }

  /**
   * Judges one epoch by the deployed answer on the validation split; call it once after each.
   *
   * @param epoch for the events
   * @returns what this epoch added to the events
   */
  observe(
    epoch: number,
    { yTrue, yPred }: { readonly yTrue: ArrayLike<number>; readonly yPred: ArrayLike<number> },
  ): readonly CollapseEvent[] {
    const { classes } = this.#options;
    if (this.#state.blocked > 0) {
      this.#state = { ...this.#state, blocked: this.#state.blocked - 1 };
      return [];
    }
    const predicted = shares(yPred, classes), truth = shares(yTrue, classes);
    const dominant = predicted.indexOf(Math.max(...predicted));
    // Without a single prediction that is a class there is nothing to judge.
    if (dominant === -1) return [];
    const note = (kind: CollapseEvent["kind"], c: number, multiplier: number): CollapseEvent => ({
      epoch,
      kind,
      class: c,
      predictedShare: predicted[c],
      trueShare: truth[c],
      multiplier,
    });
    const added = excess(predicted[dominant], truth[dominant]) >= this.#options.threshold
      ? this.#suspect(dominant, note)
      : this.#recover(note);
    this.#state = { ...this.#state, events: [...this.#state.events, ...added] };
    return added;
  }

  #suspect(dominant: number, note: Note): CollapseEvent[] {
    const { patience, cooldown, factor, floor } = this.#options;
    const { suspect, multipliers } = this.#state;
    const epochs = suspect?.class === dominant ? suspect.epochs + 1 : 1;
    if (epochs < patience) {
      this.#state = { ...this.#state, suspect: { class: dominant, epochs } };
      return [];
    }
    const lowered = Math.max(floor, multipliers[dominant] * factor);
    this.#state = {
      ...this.#state,
      multipliers: multipliers.with(dominant, lowered),
      suspect: null,
      blocked: cooldown,
    };
    return [note("collapse", dominant, lowered)];
  }

  #recover(note: Note): CollapseEvent[] {
    const before = this.#state.multipliers;
    const multipliers = before.map((x) => Math.min(1, x * this.#options.recovery));
    this.#state = { ...this.#state, multipliers, suspect: null };
    return multipliers.flatMap((x, c) => x === 1 && before[c] < 1 ? [note("recovered", c, 1)] : []);
  }

  /**
   * Class weights for the next epoch: `base` times the multipliers, scaled to mean 1; `base` itself
   * while nothing is reduced, so that a training that never collapses is not touched.
   */
  weights(base?: readonly number[]): readonly number[] | undefined {
    const { multipliers } = this.#state;
    if (multipliers.every((x) => x === 1)) return base;
    return meanOne(multipliers.map((x, c) => x * (base?.[c] ?? 1)));
  }

  /** What to keep in a checkpoint. */
  state(): CollapseState {
    return structuredClone(this.#state);
  }

  /**
   * Goes on from a kept state.
   *
   * @throws {RangeError} for the state of another number of classes
   */
  restore(state: CollapseState): void {
    if (state.multipliers.length !== this.#options.classes) {
      throw new RangeError(
        `CollapseDetector: the state has ${state.multipliers.length} classes, wanted ` +
          `${this.#options.classes}; use the state of the same model`,
      );
    }
    this.#state = structuredClone(state);
  }
}

type Note = (kind: CollapseEvent["kind"], c: number, multiplier: number) => CollapseEvent;

const DEFAULTS = {
  threshold: 0.8,
  patience: 2,
  cooldown: 1,
  factor: 0.5,
  floor: 0.05,
  recovery: 1.25,
};

const share = (x: number) => x > 0 && x <= 1;

const RANGES: Readonly<Record<keyof CollapseOptions, [(x: number) => boolean, string]>> = {
  classes: [(x) => Number.isInteger(x) && x >= 2, "a whole number from 2 on"],
  threshold: [share, "above 0 and at most 1"],
  patience: [(x) => Number.isInteger(x) && x >= 1, "a whole number from 1 on"],
  cooldown: [(x) => Number.isInteger(x) && x >= 0, "a whole number from 0 on"],
  factor: [(x) => x > 0 && x < 1, "above 0 and below 1"],
  floor: [share, "above 0 and at most 1"],
  recovery: [(x) => x > 1 && Number.isFinite(x), "above 1"],
};

const NAMES = Object.keys(RANGES);

function withoutUndefined(options: CollapseOptions): CollapseOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as CollapseOptions;
}

/** Shares of the labels that are a class; −1 stands for a row whose prediction is not a number. */
function shares(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] < 0) continue;
    counts[labels[i]]++;
    total++;
  }
  return counts.map((count) => count / total);
}

function excess(predicted: number, truth: number): number {
  return truth >= 1 ? 0 : (predicted - truth) / (1 - truth);
}
