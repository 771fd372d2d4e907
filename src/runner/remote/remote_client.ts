import { randomUUID } from "node:crypto";
import type {
  KernelClient,
  KernelListeners,
  KernelRequest,
  RequestOptions,
} from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import { delay } from "../wait.ts";
import { KernelSocket } from "./kernel_socket.ts";
import { droppedOutputs, lostAnswer, lostMessages, UNKNOWN_LOSS } from "./losses.ts";
import { isHarmless, type OpenRequest, RemoteRequests } from "./remote_requests.ts";
import type { ServerApi } from "./server_api.ts";
import { SentCount } from "./sent_count.ts";
import type { ChannelMessage } from "./wire.ts";

/** Options of {@linkcode RemoteClient}. */
export interface RemoteClientOptions {
  readonly api: ServerApi;
  readonly kernelId: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Largest message; a larger one is a fault. */
  readonly maxMessageBytes: number;
}

/** How many ids are kept: what a server sends again came shortly before. */
const MOST_KNOWN = 50_000;

/** The client side of the Jupyter protocol through a server; outlives lost connections. */
export class RemoteClient implements KernelClient {
  readonly listeners: KernelListeners = {};
  /** Resolves with the reason when the connection is lost for good, or took messages with it. */
  readonly fault: Promise<Error>;
  /** Resolves with the reason when the kernel has ended. */
  readonly gone: Promise<string>;
  /** Resolves when the server has left outputs out. */
  readonly dropped: Promise<void>;
  readonly #options: RemoteClientOptions;
  readonly #socket: KernelSocket;
  readonly #session: string = randomUUID();
  readonly #warnings = new Set<string>();
  readonly #sent = new SentCount();
  /** The connection was lost, and nothing has told since that all is there. */
  #isUnproven = false;
  readonly #requests = new RemoteRequests((request, missing) => this.#onSurvivor(request, missing));
  /** Ids of what came lately, to know it when it is sent again after a reconnect. */
  readonly #known = new Set<string>();
  #isReplaying = false;
  /** Counts the times that the connection came back. */
  #connection = 0;
  #kernelSession: string | undefined;
  /** `execution_count` of the last answer. */
  #count = 0;
  #isClosed = false;
  #reportFault!: (error: Error) => void;
  #reportGone!: (reason: string) => void;
  #reportDropped!: () => void;

