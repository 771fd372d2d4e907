import { clearInterval, setImmediate, setInterval } from "node:timers";
import { KernelStreamError, OutputLimitError } from "../runner_errors.ts";
import { createGate, within } from "../wait.ts";
import { ServerConnectionError } from "./server_error.ts";
import { type ServerApi, ServerSilentError } from "./server_api.ts";
import { type ChannelMessage, fromWire, type Socket, type SocketClass, toWire } from "./wire.ts";

/** Options of {@linkcode KernelSocket}. */
export interface KernelSocketOptions {
  readonly api: ServerApi;
  readonly kernelId: string;
  /** The server keeps messages for a session that lost its connection. */
  readonly session: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Largest message; a larger one is a fault. */
  readonly maxMessageBytes: number;
  /** Each message, in the order of its channel. */
  readonly onMessage: (message: ChannelMessage) => void;
  /** The connection is lost; it is being opened again. */
  readonly onDrop: () => void;
  /** It is there again. What is sent in this call goes before what was sent meanwhile. */
  readonly onReopen: () => void;
  /** The server has the kernel no more. */
  readonly onGone: (reason: string) => void;
  /** It will not come back, or carried something that is no message. */
  readonly onFault: (error: Error) => void;
}

const PROTOCOLS = ["v1.kernel.websocket.jupyter.org"];
/** Headers and the escapes of JSON come to what a message says. */
const OVERHEAD_BYTES = 2 ** 20;
/** Milliseconds: the watch's step; silence after which is asked, and after which it is given up. */
const WATCH_STEP = 2000, ASK_AFTER = 10_000, GIVE_UP_AFTER = 45_000;
/** Milliseconds between attempts to connect again, and for one. A server waits for slow kernels. */
const FIRST_PAUSE = 100, LONGEST_PAUSE = 2000, HANDSHAKE_WAIT = 70_000;

/**
 * The WebSocket to a kernel, with settings and wire format of @jupyterlab/services. That package's
 * own connection is not used: it reports to the console, waits random times without a limit, and
 * drops messages when the server itself says something in between.
 */
export class KernelSocket {
  readonly #options: KernelSocketOptions;
  readonly #closed = createGate();
  #isClosed = false;
  #socket: Socket | undefined;
  #opening: Socket | undefined;
  #protocols = PROTOCOLS;
  /** Sent while there was no connection. */
  #queue: ChannelMessage[] = [];
  #watch: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;
  #isAcknowledging = false;
  /** Since when nothing has come; a connection that opens and breaks again does not count. */
  #lostAt: number | undefined;

  constructor(options: KernelSocketOptions) {
    this.#options = options;
  }

  /** True while messages can go and come. */
  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Connects for the first time. Rejects with the reason when the server refuses. */
  async open(milliseconds: number): Promise<void> {
    await this.#connect(milliseconds);
    this.#watch = setInterval(() => void this.#look(), WATCH_STEP);
  }

  /** Sends now, or when the connection is back. */
  send(message: ChannelMessage): void {
    if (this.#socket === undefined) this.#queue.push(message);
    else this.#write(this.#socket, message);
  }

  close(): void {
    this.#isClosed = true;
    this.#closed.open();
    clearInterval(this.#watch);
    (this.#socket ?? this.#opening)?.terminate();
    this.#socket = undefined;
  }

  async #connect(milliseconds: number): Promise<void> {
    try {
      await this.#handshake(milliseconds);
    } catch (error) {
      // Servers that know only the older wire format select no protocol, which `ws` takes as an error.
      if (!/subprotocol/i.test((error as Error).message) || this.#protocols.length === 0) {
        throw error;
      }
      this.#protocols = [];
      await this.#handshake(milliseconds);
    }
  }

  #handshake(milliseconds: number): Promise<void> {
    const { api: { address, settings }, kernelId, session, maxMessageBytes } = this.#options;
    const url = `${address.wsUrl}api/kernels/${kernelId}/channels?session_id=${session}`;
    const headers = address.token === "" ? {} : { Authorization: `token ${address.token}` };
    return new Promise((resolve, reject) => {
      const socket = new (settings.WebSocket as unknown as SocketClass)(url, this.#protocols, {
        ...{ headers, perMessageDeflate: false, maxPayload: maxMessageBytes + OVERHEAD_BYTES },
        handshakeTimeout: Math.max(1, Math.min(milliseconds, HANDSHAKE_WAIT)),
      });
      this.#opening = socket;
      socket.binaryType = "arraybuffer";
      let reason = "the connection was closed";
      socket.onerror = (event) => reason = address.redact(String(event.message ?? reason));
      socket.onclose = () => {
        reject(new Error(reason));
        if (this.#socket === socket) this.#onDrop(reason);
      };
      socket.onmessage = ({ data }) => this.#onData(socket, data);
      socket.on("pong", () => this.#onLife());
      socket.onopen = () => {
        if (this.#isClosed) return socket.terminate();
        this.#socket = socket;
        this.#heardAt = this.#options.clock();
        resolve();
      };
    });
  }

  #write(socket: Socket, message: ChannelMessage): void {
    const { serialize } = this.#options.api.settings.serializer;
    socket.send(serialize(toWire(message), socket.protocol));
  }

  #onData(socket: Socket, data: ArrayBuffer | string): void {
    if (this.#isClosed) return;
    this.#onLife();
    this.#acknowledge(socket);
    let message: ChannelMessage;
    try {
      // Of the older wire format it takes text too, which its type does not say.
      const { deserialize } = this.#options.api.settings.serializer;
      message = fromWire(deserialize(data as ArrayBuffer, socket.protocol));
    } catch (error) {
      const why = (error as Error).message;
      this.#options.onFault(
        new KernelStreamError(`The server sent something that is no Jupyter message: ${why}`),
      );
      return;
    }
    this.#options.onMessage(message);
  }

  #onLife(): void {
    this.#heardAt = this.#options.clock();
    this.#lostAt = undefined;
  }

