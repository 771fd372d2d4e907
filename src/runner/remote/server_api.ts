import type { ServerConnection } from "@jupyterlab/services";
import { loadPackage } from "../../_internal/load_package.ts";
import { KernelStartError } from "../runner_errors.ts";
import type { ServerAddress } from "./server_address.ts";

/** An answer of the server's REST interface. */
export interface ServerReply {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

/** What the server knows of a kernel. */
export type KernelState = "alive" | "dead" | "gone";

/** No answer came. The message says why, without the token. */
export class ServerSilentError extends Error {
  override readonly name = "ServerSilentError";
}

/** Milliseconds that an answer may take which needs no kernel to start or to end. */
const ANSWER_WAIT = 30_000;

/** The REST interface of a Jupyter server, as far as gateways have it too: kernels, nothing else. */
export class ServerApi {
  readonly address: ServerAddress;
  readonly settings: ServerConnection.ISettings;
  readonly #send: typeof ServerConnection.makeRequest;

  private constructor(address: ServerAddress, services: typeof import("@jupyterlab/services")) {
    this.address = address;
    const { baseUrl, wsUrl, token } = address;
    this.settings = services.ServerConnection.makeSettings({
      ...{ baseUrl, wsUrl, token, appendToken: false },
      fetch: fetchWithCause,
    });
    this.#send = services.ServerConnection.makeRequest;
  }

  /** Nothing is sent yet. */
  static async create(address: ServerAddress): Promise<ServerApi> {
    const load = () => import("@jupyterlab/services");
    return new ServerApi(address, await loadPackage("@jupyterlab/services", load));
  }

  /** @throws {ServerSilentError} when no answer comes in time */
  async call(
    path: string,
    { method = "GET", body, timeout = ANSWER_WAIT }: {
      readonly method?: string;
      readonly body?: unknown;
      readonly timeout?: number;
    } = {},
  ): Promise<ServerReply> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), Math.min(timeout, 2 ** 31 - 1));
    try {
      const response = await this.#send(`${this.address.baseUrl}api/${path}`, {
        method,
        signal: controller.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }, this.settings);
      return { status: response.status, json: parseJson(await response.text()) };
    } catch (error) {
      const why = controller.signal.aborted ? `no answer within ${timeout} ms` : String(
        (error as Error).message,
      );
      throw new ServerSilentError(this.address.redact(why));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Whether the server still has the kernel.
   *
   * @throws {ServerSilentError} when the server cannot tell now
   */
  async kernelState(id: string): Promise<KernelState> {
    const reply = await this.call(`kernels/${id}`);
    if (reply.status === 404) return "gone";
    if (reply.status !== 200) throw new ServerSilentError(this.said(reply));
    return (reply.json as { execution_state?: unknown }).execution_state === "dead"
      ? "dead"
      : "alive";
  }

  /** The status and what the server says to it, in words. */
  said({ status, json }: ServerReply): string {
    const { message, reason } = (json ?? {}) as { message?: unknown; reason?: unknown };
    const words = [message, reason].find((text) => typeof text === "string" && text !== "");
    return this.address.redact(`HTTP ${status}${words === undefined ? "" : `: ${words}`}`);
  }

  /** The error for an answer that is not what a Jupyter server says, with what to do about it. */
  startError(what: string, reply: ServerReply): KernelStartError {
    const { baseUrl, token } = this.address;
    const { status } = reply;
    const said = this.said(reply);
    const limited = /limit/i.test(said);
    const mend = status === 401 || (status === 403 && !limited)
      ? token === ""
        ? "It wants a token: put it into the environment variable JUPYTER_TOKEN or the option " +
          "server.token. A server without tokens must be told disable_check_xsrf=True"
        : "It refuses the token given. Compare it with what `jupyter server list` prints where the " +
          "server runs"
      : limited
      ? "It runs as many kernels as it may. Wait, lower the number of jobs, or raise its limit"
      : status === 404
      ? "There is no Jupyter server at this address. Give its base URL, with the path if it has one"
      : status >= 500
      ? "The server failed. Look into its log"
      : "This is not how a Jupyter server answers. Give its base URL, with the path if it has one";
    return new KernelStartError(`${what} at ${baseUrl} was answered with ${said}. ${mend}`);
  }

  /** The error for a server that does not answer at all. */
  silentError(error: ServerSilentError): KernelStartError {
    const { baseUrl } = this.address;
    const mend = /certificate|issuer|self.signed/i.test(error.message)
      ? "Name the certificate of its authority in DENO_CERT (Deno) or NODE_EXTRA_CA_CERTS (Node)"
      : "Start the server or correct its URL";
    return new KernelStartError(
      `No Jupyter server answers at ${baseUrl}: ${error.message}. ${mend}`,
    );
  }
}

/** Node says only "fetch failed" itself, and the cause does not outlive the package's own error. */
async function fetchWithCause(request: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(request, init);
  } catch (error) {
    const { message, cause } = error as Error;
    const inner = cause instanceof Error ? cause.message || (cause as { code?: string }).code : "";
    // Deno puts the whole URL first.
    throw new TypeError((inner || message).replace(/^error sending request for url \(.*?\): /, ""));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