  constructor(options: RemoteClientOptions) {
    this.#options = options;
    this.fault = new Promise((resolve) => this.#reportFault = resolve);
    this.gone = new Promise((resolve) => this.#reportGone = resolve);
    this.dropped = new Promise((resolve) => this.#reportDropped = resolve);
    this.#socket = new KernelSocket({
      ...options,
      session: this.#session,
      onMessage: (message) => this.#onMessage(message),
      onDrop: () => this.#onDrop(),
      onReopen: () => void this.#onReopen(),
      onGone: (reason) => this.#reportGone(reason),
      onFault: (error) => this.#reportFault(error),
    });
    void Promise.race([this.gone, this.fault]).then(() => {
      // What may be missing is the least of it then.
      this.#isUnproven = false;
      this.close();
    });
  }

  open(milliseconds: number): Promise<void> {
    return this.#socket.open(milliseconds);
  }

  /** Messages arrive whole, so none is ever half here. */
  get pendingBytes(): number {
    return 0;
  }

  /** What does not change the verdict. */
  get warnings(): readonly string[] {
    return [...this.#warnings, ...(this.#isUnproven ? [UNKNOWN_LOSS] : [])];
  }

  get iopubClosed(): boolean {
    return this.#isClosed;
  }

  get openRequests(): number {
    return this.#requests.size;
  }

  request(
    type: string,
    content: Record<string, unknown> = {},
    options: RequestOptions = {},
  ): KernelRequest {
    const sent = this.#message({ type, content }, options);
    const request = this.#requests.add(sent);
    this.#socket.send(sent);
    return request;
  }

  notify(type: string, content: Record<string, unknown>, options: RequestOptions = {}): void {
    this.#socket.send(this.#message({ type, content }, options));
  }

  replyInput(value: string, request: Message): void {
    const { message } = this.#message({ type: "input_reply", content: { value } }, {});
    this.#socket.send({ channel: "stdin", message: { ...message, parentHeader: request.header } });
  }

  /** Asks the server, which watches the process. */
  async ping(): Promise<void> {
    const { api, kernelId } = this.#options;
    while (!this.#isClosed) {
      const state = await api.kernelState(kernelId).catch(() => undefined);
      if (state === "alive") return;
      await delay(1000);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  #message(
    { type, content }: { readonly type: string; readonly content: Record<string, unknown> },
    { channel = "shell", buffers = [] }: RequestOptions,
  ): ChannelMessage {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.#session,
      username: "qsight",
      date: new Date(this.#options.clock()).toISOString(),
      version: "5.3",
    };
    return { channel, message: { header, parentHeader: {}, metadata: {}, content, buffers } };
  }

  #onMessage(received: ChannelMessage): void {
    const { channel, message } = received;
    const { header, content } = message, key = `${channel} ${header.msg_id}`;
    if (this.#isReplaying && this.#known.has(key)) return;
    this.#known.add(key);
    if (this.#known.size > MOST_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    if (header.msg_type === "kernel_info_reply") this.#kernelSession ??= header.session;
    if (header.msg_type === "execute_reply") {
      this.#count = Number(content.execution_count ?? this.#count);
    }
    if (channel === "iopub") this.#onIopub(message);
    else if (header.msg_type === "input_request") this.listeners.input?.(message);
    this.#requests.take(received);
  }

  #onIopub(message: Message): void {
    const { header, content } = message;
    this.listeners.iopub?.(message);
    const state = header.msg_type === "status" ? content.execution_state : undefined;
    if (state === "restarting" || state === "dead") {
      this.#reportGone(`the server says that its process is ${state}`);
    }
    if (header.session === this.#kernelSession) this.#onMark(this.#sent.note(message));
    else this.#onServerSays(message);
  }

  #onDrop(): void {
    this.#requests.cutAll();
    const hasCell = this.#requests.cut.some(({ sent }) => isCell(sent));
    if (hasCell || this.#sent.isKnown) this.#isUnproven = true;
  }

  #onMark(missing: number | undefined): void {
    if (missing === undefined || !this.#isUnproven) return;
    this.#isUnproven = false;
    // What a server has left out is said already, and counts as well.
    if (missing > 0 && this.#warnings.size === 0) this.#reportFault(lostMessages(missing));
  }

  #onServerSays(message: Message): void {
    const warning = droppedOutputs(message);
    if (warning === undefined) return;
    this.#warnings.add(warning);
    this.#reportDropped();
  }

  /**
   * The server has kept what the kernel said meanwhile, and sends it now. What was on its way when
   * the connection broke is lost, though: a request, an answer or outputs. A question that the kernel
   * answers after all earlier ones tells when nothing more can come.
   */
  async #onReopen(): Promise<void> {
    const connection = ++this.#connection;
    this.#isReplaying = true;
    const cut = this.#requests.cut;
    const probe = this.request("kernel_info_request");
    const [info] = await Promise.all([probe.reply, probe.idle]);
    // Lost again meanwhile: the next connection judges.
    if (connection !== this.#connection) return;
    this.#isReplaying = false;
    if (this.#kernelSession !== undefined && info.header.session !== this.#kernelSession) {
      this.#reportGone("its process was replaced while the connection was lost");
      return;
    }
    for (const request of cut.filter(({ missing }) => missing.size > 0)) {
      const mayRepeat = isHarmless(request) || await this.#neverArrived(request);
      if (connection !== this.#connection) return;
      if (mayRepeat) {
        request.cut = false;
        // It had put out nothing yet.
        if (!this.#sent.isKnown) this.#isUnproven = false;
        this.#socket.send(request.sent);
      } else this.#reportFault(lostAnswer());
    }
  }

  /** Whether the kernel has not run a cell: then its count of cells is where it was. */
  async #neverArrived({ begun }: OpenRequest): Promise<boolean> {
    if (begun) return false;
    const before = this.#count;
    const { reply } = this.request("execute_request", {
      ...{ code: "", silent: true, store_history: false, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: false },
    });
    return (await reply).content.execution_count === before;
  }

  /** A request whose answers came although the connection was lost; perhaps not all of its outputs. */
  #onSurvivor({ sent }: OpenRequest, missing: number | undefined): void {
    if (missing === undefined || !isCell(sent)) return;
    this.#isUnproven = false;
    if (missing > 0) this.#reportFault(lostMessages(missing));
  }
}

function isCell({ message }: ChannelMessage): boolean {
  return message.header.msg_type === "execute_request";
}
