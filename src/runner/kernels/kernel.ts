import type { KernelSpec } from "./kernel_spec.ts";
import { type KernelExit, type KernelProcess, startKernelProcess } from "./kernel_process.ts";
import { type KernelClient, openKernelClient } from "../protocol/kernel_client.ts";
import { type DenoBarrier, startDenoBarrier } from "./deno_barrier.ts";
import type { Message } from "../protocol/message_codec.ts";
import { KernelStartError } from "../runner_errors.ts";
import { within } from "../wait.ts";

/** Options of {@linkcode startKernel}. */
export interface StartKernelOptions {
  /** Working folder of the kernel; Deno looks for its deno.json from there upward. */
  readonly cwd: string;
  /** Added to this process's environment. @default {{}} */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the kernel must be ready. @default {60000} */
  readonly startupTimeout?: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Stops the start. */
  readonly signal?: AbortSignal;
}

/** A started kernel that has answered its first request. */
export interface Kernel {
  readonly spec: KernelSpec;
  readonly client: KernelClient;
  readonly pid: number;
  /** `language_info` of the kernel's first reply. */
  readonly languageInfo: Readonly<Record<string, unknown>>;
  /** `"Deno kernel"`, `"ipython"`, … */
  readonly implementation: string;
  readonly exited: Promise<KernelExit>;
  readonly exit: KernelExit | undefined;
  readonly stderr: string;
  /** Asks the running cell to stop, in the way that this kernel understands. */
  interrupt(): void;
  /** Set by the owner: each message of the iopub channel, without those of barriers. */
  onIopub: (message: Message) => void;
  /** Outputs may come after the idle of their cell, so that each cell needs a barrier. */
  readonly sendsLate: boolean;
  /**
   * Resolves when everything that the kernel has printed and displayed so far has arrived here;
   * stays pending where that cannot be known, as after its end. `onLate` is called with what was
   * printed earlier and sent in the name of the barrier.
   */
  barrier(onLate?: (message: Message) => void): Promise<void>;
  /** Asks it to end, then kills it. Afterwards nothing of it is left. */
  stop(options?: { readonly grace?: number }): Promise<void>;
}

/** Ports are found by binding and releasing, so another process may take one in between. */
const PORT_ATTEMPTS = 5;
const PORT_TAKEN = /address (?:is )?already in use|address in use|EADDRINUSE|AddrInUse/i;

/**
 * Starts a kernel and waits until it answers.
 *
 * @throws {KernelStartError} when it ends or does not answer in time, with what it wrote to stderr
 */
export async function startKernel(spec: KernelSpec, options: StartKernelOptions): Promise<Kernel> {
  const { cwd, env = {}, startupTimeout = 60_000, clock } = options;
  const deadline = clock() + startupTimeout;
  for (let attempt = 1;; attempt++) {
    const process = await startKernelProcess(spec, { cwd, env });
    try {
      return await connectKernel(spec, process, { ...options, deadline });
    } catch (error) {
      await process.kill();
      const portTaken = error instanceof KernelStartError && PORT_TAKEN.test(process.stderr);
      if (!portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

interface ConnectOptions extends StartKernelOptions {
  readonly deadline: number;
}

async function connectKernel(
  spec: KernelSpec,
  process: KernelProcess,
  { clock, deadline, signal }: ConnectOptions,
): Promise<Kernel> {
  /** Fails when there is no sense in waiting further. */
  const checkAlive = () => {
    signal?.throwIfAborted();
    const stderr = process.stderr.trim();
    const said = stderr === "" ? "It wrote nothing to stderr" : `Its stderr:\n${stderr}`;
    if (process.exit !== undefined) {
      const { code, signal: by } = process.exit;
      throw new KernelStartError(
        `Kernel "${spec.name}" ended at its start (${by ?? `exit code ${code}`}). ` +
          `Command: ${spec.argv.join(" ")}. ${said}`,
      );
    }
    if (clock() > deadline) {
      throw new KernelStartError(
        `Kernel "${spec.name}" was not ready in time. Raise the option startupTimeout. ${said}`,
      );
    }
  };
  let client: KernelClient | undefined;
  while (client === undefined) {
    client = await openKernelClient(process.connection, { clock }).catch(() => undefined);
    if (client !== undefined) break;
    await within(process.exited, 10);
    checkAlive();
  }
  try {
    const info = await firstReply(client, process, checkAlive);
    return new StartedKernel(spec, process, client, info);
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Asks until a reply and its idle have come: only then is the iopub subscription in force. */
async function firstReply(
  client: KernelClient,
  process: KernelProcess,
  checkAlive: () => void,
): Promise<Readonly<Record<string, unknown>>> {
  const alive = client.ping().then(() => true);
  while (true) {
    const request = client.request("kernel_info_request");
    const answered = Promise.all([request.reply, request.idle.then(() => true)]);
    const reply = await within(request.reply, 100);
    const done = reply === undefined ? undefined : await within(answered, 100);
    if (done !== undefined && await within(alive, 100)) return done[0].content;
    await within(process.exited, 1);
    checkAlive();
  }
}

class StartedKernel implements Kernel {
  readonly spec: KernelSpec;
  readonly client: KernelClient;
  readonly languageInfo: Readonly<Record<string, unknown>>;
  readonly implementation: string;
  readonly sendsLate: boolean;
  onIopub: (message: Message) => void = () => {};
  readonly #process: KernelProcess;
  #barriers: DenoBarrier[] = [];

  constructor(
    spec: KernelSpec,
    process: KernelProcess,
    client: KernelClient,
    info: Readonly<Record<string, unknown>>,
  ) {
    this.spec = spec;
    this.client = client;
    this.#process = process;
    this.languageInfo = (info.language_info ?? {}) as Record<string, unknown>;
    this.implementation = String(info.implementation ?? "");
    this.sendsLate = this.implementation.startsWith("Deno");
    client.listeners.iopub = (message) => {
      if (!this.#barriers.some((barrier) => barrier.take(message))) this.onIopub(message);
    };
  }

  get pid(): number {
    return this.#process.pid;
  }

  get exited(): Promise<KernelExit> {
    return this.#process.exited;
  }

  get exit(): KernelExit | undefined {
    return this.#process.exit;
  }

  get stderr(): string {
    return this.#process.stderr;
  }

  interrupt(): void {
    if (this.spec.interruptMode === "signal") this.#process.interrupt();
    else this.client.request("interrupt_request", {}, { channel: "control" });
  }

  async barrier(onLate: (message: Message) => void = () => {}): Promise<void> {
    if (!this.sendsLate) return await this.client.request("kernel_info_request").idle;
    const barrier = startDenoBarrier(this.client, onLate);
    this.#barriers.push(barrier);
    await barrier.passed;
    // One that does not pass stays, so that its marks never look like outputs.
    this.#barriers = this.#barriers.filter((other) => other !== barrier);
  }

  async stop({ grace = 1000 }: { readonly grace?: number } = {}): Promise<void> {
    if (this.exit === undefined && grace > 0) {
      const { reply } = this.client.request("shutdown_request", { restart: false }, {
        channel: "control",
      });
      await within(Promise.race([reply, this.exited]), grace);
      // ipykernel has said yes by now, but only notices when its connections move.
      this.client.close();
      await within(this.exited, grace);
    }
    await this.#process.kill();
    this.client.close();
  }
}
