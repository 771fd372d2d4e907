import { existsSync } from "node:fs";
import process from "node:process";
import { kernelKind } from "../display/kernel_kind.ts";

/** Who ended a training before its end. */
export type StopReason = "interrupt" | "stop_file" | "handle";

/** Where a training was ended. */
export interface StoppedAt {
  /** SIGINT, the stop file, or `stop()` of the handle. */
  readonly by: StopReason;
  /** Name of the stage. */
  readonly stage: string;
  /** Whole epochs of it that were done. */
  readonly epoch: number;
  /** Batches of the next epoch that were done. */
  readonly step: number;
}

/** What may end a training. */
export interface StopOptions {
  readonly signal?: AbortSignal;
  readonly stopFile?: string;
  /** Whether SIGINT is listened for. */
  readonly interrupt: boolean;
}

/** Hears of everything that may end a training; asked after each batch. */
export class StopSignals {
  #options: StopOptions = { interrupt: false };
  #reason: StopReason | null = null;
  #listener: (() => void) | undefined;

  /** From now on an interrupt does not end the process. */
  listen(options: StopOptions): void {
    this.#options = options;
    if (!options.interrupt) return;
    if (kernelKind() === "deno") outliveInterrupts();
    this.#listener = () => {
      this.ask("interrupt");
      // In a terminal a second Ctrl-C ends the process, as people expect.
      if (kernelKind() === "none") this.close();
    };
    process.on("SIGINT", this.#listener);
  }

  /** Asks the training to end; the first who asks is named. */
  ask(by: StopReason): void {
    this.#reason ??= by;
  }

  /** Who wants the training to end, if anybody does. */
  asked(): StopReason | "signal" | null {
    const { signal, stopFile } = this.#options;
    if (signal?.aborted) return "signal";
    if (stopFile !== undefined && existsSync(stopFile)) this.ask("stop_file");
    return this.#reason;
  }

  /** Stops listening. */
  close(): void {
    if (this.#listener === undefined) return;
    process.removeListener("SIGINT", this.#listener);
    this.#listener = undefined;
  }
}

let outliving = false;

/**
 * A Deno kernel dies of an interrupt that nobody listens for, with all that its cells computed. Once
 * a training ran in it, one that comes too late must not do that: this listener stays.
 */
function outliveInterrupts(): void {
  if (outliving) return;
  outliving = true;
  process.on("SIGINT", () => {});
}
