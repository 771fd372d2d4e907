import type { KernelAdapter } from "./kernel_adapter.ts";
import { parentRouter } from "./output_router.ts";

/**
 * tslab publishes each print as a message of its own and does not wait for it to be sent. From
 * about 500 in a row ZeroMQ is busy, and the rest, with the word that the cell is done, is lost. A
 * queue without bound takes them all.
 */
const UNBOUNDED_QUEUE = `// Only the kernel itself needs this, not the programs that a cell starts.
process.env.NODE_OPTIONS = process.env.NODE_OPTIONS.replace(/ ?--require="[^"]*preload.cjs"/, "");
const { _load } = require("node:module");
require("node:module")._load = function (name, ...rest) {
  const loaded = _load.call(this, name, ...rest);
  if (name !== "zeromq" || !loaded.Publisher) return loaded;
  const Publisher = class extends loaded.Publisher {
    constructor(options) { super({ sendHighWaterMark: 0, ...options }); }
  };
  return Object.create(loaded, { Publisher: { value: Publisher, enumerable: true } });
};`;

/** The tslab kernels: errors are printed, and requests soon after one are answered with "abort". */
export const tslabAdapter: KernelAdapter = {
  launch: ({ argv }) => ({
    argv,
    preload: UNBOUNDED_QUEUE,
  }),
  // It does not know the interrupt message.
  interruptMode: () => "signal",
  mayAlwaysAsk: false,
  errorsFirst: false,
  errorsOnStderr: true,
  createRouter: () => parentRouter(),
};
