import { createHmac, timingSafeEqual } from "node:crypto";

/** The header of a Jupyter message (messaging protocol 5.3). */
export interface MessageHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A Jupyter message without its routing frames. */
export interface Message {
  readonly header: MessageHeader;
  readonly parentHeader: Partial<MessageHeader>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** A message that is not signed with our key, or not a Jupyter message at all. */
export class MessageFormatError extends Error {
  override readonly name = "MessageFormatError";
}

const DELIMITER = new TextEncoder().encode("<IDS|MSG>");

/** The frames of a message, signed with HMAC-SHA256. An empty key means unsigned. */
export function encodeSigned(message: Message, key: string): Uint8Array[] {
  const { header, parentHeader, metadata, content } = message;
  const encoder = new TextEncoder();
  const parts = [header, parentHeader, metadata, content].map((part) =>
    encoder.encode(JSON.stringify(part))
  );
  return [DELIMITER, encoder.encode(signature(parts, key)), ...parts, ...message.buffers];
}

/**
 * Verifies and decodes the frames of a message; routing frames in front are dropped.
 *
 * @throws {MessageFormatError} for a missing delimiter, a wrong signature or broken JSON
 */
export function decodeSigned(frames: readonly Uint8Array[], key: string): Message {
  const start = frames.findIndex((frame) => equalBytes(frame, DELIMITER));
  if (start < 0 || frames.length < start + 6) {
    throw new MessageFormatError("Message without delimiter or with too few frames");
  }
  const parts = frames.slice(start + 2, start + 6);
  if (key !== "") {
    const expected = new TextEncoder().encode(signature(parts, key));
    const found = frames[start + 1];
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
      throw new MessageFormatError("Message with a wrong signature");
    }
  }
  const [header, parentHeader, metadata, content] = parts.map(parsePart);
  return {
    header: header as unknown as MessageHeader,
    parentHeader,
    metadata,
    content,
    buffers: frames.slice(start + 6),
  };
}

function parsePart(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new MessageFormatError("Message part that is not JSON");
  }
  // Some kernels send null for an absent parent.
  if (value === null) return {};
  if (typeof value !== "object") throw new MessageFormatError("Message part that is no object");
  return value as Record<string, unknown>;
}

function signature(parts: readonly Uint8Array[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