  /**
   * Jupyter servers keep Nagle's algorithm on: the second small message waits until the first is
   * acknowledged, which our system delays by 40 ms in the hope of something to send along. So we
   * send something: a pong that nobody asked for is allowed (RFC 6455, 5.5.3) and has no answer.
   */
  #acknowledge(socket: Socket): void {
    if (this.#isAcknowledging) return;
    this.#isAcknowledging = true;
    setImmediate(() => {
      this.#isAcknowledging = false;
      if (this.#socket === socket) socket.pong();
    });
  }

  #onDrop(reason: string): void {
    this.#socket = undefined;
    if (this.#isClosed) return;
    if (/max payload/i.test(reason)) {
      this.#options.onFault(
        new OutputLimitError(
          `One output alone is larger than maxOutputBytes (${this.#options.maxMessageBytes}). ` +
            "Write it to a file, or raise maxOutputBytes",
        ),
      );
      return;
    }
    this.#lostAt ??= this.#options.clock();
    this.#options.onDrop();
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { api, clock } = this.#options;
    const { reconnectTimeout, baseUrl } = api.address;
    const deadline = this.#lostAt! + reconnectTimeout;
    let reason = "";
    for (let pause = FIRST_PAUSE; !this.#isClosed; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await within(this.#closed.opened, Math.min(pause, deadline - clock()));
      try {
        if (this.#isClosed || !await this.#stillThere()) return;
        await this.#connect(Math.max(1000, deadline - clock()));
        break;
      } catch (error) {
        reason = (error as Error).message;
      }
      if (clock() < deadline) continue;
      this.#options.onFault(
        new ServerConnectionError(
          `The connection to the Jupyter server at ${baseUrl} was lost and did not come back ` +
            `within ${reconnectTimeout} ms (${reason}). Look whether the server runs; a longer ` +
            "wait is the option server.reconnectTimeout",
        ),
      );
      return;
    }
    this.#socket?.ping();
    const queue = this.#queue;
    this.#queue = [];
    this.#options.onReopen();
    for (const message of queue) this.send(message);
  }

  /** Asks the server for the kernel, and tells the owner when it is gone. */
  async #stillThere(): Promise<boolean> {
    const { api, kernelId, onGone } = this.#options;
    const state = await api.kernelState(kernelId);
    if (state === "alive" || this.#isClosed) return state === "alive";
    onGone(
      state === "gone"
        ? "the server does not know it any more: it was shut down, or the server was restarted"
        : "the server says that it is dead",
    );
    return false;
  }

  /** A connection without any sign of life is replaced; of a kernel deleted meanwhile nothing comes. */
  async #look(): Promise<void> {
    const silence = this.#options.clock() - this.#heardAt;
    const socket = this.#socket;
    if (socket === undefined || silence < ASK_AFTER) return;
    if (silence > GIVE_UP_AFTER) return socket.terminate();
    socket.ping();
    try {
      await this.#stillThere();
    } catch (error) {
      // The server is busy or away; the silence of the socket will tell.
      if (!(error instanceof ServerSilentError)) throw error;
    }
  }
}
