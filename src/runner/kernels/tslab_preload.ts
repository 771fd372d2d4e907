/**
 * tslab does not wait until a message is sent before it sends the next. After 512 in a row ZeroMQ
 * for Node finishes one later, is busy meanwhile, and the rest is lost, the word that the cell is
 * done included. So messages queue up here. ZeroMQ itself, too, drops what is published while a
 * thousand messages wait for a slow reader, unless it is told to keep them all.
 */
export const SEND_IN_TURN: string =
  `// Only the kernel itself needs this, not the programs that a cell starts.
const { env } = process;
if (env.NODE_OPTIONS) env.NODE_OPTIONS = env.NODE_OPTIONS.replace(/ ?--require="[^"]*preload.cjs"/, "");
const Module = require("node:module"), { _load } = Module;
const inTurn = (Socket) => class extends Socket {
  #last = Promise.resolve();
  #waiting = 0;
  constructor(options) { super({ ...options, sendHighWaterMark: 0 }); }
  send(message) {
    const send = () => super.send(message);
    const sent = this.#waiting === 0 ? send() : this.#last.then(send);
    this.#waiting++;
    const done = () => { this.#waiting--; };
    this.#last = sent.then(done, done);
    return sent;
  }
};
Module._load = function (name, ...rest) {
  const loaded = _load.call(this, name, ...rest);
  if (name !== "zeromq" || !loaded.Publisher) return loaded;
  const value = (Socket) => ({ value: inTurn(Socket), enumerable: true });
  return Object.create(loaded, {
    Publisher: value(loaded.Publisher), Router: value(loaded.Router),
  });
};`;
