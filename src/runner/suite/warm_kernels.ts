import type { Kernel } from "../kernels/kernel.ts";
import { availableMemory } from "./available_machine.ts";

/** Bytes that must be free for a kernel that is not needed yet. */
const SPARE_MEMORY = 2 ** 30;

/** Options of {@linkcode WarmKernels}. */
export interface WarmKernelsOptions {
  /** Most kernels that wait at once. */
  readonly most: number;
  /** Starts the kernel of a notebook in the notebook's folder. */
  readonly start: (path: string, signal: AbortSignal) => Promise<Kernel>;
}

/**
 * Kernels that start while other notebooks run. Each is for one notebook: a kernel's working folder
 * cannot be changed later, and what one notebook did to a kernel must not reach the next.
 */
export class WarmKernels {
  readonly #options: WarmKernelsOptions;
  readonly #starting = new Map<string, Promise<Kernel | undefined>>();
  readonly #controller = new AbortController();

  constructor(options: WarmKernelsOptions) {
    this.#options = options;
  }

  /** Begins to start the kernels of these notebooks, as far as number and memory allow. */
  async warm(paths: readonly string[]): Promise<void> {
    for (const path of paths.slice(0, this.#options.most)) {
      if (this.#starting.has(path) || this.#starting.size >= this.#options.most) continue;
      if (await availableMemory() < SPARE_MEMORY || this.#controller.signal.aborted) return;
      // It may have been taken, or started, while the memory was looked at.
      if (this.#starting.has(path) || this.#starting.size >= this.#options.most) continue;
      // A start that fails is repeated by the run, which then tells why.
      const kernel = this.#options.start(path, this.#controller.signal).catch(() => undefined);
      this.#starting.set(path, kernel);
    }
  }

  /** The kernel that was started for a notebook, if there is one and it still lives. */
  async take(path: string): Promise<Kernel | undefined> {
    const starting = this.#starting.get(path);
    this.#starting.delete(path);
    const kernel = await starting;
    if (kernel?.exit === undefined) return kernel;
    await kernel.stop({ grace: 0 });
    return undefined;
  }

  /** Ends all kernels that were not taken. */
  async stop(): Promise<void> {
    this.#controller.abort(new Error("The kernel is not needed any more"));
    const kernels = [...this.#starting.values()];
    this.#starting.clear();
    await Promise.all(kernels.map(async (kernel) => (await kernel)?.stop({ grace: 0 })));
  }
}
