import { abortReason, deadKernelError, timeoutError } from "./cell_errors.ts";
import type { CellStatus, ExecuteNotebookOptions, RunStatus } from "./execute_options.ts";
import type { Kernel } from "../kernels/kernel.ts";
import type { CellPlace } from "../runner_errors.ts";
import { delay, within } from "../wait.ts";

/** Why a run ends before its last cell is done. */
export type StopReason = "cell deadline" | "notebook deadline" | "dead" | "corrupt" | "aborted";

/** How a wait ended: what was awaited came, or the run stops. */
export type Ending = "done" | StopReason;

/** When something must be done, in milliseconds of the run's clock. */
export interface Deadlines {
  readonly cell: number;
  readonly notebook: number;
}

/** Deadlines of a wait that is given up earlier, after so many milliseconds. */
export interface PatientDeadlines extends Deadlines {
  readonly patience: number;
}

const NEVER = new Promise<never>(() => {});

/** Milliseconds that a dead kernel's last messages may take from the socket. */
const DRAIN_STEP = 5, DRAIN_STEPS = 40;

/** What stops a run from outside: an abort, a dead kernel, a corrupt connection, a deadline. */
export class RunStop {
  readonly #kernel: Kernel;
  readonly #options: ExecuteNotebookOptions & { readonly clock: () => number };
  readonly #stopped: Promise<StopReason>;
  #streamError: Error | undefined;
  #forget = () => {};

  constructor(
    kernel: Kernel,
    options: ExecuteNotebookOptions & { readonly clock: () => number },
  ) {
    this.#kernel = kernel;
    this.#options = options;
    this.#stopped = Promise.race([this.#aborted(), this.#corrupt(), this.#dead()]);
  }

  /** What the kernel sent that is no message, if it did. */
  get streamError(): Error | undefined {
    return this.#streamError;
  }

  /** Waits for the arrival, but no longer than deadlines, patience and the run allow. */
  until(arrival: Promise<unknown>, limits: PatientDeadlines): Promise<Ending | "no answer">;
  until(arrival: Promise<unknown>, limits: Deadlines): Promise<Ending>;
  async until(
    arrival: Promise<unknown>,
    { cell, notebook, patience = Infinity }: Deadlines & Partial<PatientDeadlines>,
  ): Promise<Ending | "no answer"> {
    const now = this.#options.clock();
    const waits: readonly (readonly [Ending | "no answer", number])[] = [
      ["cell deadline", cell - now],
      ["notebook deadline", notebook - now],
      ["no answer", patience],
    ];
    const [late, time] = waits.reduce((least, wait) => wait[1] < least[1] ? wait : least);
    const done = arrival.then((): Ending => "done");
    return await within(Promise.race([done, this.#stopped]), time) ?? late;
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
        return { status: "aborted", error: abortReason(this.#options.signal) };
      case "corrupt":
        return { status: "kernel_fault", error: this.#streamError! };
      case "dead":
        return { status: "dead_kernel", error: deadKernelError(this.#kernel, place.cellIndex) };
      default:
        return { status: "timeout", error: timeoutError(reason, { ...this.#options, ...place }) };
    }
  }

  /** Lets go of the caller's abort signal, which may outlive many runs. */
  release(): void {
    this.#forget();
  }

  #aborted(): Promise<StopReason> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const onAbort = () => resolve("aborted");
      if (signal?.aborted) onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#forget = () => signal?.removeEventListener("abort", onAbort);
    });
  }

  async #corrupt(): Promise<StopReason> {
    this.#streamError = await this.#kernel.client.fault;
    return "corrupt";
  }

  async #dead(): Promise<StopReason> {
    await this.#kernel.exited;
    // What it sent before its end is still in the socket.
    for (let i = 0; i < DRAIN_STEPS && !this.#kernel.client.iopubClosed; i++) {
      await delay(DRAIN_STEP);
    }
    return "dead";
  }
}
