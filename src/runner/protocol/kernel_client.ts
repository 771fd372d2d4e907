import type { Message } from "./message_codec.ts";

/** What a client tells its owner. */
export interface KernelListeners {
  /** Each message of the iopub channel. */
  iopub?: (message: Message) => void;
  /** The kernel asks for input. */
  input?: (message: Message) => void;
}

/** A request under way. Both promises stay pending when the kernel dies. */
export interface KernelRequest {
  readonly id: string;
  readonly reply: Promise<Message>;
  /** The kernel said on iopub that it is done with this request. */
  readonly idle: Promise<void>;
}

/** Options of {@linkcode KernelClient.request}. */
export interface RequestOptions {
  /** Control overtakes what waits on the shell channel. @default {"shell"} */
  readonly channel?: "shell" | "control";
  /** Binary parts of the message. @default {[]} */
  readonly buffers?: readonly Uint8Array[];
}

/** The client side of the Jupyter messaging protocol 5.3, whatever carries the messages. */
export interface KernelClient {
  /** Set by the owner. */
  readonly listeners: KernelListeners;
  /** Resolves with the reason when nothing more can be read: no message, or one that is too large. */
  readonly fault: Promise<Error>;
  /** Bytes of an iopub message that has begun to arrive. */
  readonly pendingBytes: number;
  /** True when the iopub connection has ended and all it carried has been read. */
  readonly iopubClosed: boolean;
  /** How many requests still miss their reply or their idle. */
  readonly openRequests: number;
  /** Sends a request. */
  request(type: string, content?: Record<string, unknown>, options?: RequestOptions): KernelRequest;
  /** Sends a message that has no answer. */
  notify(type: string, content: Record<string, unknown>, options?: RequestOptions): void;
  /** Answers a request for input. */
  replyInput(value: string, request: Message): void;
  /** Resolves when the kernel's process answers, even while a cell runs. */
  ping(): Promise<void>;
  close(): void;
}
