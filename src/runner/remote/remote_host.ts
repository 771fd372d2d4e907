import type { KernelExit, KernelHost } from "../kernels/kernel_host.ts";
import { delay } from "../wait.ts";
import type { RemoteClient } from "./remote_client.ts";
import { type ServerApi, ServerSilentError } from "./server_api.ts";

/** Milliseconds: a server gives a kernel some seconds to end by itself before it kills it. */
const SHUTDOWN_WAIT = 30_000;
/** The same when the connection is lost anyhow. */
const LOST_WAIT = 3000;

/** How often, and after how many milliseconds, a server that failed is asked again. */
const ATTEMPTS = 20, ATTEMPT_PAUSE = 500;

/** A kernel behind a server: it is stopped and ended by REST. */
export class RemoteHost implements KernelHost {
  readonly exited: Promise<KernelExit>;
  exit: KernelExit | undefined;
  /** The server keeps what its kernels write to stderr. */
  readonly stderr = "";
  readonly #api: ServerApi;
  readonly #id: string;
  readonly #client: RemoteClient;
  /** Why the kernel could not be ended. */
  readonly #notEnded: string[] = [];
  #isLost = false;
  #killed: Promise<void> | undefined;

  constructor({ api, kernelId, client }: {
    readonly api: ServerApi;
    readonly kernelId: string;
    readonly client: RemoteClient;
  }) {
    this.#api = api;
    this.#id = kernelId;
    this.#client = client;
    this.exited = client.gone.then((reason) => this.exit = { code: null, signal: null, reason });
    void client.fault.then(() => this.#isLost = true);
  }

  get warnings(): readonly string[] {
    return [...this.#client.warnings, ...this.#notEnded];
  }

  interrupt(): void {
    // Where it has no effect the cell runs on, and its owner ends the kernel.
    void this.#api.call(`kernels/${this.#id}/interrupt`, { method: "POST" }).catch(() => {});
  }

  /** Also after its exit: a server may have started it anew. */
  kill(): Promise<void> {
    return this.#killed ??= this.#kill();
  }

  async #kill(): Promise<void> {
    const timeout = this.#isLost ? LOST_WAIT : SHUTDOWN_WAIT;
    const problem = await shutDown(this.#api, this.#id, timeout);
    if (problem === undefined) return;
    this.#notEnded.push(
      `Kernel ${this.#id} at ${this.#api.address.baseUrl} could not be shut down (${problem}). ` +
        "Look whether it still runs there",
    );
  }
}

/** Ends a kernel, and says why where that cannot be done. */
export async function shutDown(
  api: ServerApi,
  id: string,
  timeout: number,
): Promise<string | undefined> {
  // While a server starts a dead kernel anew it cannot end it, and fails.
  for (let left = ATTEMPTS;; left--) {
    try {
      const reply = await api.call(`kernels/${id}`, { method: "DELETE", timeout });
      if (reply.status === 204 || reply.status === 404) return undefined;
      if (reply.status < 500 || left === 0) return api.said(reply);
    } catch (error) {
      if (error instanceof ServerSilentError) return error.message;
      throw error;
    }
    await delay(ATTEMPT_PAUSE);
  }
}
