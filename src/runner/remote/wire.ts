import type { KernelMessage } from "@jupyterlab/services";
import type { Message, MessageHeader } from "../protocol/message_codec.ts";

/** A message and the channel that it came or goes on. */
export interface ChannelMessage {
  readonly channel: string;
  readonly message: Message;
}

/** What is used of the `ws` package, which @jupyterlab/services brings; a browser's class has less. */
export interface Socket {
  binaryType: string;
  readonly protocol: string;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: ArrayBuffer | string }) => void) | null;
  onclose: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  on(event: "pong", listener: () => void): void;
  send(data: ArrayBuffer | string): void;
  ping(): void;
  pong(): void;
  terminate(): void;
}

/** Its constructor: unlike a browser's it takes headers, so that no token stands in a URL. */
export type SocketClass = new (url: string, protocols: string[], options: object) => Socket;

/** The form that the serializer of @jupyterlab/services takes. */
export function toWire({ channel, message }: ChannelMessage): KernelMessage.IMessage {
  const { header, parentHeader, metadata, content } = message;
  // The serializer sends the whole memory that a view is part of.
  const buffers = message.buffers.map((bytes) => bytes.slice().buffer);
  const wire = { channel, header, parent_header: parentHeader, metadata, content, buffers };
  // Its own type has a case for each kind of message, and ours is open.
  return wire as unknown as KernelMessage.IMessage;
}

/** @throws {TypeError} for something that is no message */
export function fromWire(wire: unknown): ChannelMessage {
  const { channel, header, parent_header, metadata, content, buffers } = wire as {
    readonly channel: string;
    readonly header: MessageHeader;
    readonly parent_header: Partial<MessageHeader> | null;
    readonly metadata: Record<string, unknown> | null;
    readonly content: Record<string, unknown> | null;
    readonly buffers?: readonly DataView[];
  };
  if (typeof header?.msg_type !== "string") throw new TypeError("it has no header");
  const message: Message = {
    header,
    parentHeader: parent_header ?? {},
    metadata: metadata ?? {},
    content: content ?? {},
    buffers: (buffers ?? []).map((view) =>
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    ),
  };
  return { channel, message };
}
