import assert from "node:assert/strict";
import { joinBytes } from "../../../src/_internal/join_bytes.ts";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import {
  encodeMessage,
  encodeReady,
  FrameDecoder,
  greeting,
  greetingFault,
  ZmtpError,
} from "../../../src/runner/protocol/zmtp_frames.ts";

const LIMIT = { maxFrameBytes: 1_000_000 };

/** Sizes at both sides of the limit between short and long frames are the interesting ones. */
function randomParts(random: SeededRandom): Uint8Array[] {
  return Array.from({ length: 1 + random.integer(5) }, () => {
    const size = [0, 1, 254, 255, 256, 70_000, random.integer(3000)][random.integer(7)];
    return Uint8Array.from({ length: size }, () => random.integer(256));
  });
}

Deno.test("FrameDecoder.push() gives the messages back wherever the stream is cut", () => {
  const random = new SeededRandom(1);
  for (let round = 0; round < 60; round++) {
    const messages = Array.from({ length: 1 + random.integer(4) }, () => randomParts(random));
    const stream = joinBytes(messages.map(encodeMessage));
    const decoder = new FrameDecoder(LIMIT);
    const found: Uint8Array[][] = [[]];
    for (let at = 0; at < stream.length;) {
      const size = 1 + random.integer(round % 2 === 0 ? 7 : 5000);
      for (const frame of decoder.push(stream.slice(at, at + size))) {
        found.at(-1)!.push(frame.body);
        if (!frame.more) found.push([]);
      }
      at += size;
    }
    assert.deepEqual(found.pop(), []);
    assert.deepEqual(found, messages);
    assert.equal(decoder.buffered, 0);
  }
});

Deno.test("encodeMessage() writes the bytes of the specification", () => {
  assert.deepEqual(encodeMessage([Uint8Array.of(7)]), Uint8Array.of(0, 1, 7));
  assert.deepEqual(
    encodeMessage([new Uint8Array(0), Uint8Array.of(7)]),
    Uint8Array.of(1, 0, 0, 1, 7),
  );
  const long = encodeMessage([new Uint8Array(256)]);
  assert.deepEqual(long.subarray(0, 9), Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 1, 0));
});

Deno.test("encodeReady() is a command frame with the properties", () => {
  const [frame] = [...new FrameDecoder(LIMIT).push(encodeReady({ "Socket-Type": "SUB" }))];
  assert.equal(frame.command, true);
  assert.equal(
    new TextDecoder().decode(frame.body),
    "\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB",
  );
});

Deno.test("FrameDecoder.push() refuses a frame above the limit before its body comes", () => {
  const decoder = new FrameDecoder({ maxFrameBytes: 100 });
  const head = encodeMessage([new Uint8Array(101)]).subarray(0, 2);
  assert.throws(() => [...decoder.push(head)], ZmtpError);
  const huge = Uint8Array.of(2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  assert.throws(() => [...new FrameDecoder(LIMIT).push(huge)], ZmtpError);
});

Deno.test("FrameDecoder.push() refuses reserved flags", () => {
  const decoder = new FrameDecoder(LIMIT);
  const frames = decoder.push(Uint8Array.of(0, 1, 7, 0x28, 1, 0));
  assert.deepEqual(frames.next().value?.body, Uint8Array.of(7), "the whole frame before it counts");
  assert.throws(() => frames.next(), /reserved flags/);
});

Deno.test("greetingFault() accepts ZMTP 3 with NULL and names what is wrong else", () => {
  assert.equal(greetingFault(greeting()), undefined);
  const http = new TextEncoder().encode("HTTP/1.1 400 Bad Request".padEnd(64));
  assert.match(greetingFault(http) ?? "", /signature/);
  const old = greeting();
  old[10] = 1;
  assert.match(greetingFault(old) ?? "", /ZMTP 1/);
  const curve = greeting();
  curve.set(new TextEncoder().encode("CURVE"), 12);
  assert.match(greetingFault(curve) ?? "", /CURVE/);
});
