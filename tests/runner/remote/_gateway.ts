// What a gateway has, and nothing more: kernels and their specs. Real ones cannot be installed here.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { ServerConnection } from "@jupyterlab/services";

interface Peer {
  on(event: "message", listener: (data: { toString(): string }) => void): void;
  send(text: string): void;
  terminate(): void;
}
interface PeerServer {
  handleUpgrade(request: unknown, socket: unknown, head: unknown, done: (peer: Peer) => void): void;
}
/** The package behind the client's WebSocket has the other side too. */
const { WebSocketServer } = ServerConnection.makeSettings().WebSocket as unknown as {
  readonly WebSocketServer: new (options: object) => PeerServer;
};

type Wire = Record<string, Record<string, unknown>>;

/** A gateway with one made-up kernel, which prints the lines of a cell one by one. */
export class Gateway {
  readonly requests: string[] = [];
  /** Bodies of the requests that start kernels. */
  readonly starts: Record<string, unknown>[] = [];
  readonly authorizations = new Set<string | undefined>();
  readonly #server: Server;
  readonly #kernels = new Set<string>();
  #peer: Peer | undefined;
  /** All that the kernel has said; a connection that comes again hears it again. */
  #said: string[] = [];
  #count = 0;
  #finish = () => {};

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Uint8Array[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const [status, body] = this.#answer(request, new TextDecoder().decode(chunks[0]));
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
    const peers = new WebSocketServer({ noServer: true, handleProtocols: () => false });
    this.#server.on("upgrade", (request, socket, head) => {
      this.#note(request);
      peers.handleUpgrade(request, socket, head, (peer) => this.#onPeer(peer));
    });
  }

  static async start(): Promise<Gateway> {
    const gateway = new Gateway();
    await new Promise<void>((resolve) => gateway.#server.listen(0, "127.0.0.1", resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/gateway/`;
  }

  get kernels(): number {
    return this.#kernels.size;
  }

  /** Drops the connection of the kernel. */
  drop(): void {
    this.#peer?.terminate();
    this.#peer = undefined;
  }

  /** Ends a cell whose code is `wait`. */
  finish(): void {
    this.#finish();
  }

  /** The server forgets the kernel. */
  forget(): void {
    this.#kernels.clear();
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #note({ method, url, headers }: IncomingMessage): string {
    const path = url!.replace(/\?.*$/, "").replace(/[0-9a-f-]{36}/, "ID");
    this.requests.push(`${method} ${path}`);
    this.authorizations.add(headers.authorization);
    if (/token/.test(url!)) throw new Error("A token stands in a URL");
    return path;
  }

  #answer(request: IncomingMessage, body: string): [number, unknown?] {
    const path = this.#note(request);
    const id = /[0-9a-f-]{36}/.exec(request.url!)?.[0] ?? "";
    switch (`${request.method} ${path}`) {
      case "GET /gateway/api/kernelspecs":
        return [200, { default: "echo", kernelspecs: { echo: { name: "echo", spec: {} } } }];
      case "POST /gateway/api/kernels": {
        this.starts.push(JSON.parse(body));
        const kernel = randomUUID();
        this.#kernels.add(kernel);
        return [201, { id: kernel, name: "echo", execution_state: "starting", connections: 0 }];
      }
      case "GET /gateway/api/kernels/ID":
        return this.#kernels.has(id) ? [200, { id, name: "echo", execution_state: "busy" }] : [404];
      case "DELETE /gateway/api/kernels/ID":
        return this.#kernels.delete(id) ? [204] : [404];
      default:
        return [404, { message: "Not Found" }];
    }
  }

  #onPeer(peer: Peer): void {
    this.#peer = peer;
    for (const text of this.#said) peer.send(text);
    peer.on("message", (data) => this.#onMessage(JSON.parse(data.toString())));
  }

  #onMessage({ header, content }: Wire): void {
    const say = (channel: string, msg_type: string, content: Record<string, unknown>) => {
      const own = { ...header, msg_id: randomUUID(), msg_type, session: "kernel" };
      const text = JSON.stringify({
        ...{ channel, header: own, parent_header: header, metadata: {}, content },
      });
      this.#said.push(text);
      this.#peer?.send(text);
    };
    say("iopub", "status", { execution_state: "busy" });
    if (header.msg_type === "kernel_info_request") {
      say("shell", "kernel_info_reply", {
        implementation: "echo",
        language_info: { name: "echo" },
      });
    } else if (header.msg_type === "execute_request") {
      if (content.silent !== true) this.#count++;
      for (const line of String(content.code).split("\n")) {
        if (line !== "") say("iopub", "stream", { name: "stdout", text: `${line}\n` });
      }
      this.#finish = () => {
        say("shell", "execute_reply", { status: "ok", execution_count: this.#count });
        say("iopub", "status", { execution_state: "idle" });
      };
      if (content.code !== "wait") this.#finish();
      return;
    }
    say("iopub", "status", { execution_state: "idle" });
  }
}
