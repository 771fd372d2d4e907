// Frames of ZMTP 3.0 (https://rfc.zeromq.org/spec/23): pure bytes in, frames out, no sockets.
import { joinBytes } from "../../_internal/join_bytes.ts";

const MORE = 1, LONG = 2, COMMAND = 4;

/** One frame as it came off the wire. */
export interface Frame {
  readonly body: Uint8Array;
  /** More frames of the same message follow. */
  readonly more: boolean;
  readonly command: boolean;
}

/** The peer sent bytes that are not ZMTP, or a frame larger than allowed. */
export class ZmtpError extends Error {
  override readonly name: string = "ZmtpError";
}

/** The peer announced a frame larger than allowed; nothing of its body was kept. */
export class FrameSizeError extends ZmtpError {}

/** The bytes of a multipart message. */
export function encodeMessage(parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(
    parts.flatMap((body, i) => [frameHeader(body.length, i < parts.length - 1 ? MORE : 0), body]),
  );
}

/** The bytes of a command frame: `READY` with its properties. */
export function encodeReady(properties: Readonly<Record<string, string>>): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(5), ascii("READY")];
  for (const [name, value] of Object.entries(properties)) {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, value.length);
    parts.push(Uint8Array.of(name.length), ascii(name), size, ascii(value));
  }
  const body = joinBytes(parts);
  return joinBytes([frameHeader(body.length, COMMAND), body]);
}

/** The 64 bytes that open a connection: version 3.0, mechanism NULL, not a server. */
export function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
  bytes.set(ascii("NULL"), 12);
  return bytes;
}

/**
 * Why a greeting cannot be answered, or undefined when it can.
 * Any ZMTP 3.x peer lowers itself to the 3.0 that we announce.
 */
export function greetingFault(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0xff || (bytes[9] & 1) !== 1) return "it does not start with a ZMTP signature";
  if (bytes[10] < 3) return `it speaks ZMTP ${bytes[10]}, wanted 3 or later`;
  const mechanism = new TextDecoder().decode(bytes.subarray(12, 32)).replace(/\0+$/, "");
  return mechanism === "NULL" ? undefined : `its security mechanism is "${mechanism}", wanted NULL`;
}

/** Options of {@linkcode FrameDecoder}. */
export interface FrameDecoderOptions {
  /** Largest body of one frame in bytes; a larger one throws before it is buffered. */
  readonly maxFrameBytes: number;
}

/** Cuts a byte stream into frames, however the network split it. */
export class FrameDecoder {
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  /** Bytes without which no further frame can be complete: joining earlier would be quadratic. */
  #needed = 2;
  readonly #maxFrameBytes: number;

  constructor({ maxFrameBytes }: FrameDecoderOptions) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Bytes of a frame that has begun and is not complete. */
  get buffered(): number {
    return this.#buffered;
  }

  /** Takes the next bytes and yields the frames that they completed, those before a fault too. */
  *push(chunk: Uint8Array): Generator<Frame, void> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#needed) return;
    let bytes = this.#chunks.length === 1 ? chunk : joinBytes(this.#chunks);
    while (true) {
      const { frame, needed } = this.#read(bytes);
      this.#needed = needed;
      if (frame === undefined) break;
      bytes = bytes.subarray(needed);
      yield frame;
    }
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#buffered = bytes.length;
  }

  /** The first frame of the bytes, if it is complete, and how many bytes it takes. */
  #read(bytes: Uint8Array): { frame?: Frame; needed: number } {
    if (bytes.length < 2) return { needed: 2 };
    const flags = bytes[0];
    if ((flags & ~(MORE | LONG | COMMAND)) !== 0) {
      throw new ZmtpError(`Frame with reserved flags 0x${flags.toString(16)}`);
    }
    const head = (flags & LONG) === 0 ? 2 : 9;
    if (bytes.length < head) return { needed: head };
    const size = head === 2 ? bytes[1] : longSize(bytes);
    if (size > this.#maxFrameBytes) {
      throw new FrameSizeError(`Frame of ${size} bytes, allowed are ${this.#maxFrameBytes}`);
    }
    const needed = head + size;
    if (bytes.length < needed) return { needed };
    const body = bytes.subarray(head, needed);
    return {
      needed,
      frame: { body, more: (flags & MORE) !== 0, command: (flags & COMMAND) !== 0 },
    };
  }
}

function longSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(1) * 2 ** 32 + view.getUint32(5);
}

function frameHeader(size: number, flags: number): Uint8Array {
  if (size <= 255) return Uint8Array.of(flags, size);
  const header = new Uint8Array(9);
  header[0] = flags | LONG;
  const view = new DataView(header.buffer);
  view.setUint32(1, Math.floor(size / 2 ** 32));
  view.setUint32(5, size >>> 0);
  return header;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
