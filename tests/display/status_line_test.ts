import assert from "node:assert/strict";
import { runCommand } from "../../src/_internal/run_command.ts";
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

Deno.test("openStatusLine() writes the last update without another one or the end", async () => {
  let onWrite: (text: string) => void = () => {};
  const output = { write: (text: string) => onWrite(text) };
  const line = openStatusLine({ output, interval: 50 });
  line.update("epoch 1");
  // Keeps the event loop alive, which the line does not.
  const deadline = setTimeout(() => {}, 60_000);
  const written = new Promise<string>((resolve) => onWrite = resolve);
  line.update("epoch 2");
  line.update("epoch 3");
  assert.equal(await written, "epoch 3\n");
  clearTimeout(deadline);
  await line.close();
});

Deno.test("openStatusLine() does not keep the process alive for an update", async () => {
  const module = new URL("../../src/display/status_line.ts", import.meta.url).href;
  const script = `import { openStatusLine } from ${JSON.stringify(module)};
    const line = openStatusLine({ interval: 3_600_000 });
    line.update("first");
    line.update("second");`;
  const { status, stderr } = await runCommand([Deno.execPath(), "eval", "--quiet", script], {
    timeout: 60_000,
  });
  assert.equal(status, "ok", stderr);
  assert.equal(stderr, "first\n");
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
