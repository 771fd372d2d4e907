import type { KernelClient, KernelRequest } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import { within } from "../wait.ts";
import type { KernelAdapter } from "./kernel_adapter.ts";
import { adapterOf } from "./adapter_of.ts";
import type { KernelExit, KernelHost } from "./kernel_host.ts";
import type { KernelSpec } from "./kernel_spec.ts";
import type { OutputRouter, RoutedMessage } from "./output_router.ts";

/** How a cell is sent. */
export interface ExecuteRequest {
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** The text of the cell. */
  readonly code: string;
  /** Somebody answers when the cell asks for input. */
  readonly allowStdin: boolean;
}

/** A kernel that has answered its first request. */
export interface Kernel {
  readonly spec: KernelSpec;
  readonly client: KernelClient;
  readonly adapter: KernelAdapter;
  /** Leader of its process group; absent where it is not on this machine. */
  readonly pid?: number;
  /** `language_info` of the kernel's first reply. */
  readonly languageInfo: Readonly<Record<string, unknown>>;
  /** `"Deno kernel"`, `"ipython"`, … */
  readonly implementation: string;
  readonly exited: Promise<KernelExit>;
  readonly exit: KernelExit | undefined;
  readonly stderr: string;
  /** What did not change the verdict; complete after the end. */
  readonly warnings: readonly string[];
  /** Set by the owner: what the kernel puts out, and for which cell. */
  onOutput: (routed: RoutedMessage) => void;
  /** Set by the owner: a cell asks for input. */
  onInput: (request: Message) => void;
  /** Sends a cell. */
  execute(request: ExecuteRequest): KernelRequest;
  /**
   * Asks the running cell to stop, in the way that this kernel understands. Resolves when the kernel
   * has confirmed that, at once where it is a signal; stays pending when the kernel dies.
   */
  interrupt(): Promise<void>;
  /** Outputs of a cell are only sure to be complete after a barrier. */
  readonly needsBarrier: boolean;
  /**
   * Resolves when everything that the kernel has printed and displayed so far has arrived here;
   * stays pending where that cannot be known, as after its end.
   */
  barrier(): Promise<void>;
  /** Asks it to end, then kills it. Afterwards nothing of it is left. */
  stop(options?: { readonly grace?: number }): Promise<void>;
}

/** What a kernel is made of. */
export interface KernelParts {
  readonly spec: KernelSpec;
  readonly host: KernelHost;
  readonly client: KernelClient;
  /** The content of the kernel's first `kernel_info_reply`. */
  readonly info: Readonly<Record<string, unknown>>;
  /** Bytes that a notebook may put out. */
  readonly maxOutputBytes: number;
}

/** Prepares a kernel that answers for the first cell. */
export function prepareKernel(parts: KernelParts): Kernel {
  const kernel = new RunningKernel(parts);
  kernel.sendPrelude();
  return kernel;
}

class RunningKernel implements Kernel {
  readonly spec: KernelSpec;
  readonly client: KernelClient;
  readonly adapter: KernelAdapter;
  readonly languageInfo: Readonly<Record<string, unknown>>;
  readonly implementation: string;
  onOutput: (routed: RoutedMessage) => void = () => {};
  onInput: (request: Message) => void = () => {};
  readonly #host: KernelHost;
  readonly #router: OutputRouter;

  constructor({ spec, host, client, info, maxOutputBytes }: KernelParts) {
    this.spec = spec;
    this.client = client;
    this.#host = host;
    this.languageInfo = (info.language_info ?? {}) as Record<string, unknown>;
    this.implementation = String(info.implementation ?? "");
    this.adapter = adapterOf({ argv: spec.argv, implementation: this.implementation });
    this.#router = this.adapter.createRouter({ maxOutputBytes });
    client.listeners.iopub = (message) => {
      for (const routed of this.#router.route(message)) this.onOutput(routed);
    };
    client.listeners.input = (request) => {
      const answer = this.#router.answer?.(request);
      if (answer === undefined) this.onInput(request);
      else void answer.then((value) => client.replyInput(value, request));
    };
  }

  get pid(): number | undefined {
    return this.#host.pid;
  }

  get exited(): Promise<KernelExit> {
    return this.#host.exited;
  }

  get exit(): KernelExit | undefined {
    return this.#host.exit;
  }

  get stderr(): string {
    return this.#host.stderr;
  }

  get warnings(): readonly string[] {
    return this.#host.warnings ?? [];
  }

  get needsBarrier(): boolean {
    return this.#router.needsBarrier;
  }

  /** Sends the prelude; the cells queue up behind it, so that nobody has to wait for its end. */
  sendPrelude(): void {
    const { prelude } = this.#router;
    if (prelude === undefined) return;
    const { reply } = this.client.request("execute_request", {
      code: prelude,
      silent: true,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
    void reply.then(({ content }) => this.#router.preludeDone?.(content.status === "ok"));
  }

  execute({ cellIndex, code, allowStdin }: ExecuteRequest): KernelRequest {
    const request = this.client.request("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: allowStdin || this.adapter.mayAlwaysAsk,
      stop_on_error: true,
    });
    this.#router.cellSent(request.id, cellIndex);
    return request;
  }

  async interrupt(): Promise<void> {
    if (this.adapter.interruptMode(this.spec) === "signal") this.#host.interrupt();
    else await this.client.request("interrupt_request", {}, { channel: "control" }).reply;
  }

  barrier(): Promise<void> {
    return this.#router.barrier(this.client);
  }

  async stop({ grace = 1000 }: { readonly grace?: number } = {}): Promise<void> {
    // A server would take an end that we ask for as a crash, and start the kernel anew.
    if (this.pid !== undefined && this.exit === undefined && grace > 0) {
      const { reply } = this.client.request("shutdown_request", { restart: false }, {
        channel: "control",
      });
      await within(Promise.race([reply, this.exited]), grace);
      // ipykernel has said yes by now, but only notices when its connections move.
      this.client.close();
      await within(this.exited, grace);
    }
    await this.#host.kill();
    this.client.close();
  }
}
