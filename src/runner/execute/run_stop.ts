import { abortReason, deadKernelError, type Deadline, timeoutError } from "./cell_errors.ts";
import type { CellStatus, RunContext, RunStatus } from "./execute_options.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { type CellPlace, MemoryLimitError, OutputLimitError } from "../runner_errors.ts";
import { delay, within } from "../wait.ts";

/** Why a run ends before its last cell is done; "limit" is a fault with an error of its own. */
export type StopReason = Deadline | "dead" | "limit" | "aborted";

/** How a wait ended: what was awaited came, or the run stops. */
export type Ending = "done" | StopReason;

/** When something must be done, in milliseconds of the run's clock. */
export interface Deadlines {
  readonly cell: number;
  readonly notebook: number;
  /** Milliseconds since the last output. @default {Infinity} */
  readonly quiet?: number;
}

/** Deadlines of a wait that is given up earlier, after so many milliseconds. */
export interface PatientDeadlines extends Deadlines {
  readonly patience: number;
}

const NEVER = new Promise<never>(() => {});

/** Milliseconds that a dead kernel's last messages may take from the socket. */
const DRAIN_STEP = 5, DRAIN_STEPS = 40;

/** What stops a run from outside: an abort, a dead kernel, a corrupt connection, a limit. */
export class RunStop {
  readonly #kernel: Kernel;
  readonly #context: RunContext;
  readonly #stopped: Promise<StopReason>;
  #limitError: Error | undefined;
  #trip!: (error: Error) => void;
  #lastOutput: number;
  #forget = () => {};

  constructor(kernel: Kernel, context: RunContext) {
    this.#kernel = kernel;
    this.#context = context;
    this.#lastOutput = context.clock();
    const tripped = new Promise<Error>((resolve) => this.#trip = resolve);
    this.#stopped = Promise.race([
      this.#aborted(),
      this.#limited(Promise.race([tripped, kernel.client.fault])),
      this.#dead(),
    ]);
  }

  /** The fault of the connection or the limit that the run met, if it did. */
  get limitError(): Error | undefined {
    return this.#limitError;
  }

  /** Stops the run for this reason. */
  trip(error: Error): void {
    this.#limitError ??= error;
    this.#trip(error);
  }

  /** The kernel is at work: it put something out, or a cell was sent to it. */
  sawOutput(): void {
    this.#lastOutput = this.#context.clock();
  }

  /** Waits for the arrival, but no longer than deadlines, patience and the run allow. */
  until(arrival: Promise<unknown>, limits: PatientDeadlines): Promise<Ending | "no answer">;
  until(arrival: Promise<unknown>, limits: Deadlines): Promise<Ending>;
  async until(
    arrival: Promise<unknown>,
    { cell, notebook, quiet = Infinity, patience = Infinity }:
      & Deadlines
      & Partial<PatientDeadlines>,
  ): Promise<Ending | "no answer"> {
    const { clock } = this.#context;
    const done = Promise.race([arrival.then((): Ending => "done"), this.#stopped]);
    const patient = clock() + patience;
    while (true) {
      const ends: readonly (readonly [Ending | "no answer", number])[] = [
        ["cell deadline", cell],
        ["notebook deadline", notebook],
        ["quiet deadline", this.#lastOutput + quiet],
        ["no answer", patient],
      ];
      const [late, end] = ends.reduce((least, next) => next[1] < least[1] ? next : least);
      const ending = await within(done, end - clock());
      if (ending !== undefined) return ending;
      // While we waited there may have been output, and the silence began anew.
      if (late !== "quiet deadline" || this.#lastOutput + quiet <= clock()) return late;
    }
  }

  /** Lets so many milliseconds pass; resolves to "done" unless the run stops before. */
  async pause(milliseconds: number, limits: Deadlines): Promise<Ending> {
    const ending = await this.until(NEVER, { ...limits, patience: milliseconds });
    return ending === "no answer" ? "done" : ending;
  }

  /** The status of a cell, or of the run, that was stopped, and the error that says why. */
  verdict(
    reason: StopReason,
    place: CellPlace,
  ): { readonly status: CellStatus & RunStatus; readonly error: Error } {
    switch (reason) {
      case "aborted":
        return { status: "aborted", error: abortReason(this.#context.signal) };
      case "limit":
        return { status: limitStatus(this.#limitError!), error: this.#limitError! };
      case "dead":
        return { status: "dead_kernel", error: deadKernelError(this.#kernel, place.cellIndex) };
      default:
        return { status: "timeout", error: timeoutError(reason, { ...this.#context, ...place }) };
    }
  }

  /** Lets go of the caller's abort signal, which may outlive many runs. */
  release(): void {
    this.#forget();
  }

  #aborted(): Promise<StopReason> {
    const { signal } = this.#context;
    return new Promise((resolve) => {
      const onAbort = () => resolve("aborted");
      if (signal?.aborted) onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#forget = () => signal?.removeEventListener("abort", onAbort);
    });
  }

  async #limited(fault: Promise<Error>): Promise<StopReason> {
    const error = await fault;
    this.#limitError ??= error;
    return "limit";
  }

  async #dead(): Promise<StopReason> {
    await this.#kernel.exited;
    // What it sent before its end is still in the socket.
    for (let i = 0; i < DRAIN_STEPS && !this.#kernel.client.iopubClosed; i++) {
      await delay(DRAIN_STEP);
    }
    // It may have been killed for a limit, by us.
    return this.#limitError === undefined ? "dead" : "limit";
  }
}

/** The status that goes with a limit or a fault of the connection. */
export function limitStatus(error: Error): RunStatus {
  if (error instanceof OutputLimitError) return "output_limit";
  return error instanceof MemoryLimitError ? "memory" : "kernel_fault";
}
