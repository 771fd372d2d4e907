import assert from "node:assert/strict";
import {
  decodeSigned,
  encodeSigned,
  type Message,
  MessageFormatError,
} from "../../../src/runner/protocol/message_codec.ts";

const message: Message = {
  header: {
    msg_id: "1",
    msg_type: "execute_request",
    session: "s",
    username: "u",
    date: "2026-01-01T00:00:00Z",
    version: "5.3",
  },
  parentHeader: {},
  metadata: {},
  content: { code: "größe 🧪" },
  buffers: [Uint8Array.of(1, 2, 3)],
};

Deno.test("decodeSigned() reads what encodeSigned() wrote, routing frames in front or not", () => {
  const frames = encodeSigned(message, "key");
  assert.deepEqual(decodeSigned(frames, "key"), message);
  assert.deepEqual(decodeSigned([Uint8Array.of(9), ...frames], "key"), message);
});

Deno.test("decodeSigned() refuses any changed byte of signature, header, parent, metadata, content", () => {
  for (let part = 1; part <= 5; part++) {
    const frames = encodeSigned(message, "key").map((frame) => frame.slice());
    frames[part][0] ^= 1;
    assert.throws(() => decodeSigned(frames, "key"), MessageFormatError, `part ${part}`);
  }
});

Deno.test("decodeSigned() refuses another key, an empty signature and too few frames", () => {
  const frames = encodeSigned(message, "key");
  assert.throws(() => decodeSigned(frames, "other"), /signature/);
  assert.throws(() => decodeSigned(encodeSigned(message, ""), "key"), /signature/);
  assert.throws(() => decodeSigned(frames.slice(0, 5), "key"), /too few frames/);
  assert.throws(() => decodeSigned([], "key"), /delimiter/);
});

Deno.test("decodeSigned() refuses parts that are not JSON objects", () => {
  const frames = encodeSigned(message, "");
  frames[5] = new TextEncoder().encode("{broken");
  assert.throws(() => decodeSigned(frames, ""), /not JSON/);
  frames[5] = new TextEncoder().encode("3");
  assert.throws(() => decodeSigned(frames, ""), /no object/);
});
