// A network between client and server that can be cut.
import { connect, createServer, type Server, type Socket } from "node:net";

/** Passes bytes on between a port of its own and the server's, until it is told otherwise. */
export class CuttableProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isDown = false;
  #lost: "requests" | "answers" | "nothing" = "nothing";
  /** How much it has lost since the last cut. */
  lostBytes = 0;

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#onClient(client));
  }

  static async start(target: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/`;
  }

  /** Drops all connections; new ones are refused while `down`. */
  cut({ down = false }: { readonly down?: boolean } = {}): void {
    this.#isDown = down;
    this.#lost = "nothing";
    this.lostBytes = 0;
    for (const pair of this.#pairs) pair.forEach((socket) => socket.destroy());
    this.#pairs.clear();
  }

  up(): void {
    this.#isDown = false;
  }

  /** Loses what comes from now on, and tells nobody, as when a cable is pulled; until the next cut. */
  lose(what: "requests" | "answers"): void {
    this.#lost = what;
  }

  /** Waits until it has lost something, and loses no more for a while. */
  async hasLost(): Promise<void> {
    for (let before = 0; before === 0 || this.lostBytes > before;) {
      before = this.lostBytes;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /** The connections of now carry nothing any more, and nobody is told; later ones are as before. */
  swallow(): void {
    for (const pair of this.#pairs) {
      for (const socket of pair) socket.removeAllListeners("data").resume();
    }
  }

  async close(): Promise<void> {
    this.cut({ down: true });
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #onClient(client: Socket): void {
    client.on("error", () => {});
    if (this.#isDown) return void client.destroy();
    const server = connect(this.#target, "127.0.0.1");
    server.on("error", () => client.destroy());
    client.setNoDelay(true);
    server.setNoDelay(true);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    const pass = (from: Socket, to: Socket, what: "requests" | "answers") => {
      from.on("data", (bytes) => {
        if (this.#lost === what) this.lostBytes += bytes.length;
        else if (!to.destroyed) to.write(bytes);
      });
      from.on("close", () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    };
    pass(client, server, "requests");
    pass(server, client, "answers");
  }
}
