import { randomUUID } from "node:crypto";
import type { ConnectionInfo } from "./connection_info.ts";
import { KernelStreamError, OutputLimitError } from "../runner_errors.ts";
import type {
  KernelClient,
  KernelListeners,
  KernelRequest,
  RequestOptions,
} from "./kernel_client.ts";
import { decodeSigned, encodeSigned, type Message } from "./message_codec.ts";
import { PendingRequests } from "./pending_requests.ts";
import { openZmtp, type ZmtpAddress, type ZmtpConnection } from "./zmtp_connection.ts";
import { FrameSizeError } from "./zmtp_frames.ts";

/** Options of {@linkcode openZmtpClient}. */
export interface ZmtpClientOptions {
  /** Milliseconds since the epoch, for the dates of messages. */
  readonly clock: () => number;
  /** Largest part of a message; a larger one is a fault before it is read. */
  readonly maxMessageBytes: number;
}

/** Connects all five channels; rejects while the kernel does not listen on all of them. */
export async function openZmtpClient(
  connection: ConnectionInfo,
  options: ZmtpClientOptions,
): Promise<KernelClient> {
  const client = new ZmtpClient(connection, options);
  await client.connect();
  return client;
}

/** Carries the messages over ZeroMQ's wire protocol to a kernel on this machine. */
class ZmtpClient implements KernelClient {
  readonly listeners: KernelListeners = {};
  readonly fault: Promise<Error>;
  readonly #info: ConnectionInfo;
  readonly #options: ZmtpClientOptions;
  readonly #session: string = randomUUID();
  readonly #pending = new PendingRequests();
  #connections: ZmtpConnection[] = [];
  #reportFault!: (error: Error) => void;
  #pong: (() => void) | undefined;

  constructor(info: ConnectionInfo, options: ZmtpClientOptions) {
    this.#info = info;
    this.#options = options;
    this.fault = new Promise((resolve) => this.#reportFault = resolve);
  }

  get pendingBytes(): number {
    return this.#connections[1]?.pendingBytes ?? 0;
  }

  get iopubClosed(): boolean {
    return this.#connections[1]?.closed ?? true;
  }

  get openRequests(): number {
    return this.#pending.size;
  }

  async connect(): Promise<void> {
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = this.#info;
    const identity = this.#session;
    const onReply = (frames: Uint8Array[]) => this.#pending.replied(this.#decode(frames));
    // As long as nobody listens for it, there is no sense in opening the others.
    const heartbeat = await this.#open(hb_port, "REQ", () => this.#pong?.());
    const opened = await Promise.allSettled([
      this.#open(shell_port, "DEALER", onReply, identity),
      this.#open(iopub_port, "SUB", (frames) => this.#onIopub(frames)),
      this.#open(stdin_port, "DEALER", (frames) => this.#onInput(frames), identity),
      this.#open(control_port, "DEALER", onReply, identity),
      heartbeat,
    ]);
    this.#connections = opened.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
    const refused = opened.find((one) => one.status === "rejected");
    if (refused === undefined) return;
    this.close();
    throw refused.reason;
  }

  #open(
    port: number,
    type: "DEALER" | "SUB" | "REQ",
    onMessage: (frames: Uint8Array[]) => void,
    identity = "",
  ): Promise<ZmtpConnection> {
    const { transport, ip } = this.#info;
    const address: ZmtpAddress = transport === "ipc"
      ? { path: `${ip}-${port}` }
      : { host: ip, port };
    const maxFrameBytes = this.#options.maxMessageBytes;
    const onClose = (error: Error | undefined) => {
      if (error === undefined || /reset|EPIPE|broken pipe/i.test(error.message)) return;
      this.#reportFault(this.#faultOf(error, type === "SUB" ? "iopub stream" : "connection"));
    };
    return openZmtp(address, { type, identity, maxFrameBytes, onMessage, onClose });
  }

  #faultOf(error: Error, channel: string): Error {
    if (error instanceof FrameSizeError) {
      return new OutputLimitError(
        `One output alone is larger than maxOutputBytes (${this.#options.maxMessageBytes}): ` +
          `${error.message}. Write it to a file, or raise maxOutputBytes`,
      );
    }
    return new KernelStreamError(
      `The kernel corrupted its ${channel}: ${error.message}. Known of kernels that write a second ` +
        "message into a large one: write large figures to files instead of displaying them",
    );
  }

  request(
    type: string,
    content: Record<string, unknown> = {},
    options: RequestOptions = {},
  ): KernelRequest {
    const id = randomUUID();
    const request = this.#pending.add(id);
    this.#sendOn(options, { id, type, content });
    return request;
  }

  notify(type: string, content: Record<string, unknown>, options: RequestOptions = {}): void {
    this.#sendOn(options, { id: randomUUID(), type, content });
  }

  replyInput(value: string, request: Message): void {
    const message = { id: randomUUID(), type: "input_reply", content: { value } };
    this.#send(2, message, { parentHeader: request.header });
  }

  ping(): Promise<void> {
    return new Promise((resolve) => {
      this.#pong = resolve;
      // A REQ socket puts an empty frame before its message.
      this.#connections[4]?.send([new Uint8Array(0), new TextEncoder().encode("ping")]);
    });
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #sendOn({ channel = "shell", buffers = [] }: RequestOptions, message: OutgoingMessage): void {
    this.#send(channel === "shell" ? 0 : 3, message, { buffers });
  }

  #send(
    connection: number,
    { id, type, content }: OutgoingMessage,
    { parentHeader = {}, buffers = [] }: Partial<Pick<Message, "parentHeader" | "buffers">>,
  ): void {
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.#session,
      username: "qsight",
      date: new Date(this.#options.clock()).toISOString(),
      version: "5.3",
    };
    const message = { header, parentHeader, metadata: {}, content, buffers };
    this.#connections[connection].send(encodeSigned(message, this.#info.key));
  }

  #decode(frames: Uint8Array[]): Message {
    return decodeSigned(frames, this.#info.key);
  }

  #onIopub(frames: Uint8Array[]): void {
    const message = this.#decode(frames);
    this.listeners.iopub?.(message);
    this.#pending.published(message);
  }

  #onInput(frames: Uint8Array[]): void {
    const message = this.#decode(frames);
    if (message.header.msg_type === "input_request") this.listeners.input?.(message);
  }
}

interface OutgoingMessage {
  readonly id: string;
  readonly type: string;
  readonly content: Record<string, unknown>;
}
