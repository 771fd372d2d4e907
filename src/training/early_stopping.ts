import { checkOptions } from "../_internal/check_options.ts";
import { type Direction, improves } from "./monitor.ts";

/** Options of {@linkcode EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** Whether more or less is better; `parseMonitor()` says it of a metric. */
  readonly mode: Direction;
  /** Epochs without improvement after which to stop; null for never. @default {null} */
  readonly patience?: number | null;
  /** An improvement is more than this. @default {0} */
  readonly minDelta?: number;
}

/** All that an {@linkcode EarlyStopping} remembers, as plain JSON. */
export interface EarlyStoppingState {
  /** The best value, null before there is one. */
  readonly best: number | null;
  /** Its epoch, 0 before there is one. */
  readonly bestEpoch: number;
}

/**
 * Finds the best epoch of a stage and says when to stop. The first of equals stays the best. An epoch
 * whose value is null or not a number never is, and counts as one without improvement.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { EarlyStopping } from "@qsight/qsight/training";
 * const stopping = new EarlyStopping({ mode: "max", patience: 2 });
 * const stops = [0.4, 0.6, 0.5, NaN].map((kappa, i) => stopping.offer(kappa, i + 1).stop);
 * assert.deepEqual([stops, stopping.bestEpoch], [[false, false, false, true], 2]);
 * ```
 */
export class EarlyStopping {
  readonly #options: Required<EarlyStoppingOptions>;
  #state: EarlyStoppingState = { best: null, bestEpoch: 0 };

  /**
   * Before the first epoch.
   *
   * @throws {RangeError} for a patience or delta out of range
   */
  constructor(options: EarlyStoppingOptions) {
    checkOptions("EarlyStopping", options, ["mode", "patience", "minDelta"]);
    const { mode, patience = null, minDelta = 0 } = options;
    if (patience !== null && !(Number.isInteger(patience) && patience >= 1)) {
      throw new RangeError(
        `EarlyStopping: patience must be a whole number from 1 on, found ${patience}; ` +
          "pass null for never",
      );
    }
    if (!(minDelta >= 0)) {
      throw new RangeError(
        `EarlyStopping: minDelta must be 0 or more, found ${minDelta}; leave it out`,
      );
    }
    this.#options = { mode, patience, minDelta };
  }

  /** The best epoch so far; 0 before there is one. */
  get bestEpoch(): number {
    return this.#state.bestEpoch;
  }

  /** The best value so far. */
  get best(): number | null {
    return this.#state.best;
  }

  /** Notes an epoch, counted from 1. */
  offer(
    value: number | null,
    epoch: number,
  ): { readonly improved: boolean; readonly stop: boolean } {
    const improved = improves(value, this.#state.best, this.#options);
    if (improved) this.#state = { best: value, bestEpoch: epoch };
    return { improved, stop: this.stopsAt(epoch) };
  }

  /** Whether the stage ends after an epoch. */
  stopsAt(epoch: number): boolean {
    return epoch - this.#state.bestEpoch >= (this.#options.patience ?? Infinity);
  }

  /** What to keep in a checkpoint. */
  state(): EarlyStoppingState {
    return this.#state;
  }

  /** Goes on from a kept state. */
  restore({ best, bestEpoch }: EarlyStoppingState): void {
    this.#state = { best, bestEpoch };
  }
}
