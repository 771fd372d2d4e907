import { join } from "node:path";
import { tslabAdapter } from "../../../src/runner/kernels/tslab_adapter.ts";
import { CURED, missingNode, node, reproduce, ROOT, withFiles } from "./_reproduce.ts";

const START = `const { createRequire } = require("node:module");
const { realpathSync } = require("node:fs");
const tslab = realpathSync(${JSON.stringify(join(ROOT, "node_modules/tslab/package.json"))});
const zeromq = createRequire(tslab)("zeromq");
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function connect(publisher) {
  await publisher.bind("tcp://127.0.0.1:*");
  const subscriber = new zeromq.Subscriber();
  subscriber.connect(publisher.lastEndpoint);
  subscriber.subscribe();
  // A subscriber that is not connected yet hears nothing; the first message that comes proves it.
  const first = subscriber.receive();
  let heard = false;
  first.then(() => heard = true);
  while (!heard) { await publisher.send("hello"); await wait(20); }
  return subscriber;
}
`;

/** Publishes lines without waiting for each, as tslab does. */
const burst = (lines: number, atATime: number) =>
  `${START}
(async () => {
  const publisher = new zeromq.Publisher();
  const subscriber = await connect(publisher);
  const sent = [];
  for (let i = 0; i < ${
    lines / atATime
  }; i++) sent.push(publisher.send("line\\n".repeat(${atATime})));
  await Promise.all(sent);
  subscriber.close();
  publisher.close();
  console.log("${CURED}");
})();`;

/** Publishes more than is kept for a reader that does not read meanwhile. */
const slow = (options: string) =>
  `${START}
(async () => {
  const count = 6000, publisher = new zeromq.Publisher(${options});
  const subscriber = await connect(publisher);
  const size = 10_000;
  for (let i = 0; i < count; i++) {
    // A buffer of its own for each: they are sent later, and without a copy.
    const message = Buffer.alloc(size);
    message.writeUInt32LE(i);
    await publisher.send(message);
  }
  let last = -1, got = 0;
  subscriber.receiveTimeout = 2000;
  try {
    while (last < count - 1) {
      const [body] = await subscriber.receive();
      if (body.length === size) { last = body.readUInt32LE(); got++; }
    }
  } catch { /* nothing more comes */ }
  console.log(got === count ? "${CURED}" : "lost " + (count - got) + " of " + count);
  subscriber.close();
  publisher.close();
})();`;

const plain = (main: string) => () =>
  withFiles({ "main.cjs": main }, (folder) => node([`${folder}/main.cjs`]));

/** With the file that the runner preloads into tslab. */
const preloaded = (main: string) => () =>
  withFiles(
    { "main.cjs": main, "preload.cjs": tslabAdapter.launch({ argv: [] } as never).preload ?? "" },
    (folder) =>
      node([`${folder}/main.cjs`], {
        env: { NODE_OPTIONS: `--require="${folder}/preload.cjs"` },
      }),
  );

const missing = await missingNode(20, 22, 24);
reproduce({
  row: "QC421",
  missing,
  fault: plain(burst(3000, 1)),
  tiers: { configuration: preloaded(burst(3000, 1)), code: plain(burst(3000, 100)) },
});
reproduce({
  row: "QC422",
  missing,
  silent: /^lost [1-9]\d* of 6000$/m,
  fault: plain(slow("")),
  tiers: { configuration: preloaded(slow("")), code: plain(slow("{ sendHighWaterMark: 0 }")) },
});
