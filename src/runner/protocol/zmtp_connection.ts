import { connect, type Socket } from "node:net";
import {
  encodeMessage,
  encodeReady,
  FrameDecoder,
  greeting,
  greetingFault,
  ZmtpError,
} from "./zmtp_frames.ts";

/** The socket types of ZeroMQ that a Jupyter client needs. */
export type ZmtpSocketType = "DEALER" | "SUB" | "REQ";

/** Options of {@linkcode openZmtp}. */
export interface ZmtpOptions {
  readonly type: ZmtpSocketType;
  /** Routing identity; the shell and stdin channels of one client share it. @default {""} */
  readonly identity?: string;
  /** Largest frame accepted. @default {1 GiB} */
  readonly maxFrameBytes?: number;
  /** Most frames in one message. @default {1024} */
  readonly maxParts?: number;
  /** Called with each whole message. */
  readonly onMessage: (parts: Uint8Array[]) => void;
  /** Called once when the connection ends; the error says why unless we closed it or the peer did. */
  readonly onClose?: (error: Error | undefined) => void;
}

/** Where a ZeroMQ socket is bound: a TCP port, or a Unix socket in the file system. */
export type ZmtpAddress =
  | { readonly host: string; readonly port: number }
  | { readonly path: string };

/** One connection to one bound ZeroMQ socket. */
export interface ZmtpConnection {
  send(parts: readonly Uint8Array[]): void;
  close(): void;
  /** Bytes received of a message that is not complete. */
  readonly pendingBytes: number;
  readonly closed: boolean;
}

/** Connects, greets and exchanges READY; rejects when the peer refuses or does not speak ZMTP 3. */
export function openZmtp(address: ZmtpAddress, options: ZmtpOptions): Promise<ZmtpConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const isTcp = "port" in address;
    if (isTcp) socket.setNoDelay(true);
    const handshake = { resolve: () => resolve(connection), reject };
    const connection = new Connection(socket, options, { handshake, isTcp });
  });
}

interface Handshake {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Ends a subscription that was never made, so it changes nothing. But the bytes carry TCP's
 * acknowledgement of what has just come; without them the system holds that back for 40 ms, and as
 * kernels keep Nagle's algorithm on, their next message waits for it as long.
 */
const ACKNOWLEDGEMENT = encodeMessage([Uint8Array.of(0, 0)]);

class Connection implements ZmtpConnection {
  readonly #socket: Socket;
  readonly #options: ZmtpOptions;
  readonly #decoder: FrameDecoder;
  readonly #maxParts: number;
  readonly #acknowledges: boolean;
  #handshake: Handshake | undefined;
  #greetingBytes: number[] | undefined = [];
  #parts: Uint8Array[] = [];
  #fault: Error | undefined;
  closed = false;

  constructor(
    socket: Socket,
    options: ZmtpOptions,
    { handshake, isTcp }: { readonly handshake: Handshake; readonly isTcp: boolean },
  ) {
    this.#socket = socket;
    this.#options = options;
    this.#handshake = handshake;
    this.#maxParts = options.maxParts ?? 1024;
    this.#acknowledges = options.type === "SUB" && isTcp;
    this.#decoder = new FrameDecoder({ maxFrameBytes: options.maxFrameBytes ?? 2 ** 30 });
    socket.on("connect", () => socket.write(greeting()));
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("error", (error) => this.#fault ??= error);
    socket.on("close", () => this.#ended());
  }

  get pendingBytes(): number {
    return this.#decoder.buffered;
  }

  send(parts: readonly Uint8Array[]): void {
    if (!this.closed) this.#socket.write(encodeMessage(parts));
  }

  close(): void {
    this.closed = true;
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    if (this.closed) return;
    try {
      const rest = this.#readGreeting(chunk);
      if (rest.length > 0) this.#readFrames(rest);
    } catch (error) {
      this.#fault = error as Error;
      this.close();
    }
  }

  /** Collects the peer's 64 greeting bytes and returns what follows them. */
  #readGreeting(chunk: Uint8Array): Uint8Array {
    if (this.#greetingBytes === undefined) return chunk;
    const taken = chunk.subarray(0, 64 - this.#greetingBytes.length);
    this.#greetingBytes.push(...taken);
    if (this.#greetingBytes.length === 64) {
      const fault = greetingFault(Uint8Array.from(this.#greetingBytes));
      if (fault !== undefined) throw new ZmtpError(`The peer is not a kernel: ${fault}`);
      this.#greetingBytes = undefined;
      const { type, identity = "" } = this.#options;
      this.#socket.write(encodeReady({
        "Socket-Type": type,
        ...(type === "SUB" ? {} : { Identity: identity }),
      }));
    }
    return chunk.subarray(taken.length);
  }

  #readFrames(bytes: Uint8Array): void {
    if (this.#acknowledges && this.#handshake === undefined) this.#socket.write(ACKNOWLEDGEMENT);
    for (const frame of this.#decoder.push(bytes)) {
      if (frame.command) {
        this.#readCommand(frame.body);
        continue;
      }
      if (this.#handshake !== undefined) throw new ZmtpError("A message came before READY");
      this.#parts.push(frame.body);
      if (this.#parts.length > this.#maxParts) {
        throw new ZmtpError(`Message of more than ${this.#maxParts} frames`);
      }
      if (frame.more) continue;
      const parts = this.#parts;
      this.#parts = [];
      this.#options.onMessage(parts);
    }
  }

  #readCommand(body: Uint8Array): void {
    const name = new TextDecoder().decode(body.subarray(1, 1 + body[0]));
    if (name === "ERROR") throw new ZmtpError("The peer refused the connection");
    if (name !== "READY" || this.#handshake === undefined) return;
    // ZMTP 3.0 subscribes by a message whose first byte is 1; an empty topic means everything.
    if (this.#options.type === "SUB") this.send([Uint8Array.of(1)]);
    this.#handshake.resolve();
    this.#handshake = undefined;
  }

  #ended(): void {
    this.closed = true;
    if (this.#handshake !== undefined) {
      this.#handshake.reject(this.#fault ?? new ZmtpError("The peer closed during the greeting"));
      this.#handshake = undefined;
      return;
    }
    this.#options.onClose?.(this.#fault);
  }
}
