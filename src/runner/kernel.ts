import type { KernelSpec } from "./kernel_spec.ts";
import { type KernelExit, type KernelProcess, startKernelProcess } from "./kernel_process.ts";
import { type KernelClient, openKernelClient } from "./kernel_client.ts";
import { KernelStartError } from "./runner_errors.ts";
import { delay, within } from "./wait.ts";

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
  /** Waits until everything that the kernel has sent to iopub so far has arrived here. */
  barrier(timeout: number): Promise<boolean>;
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
  readonly #process: KernelProcess;

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

  async barrier(timeout: number): Promise<boolean> {
    // Deno sends outputs after the idle of their own cell, but its broadcasts keep their order:
    // one that we send ourselves comes after everything before it. Other kernels' idle is enough.
    if (!this.implementation.startsWith("Deno")) {
      const { idle } = this.client.request("kernel_info_request");
      return await this.#settled(idle, timeout);
    }
    const { listeners } = this.client;
    const before = listeners.iopub;
    const request = this.client.request("execute_request", {
      code: 'await Deno.jupyter.broadcast("display_data", ' +
        '{ data: { "text/plain": "barrier" }, metadata: {}, transient: {} });',
      silent: true,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
    const seen = new Promise<void>((resolve) => {
      listeners.iopub = (message) => {
        const own = message.parentHeader.msg_id === request.id;
        if (!own) before?.(message);
        else if (message.header.msg_type === "display_data") resolve();
      };
    });
    const both = Promise.all([seen, request.reply]).then(() => undefined);
    const passed = await this.#settled(both, timeout);
    listeners.iopub = before;
    return passed;
  }

  async #settled(arrival: Promise<void>, timeout: number): Promise<boolean> {
    const end = Promise.race([
      arrival.then(() => true),
      this.exited.then(() => false),
      this.client.fault.then(() => false),
    ]);
    return await within(end, timeout) ?? false;
  }

  async stop({ grace = 1000 }: { readonly grace?: number } = {}): Promise<void> {
    if (this.exit === undefined && grace > 0) {
      this.client.request("shutdown_request", { restart: false }, { channel: "control" });
      await within(this.exited, grace);
    }
    await this.#process.kill();
    // What it wrote before its end is still on its way through the closed sockets.
    for (let i = 0; i < 20 && !this.client.iopubClosed; i++) await delay(5);
    this.client.close();
  }
}
