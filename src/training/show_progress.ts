import process from "node:process";
import { checkOptions } from "../_internal/check_options.ts";
import { kernelKind } from "../display/kernel_kind.ts";
import {
  openStatusLine,
  type StatusLineOptions,
  type StatusOutput,
} from "../display/status_line.ts";
import { type Progress, progressBar, progressHtml, progressLine } from "./progress.ts";

/** A line that follows a training. */
export interface ShownProgress {
  /** What `FitOptions.progress` takes. */
  readonly update: (progress: Progress) => void;
  /** Writes the last update and ends the line; to be awaited. */
  close(): Promise<void>;
}

/**
 * Shows where a training is: a bar on a terminal, one line with a bar that is updated in a Deno
 * notebook, and plain lines now and then in a log.
 *
 * @throws {TypeError} for an unknown option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { showProgress } from "@qsight/qsight/training";
 * const written: string[] = [];
 * const shown = showProgress({ output: { write: (text) => written.push(text) } });
 * const where = { stage: "full", stageNumber: 1, stages: 1, epoch: 1, epochs: 2, step: 3, steps: 4 };
 * shown.update({ ...where, loss: 1, samplesPerSecond: 9, secondsLeft: 5 });
 * await shown.close();
 * assert.match(written[0], /^stage full 1\/1 · epoch 1\/2 · batch 3\/4/);
 * ```
 */
export function showProgress(options: StatusLineOptions = {}): ShownProgress {
  checkOptions("showProgress", options, ["id", "clock", "output", "interval"]);
  const line = openStatusLine(options);
  const output: StatusOutput = options.output ?? process.stderr;
  const inKernel = options.output === undefined && kernelKind() !== "none";
  const isTerminal = !inKernel && output.isTTY === true;
  return {
    update: (progress) => {
      // Asked each time: terminals are resized.
      const text = isTerminal
        ? progressBar(progress, { columns: output.columns })
        : progressLine(progress);
      line.update(text, progressHtml(progress));
    },
    close: () => line.close(),
  };
}
