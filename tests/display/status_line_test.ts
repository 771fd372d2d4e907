import assert from "node:assert/strict";
import { openStatusLine, type StatusLineOptions } from "../../src/display/status_line.ts";

/** A line whose clock the test moves. */
function open(options: StatusLineOptions & { isTTY?: boolean; columns?: number } = {}) {
  const { isTTY = false, columns = 80, ...rest } = options;
  const written: string[] = [];
  const time = { now: 0 };
  const output = { write: (text: string) => written.push(text), isTTY, columns };
  return { line: openStatusLine({ output, clock: () => time.now, ...rest }), written, time };
}

Deno.test("openStatusLine() writes a log line now and then, and the last one at its end", async () => {
  const { line, written, time } = open();
  for (let epoch = 1; epoch <= 7; epoch++) {
    line.update(`epoch ${epoch}`);
    time.now += 1000;
  }
  assert.deepEqual(written, ["epoch 1\n", "epoch 6\n"]);
  await line.close();
  assert.deepEqual(written, ["epoch 1\n", "epoch 6\n", "epoch 7\n"]);
  line.update("too late");
  await line.close();
  assert.equal(written.length, 3);
});

Deno.test("openStatusLine() redraws one line on a terminal and never wraps it", async () => {
  const { line, written, time } = open({ isTTY: true, columns: 11 });
  line.update("a long line of progress");
  time.now += 50;
  line.update("left out");
  time.now += 50;
  line.update("two\nlines");
  await line.close();
  assert.deepEqual(written, ["\ra long lin\x1b[K", "\rtwo lines\x1b[K", "\n"]);
});

Deno.test("openStatusLine() writes nothing when it never got an update", async () => {
  for (const isTTY of [true, false]) {
    const { line, written } = open({ isTTY });
    await line.close();
    assert.deepEqual(written, []);
  }
});

Deno.test("openStatusLine() rejects unknown options", () => {
  const options = { throttle: 3 } as StatusLineOptions;
  assert.throws(() => openStatusLine(options), /unknown option "throttle"/);
});
