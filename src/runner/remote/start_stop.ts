import type { KernelSpec } from "../kernels/kernel_spec.ts";
import { KernelStartError } from "../runner_errors.ts";
import { createGate, within } from "../wait.ts";

/** What ends the wait for a start: the caller's signal, or the time. */
export class StartStop {
  readonly #options: { readonly deadline: number; readonly clock: () => number };
  readonly #aborted = createGate();
  readonly #spec: KernelSpec;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#aborted.open();
  #isLate = false;

  constructor(
    spec: KernelSpec,
    options: {
      readonly deadline: number;
      readonly clock: () => number;
      readonly signal?: AbortSignal;
    },
  ) {
    this.#spec = spec;
    this.#options = options;
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get remaining(): number {
    return Math.max(0, this.#options.deadline - this.#options.clock());
  }

  get isStopped(): boolean {
    return this.#isLate || this.#signal?.aborted === true;
  }

  /** The promise's value, unless the start is stopped before. */
  async race<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {});
    this.#signal?.throwIfAborted();
    const value = promise.then((value) => ({ value }));
    const first = await within(
      Promise.race([value, this.#aborted.opened.then(() => undefined)]),
      this.remaining,
    );
    this.#signal?.throwIfAborted();
    if (first !== undefined) return first.value;
    this.#isLate = true;
    throw new KernelStartError(
      `Kernel "${this.#spec.name}" was not ready in time. Raise the option startupTimeout`,
    );
  }

  release(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
