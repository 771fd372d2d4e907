import { messageOf } from "../../_internal/message_of.ts";
import { type RemoteCall, RemoteError, type RemoteErrorKind } from "./remote.ts";

/** Where the service is and who asks. */
export interface WandbAccess {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Goes into the Authorization header of requests to `baseUrl`, and nowhere else. */
  readonly apiKey: string;
}

/** One request. */
export interface WandbRequest extends RemoteCall {
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** As much of an answer as an error message shows. */
const MOST_SHOWN = 200;

/** W&B's HTTP interface: what goes wrong becomes a {@linkcode RemoteError}, free of the key. */
export class WandbClient {
  readonly #access: WandbAccess;
  readonly #authorization: string;
  /** For messages. */
  readonly where: string;

  constructor(access: WandbAccess) {
    this.#access = access;
    this.#authorization = `Basic ${btoa(`api:${access.apiKey}`)}`;
    this.where = new URL(access.baseUrl).origin;
  }

  /** Runs a query or mutation. */
  async graphql<T>(
    query: string,
    { variables, ...call }: RemoteCall & { readonly variables: Readonly<Record<string, unknown>> },
  ): Promise<T> {
    const text = await this.post("/graphql", { query, variables }, call);
    const { data, errors } = this.#parse<{ data?: T; errors?: { message?: string }[] }>(text);
    if (data && !errors?.length) return data;
    const message = errors?.map((error) => error.message).join("; ") ?? "no data";
    const kind = /permission|denied|unauthori[sz]ed|not logged in/i.test(message)
      ? "denied"
      : "rejected";
    throw this.#error(kind, `the service refused a request (${message})`);
  }

  /** Posts JSON; gives the text of the answer. */
  async post(
    path: string,
    body: unknown,
    { signal, idempotencyKey }: RemoteCall & { readonly idempotencyKey?: string },
  ): Promise<string> {
    const headers = {
      "content-type": "application/json",
      ...idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    };
    const url = this.#access.baseUrl + path;
    return await this.request({ method: "POST", url, headers, body: JSON.stringify(body), signal });
  }

  /** Sends a request; the key goes along to the service itself only, not to a storage elsewhere. */
  async request({ method, url, headers = {}, body, signal }: WandbRequest): Promise<string> {
    const target = new URL(url, `${this.#access.baseUrl}/`);
    const isOwn = target.origin === this.where;
    const sent = new Headers(headers);
    if (isOwn) sent.set("authorization", this.#authorization);
    let response: Response, text: string;
    try {
      // A redirect could lead the key elsewhere.
      const init = { method, body, signal, headers: sent, redirect: "error" } as const;
      response = await fetch(target, init);
      text = await response.text();
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw this.#error(
        "unavailable",
        `no answer (${messageOf(cause)}). Check the network and WANDB_BASE_URL`,
      );
    }
    if (response.ok) return text;
    // A place in a storage is given for a while: the next attempt asks for a new one.
    if (!isOwn) throw this.#error("unavailable", `its storage answers status ${response.status}`);
    const shown = text.slice(0, MOST_SHOWN).replace(/\s+/g, " ").trim();
    const said = shown === "" ? "" : `: ${shown}`;
    throw this.#error(kindOf(response.status), adviceOf(response.status) + said);
  }

  #parse<T>(text: string): T {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#error("unavailable", "the answer is no JSON. Check WANDB_BASE_URL");
    }
  }

  /** A service may repeat what it was sent; no message may. */
  #error(kind: RemoteErrorKind, message: string): RemoteError {
    let clean = `W&B at ${this.where}: ${message}`;
    for (const secret of [this.#authorization.slice(6), this.#access.apiKey]) {
      if (secret !== "") clean = clean.replaceAll(secret, "***");
    }
    return new RemoteError(clean, { kind });
  }
}

/** What can be mended by waiting is tried again; of the rest, only the way in concerns all items. */
function kindOf(status: number): RemoteErrorKind {
  if (status === 401 || status === 403) return "denied";
  if (status === 408 || status === 429 || status >= 500) return "unavailable";
  return "rejected";
}

function adviceOf(status: number): string {
  switch (status) {
    case 401:
      return "status 401, the key is not accepted. Set WANDB_API_KEY to the one of your account";
    case 403:
      return "status 403, the key may not write there. Choose another project or entity";
    case 404:
      return "status 404, not found. Check project, entity and WANDB_BASE_URL";
    default:
      return `status ${status}`;
  }
}
