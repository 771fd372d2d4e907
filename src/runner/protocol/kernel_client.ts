import { randomUUID } from "node:crypto";
import type { ConnectionInfo } from "../kernels/kernel_process.ts";
import { decodeSigned, encodeSigned, type Message } from "./message_codec.ts";
import { KernelStreamError } from "../runner_errors.ts";
import { openZmtp, type ZmtpConnection } from "./zmtp_connection.ts";

/** What a client tells its owner. */
export interface KernelListeners {
  /** Each message of the iopub channel. */
  iopub?: (message: Message) => void;
  /** The kernel asks for input. */
  input?: (message: Message) => void;
}

/** Options of {@linkcode openKernelClient}. */
export interface KernelClientOptions {
  /** Milliseconds since the epoch, for the dates of messages. */
  readonly clock: () => number;
}

/** A request under way. Both promises stay pending when the kernel dies. */
export interface KernelRequest {
  readonly id: string;
  readonly reply: Promise<Message>;
  /** The kernel said on iopub that it is done with this request. */
  readonly idle: Promise<void>;
}

interface Pending {
  reply(message: Message): void;
  idle(): void;
  /** What has not come yet. */
  readonly missing: Set<"reply" | "idle">;
}

/** Connects all five channels; rejects while the kernel does not listen on all of them. */
export async function openKernelClient(
  connection: ConnectionInfo,
  options: KernelClientOptions,
): Promise<KernelClient> {
  const client = new KernelClient(connection, options);
  await client.connect();
  return client;
}

/** The client side of the Jupyter messaging protocol 5.3. */
export class KernelClient {
  /** Set by the owner; called for messages that belong to no request of the client itself. */
  readonly listeners: KernelListeners = {};
  /** Resolves with the reason when the kernel sent something that is no message. */
  readonly fault: Promise<Error>;
  readonly #info: ConnectionInfo;
  readonly #clock: () => number;
  readonly #session: string = randomUUID();
  readonly #pending = new Map<string, Pending>();
  #connections: ZmtpConnection[] = [];
  #reportFault!: (error: Error) => void;
  #pong: (() => void) | undefined;

  constructor(info: ConnectionInfo, { clock }: KernelClientOptions) {
    this.#info = info;
    this.#clock = clock;
    this.fault = new Promise((resolve) => this.#reportFault = resolve);
  }

  /** Bytes of an iopub message that has begun to arrive. */
  get pendingBytes(): number {
    return this.#connections[1]?.pendingBytes ?? 0;
  }

  /** True when the iopub connection has ended and all it carried has been read. */
  get iopubClosed(): boolean {
    return this.#connections[1]?.closed ?? true;
  }

  /** How many requests still miss their reply or their idle. */
  get openRequests(): number {
    return this.#pending.size;
  }

  async connect(): Promise<void> {
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = this.#info;
    const identity = this.#session;
    const opened = await Promise.allSettled([
      this.#open(shell_port, "DEALER", (frames) => this.#onReply(frames), identity),
      this.#open(iopub_port, "SUB", (frames) => this.#onIopub(frames)),
      this.#open(stdin_port, "DEALER", (frames) => this.#onInput(frames), identity),
      this.#open(control_port, "DEALER", (frames) => this.#onReply(frames), identity),
      this.#open(hb_port, "REQ", () => this.#pong?.()),
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
    const onClose = (error: Error | undefined) => {
      if (error === undefined || /reset|EPIPE|broken pipe/i.test(error.message)) return;
      const channel = type === "SUB" ? "iopub stream" : "connection";
      this.#reportFault(
        new KernelStreamError(
          `The kernel corrupted its ${channel}: ${error.message}. Known of the Deno kernel for ` +
            "outputs near 20 MB: write large figures to files instead of displaying them",
        ),
      );
    };
    return openZmtp({ host: this.#info.ip, port }, { type, identity, onMessage, onClose });
  }

  /** Sends a request on the shell or the control channel. */
  request(
    type: string,
    content: Record<string, unknown> = {},
    { channel = "shell" }: { readonly channel?: "shell" | "control" } = {},
  ): KernelRequest {
    const id = randomUUID();
    const missing = new Set(["reply", "idle"] as const);
    const pending: Pending = { reply: () => {}, idle: () => {}, missing };
    const idle = new Promise<void>((resolve) => pending.idle = resolve);
    const reply = new Promise<Message>((resolve) => pending.reply = resolve);
    this.#pending.set(id, pending);
    this.#send(channel === "shell" ? 0 : 3, { id, type, content });
    return { id, reply, idle };
  }

  /** Answers a request for input. */
  replyInput(value: string, request: Message): void {
    this.#send(2, { id: randomUUID(), type: "input_reply", content: { value } }, request);
  }

  /** A heartbeat: resolves when the kernel's process echoes it. */
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

  #send(
    connection: number,
    { id, type, content }: { id: string; type: string; content: Record<string, unknown> },
    parent?: Message,
  ): void {
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.#session,
      username: "qsight",
      date: new Date(this.#clock()).toISOString(),
      version: "5.3",
    };
    const parentHeader = parent?.header ?? {};
    const message = { header, parentHeader, metadata: {}, content, buffers: [] };
    this.#connections[connection].send(encodeSigned(message, this.#info.key));
  }

  #onReply(frames: Uint8Array[]): void {
    const message = decodeSigned(frames, this.#info.key);
    this.#pendingOf(message, "reply")?.reply(message);
  }

  #onIopub(frames: Uint8Array[]): void {
    const message = decodeSigned(frames, this.#info.key);
    this.listeners.iopub?.(message);
    if (message.header.msg_type !== "status" || message.content.execution_state !== "idle") return;
    this.#pendingOf(message, "idle")?.idle();
  }

  /** The request that the message answers; with its last part it is no longer kept. */
  #pendingOf({ parentHeader }: Message, part: "reply" | "idle"): Pending | undefined {
    const id = parentHeader.msg_id ?? "";
    const pending = this.#pending.get(id);
    pending?.missing.delete(part);
    if (pending?.missing.size === 0) this.#pending.delete(id);
    return pending;
  }

  #onInput(frames: Uint8Array[]): void {
    const message = decodeSigned(frames, this.#info.key);
    if (message.header.msg_type === "input_request") this.listeners.input?.(message);
  }
}
