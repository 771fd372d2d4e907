import type { TrainingState } from "./callback.ts";
import { type Progress, TimeLeft } from "./progress.ts";
import { showProgress } from "./show_progress.ts";

/** How fast a training is, and who is told. */
export class TrainingPace {
  readonly #stages: number;
  readonly #timeLeft: TimeLeft;
  readonly #tell: (progress: Progress) => void;
  readonly #close: () => Promise<void>;
  #estimated = 0;
  #stageIndex = 0;
  #batchSeconds = 0;

  /**
   * @param steps batches that each stage still has to do
   * @param progress as in `FitOptions`
   */
  constructor(steps: readonly number[], progress: false | undefined | ((x: Progress) => void)) {
    this.#stages = steps.length;
    this.#timeLeft = new TimeLeft(steps);
    if (progress === undefined) {
      const shown = showProgress();
      this.#tell = shown.update;
      this.#close = () => shown.close();
    } else {
      this.#tell = progress === false ? () => {} : progress;
      this.#close = () => Promise.resolve();
    }
  }

  /** What the whole training was estimated to take after its first epoch. */
  get estimatedSeconds(): number {
    return this.#estimated;
  }

  /** Counts a batch and tells of it. */
  batch(
    { stage, stageIndex, epoch }: TrainingState,
    done: Pick<Progress, "step" | "steps" | "loss"> & { seconds: number; batchSize: number },
  ): void {
    const { step, steps, loss, seconds, batchSize } = done;
    this.#timeLeft.add(stageIndex, seconds);
    this.#stageIndex = stageIndex;
    this.#batchSeconds += seconds;
    this.#tell({
      stage: stage.name,
      stageNumber: stageIndex + 1,
      stages: this.#stages,
      epoch,
      epochs: stage.epochs,
      step,
      steps,
      loss,
      samplesPerSecond: this.#timeLeft.stepsPerSecond(stageIndex) * batchSize,
      secondsLeft: this.#timeLeft.seconds,
    });
  }

  /** Counts an epoch; the first one makes the estimate. */
  epoch(seconds: number): void {
    this.#timeLeft.addBesides(this.#stageIndex, seconds - this.#batchSeconds);
    this.#batchSeconds = 0;
    if (this.#estimated === 0) this.#estimated = this.#timeLeft.seconds + seconds;
  }

  /** Ends the line, if there is one. */
  async close(): Promise<void> {
    await this.#close();
  }
}
