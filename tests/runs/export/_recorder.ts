import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sha256 } from "../../../src/_internal/sha256.ts";

/** The key that the tests use; it may be nowhere but in the header of requests. */
export const KEY = "0123456789abcdef0123456789abcdef01234567";

/** A request as it arrived. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly bytes: Uint8Array;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/**
 * What a recorder does with a request instead of taking it in: a status, no answer, no connection;
 * `silent` takes it in and gives no answer.
 */
export type Fault = number | "hang" | "drop" | "silent" | undefined;

/** A W&B service on loopback that takes down what comes, in its order, over real HTTP. */
export class Recorder {
  readonly requests: Recorded[] = [];
  /** History by line number, as the service keeps it. */
  readonly history = new Map<number, string>();
  readonly files = new Map<string, string>();
  readonly uploaded: string[] = [];
  readonly upserts: Record<string, unknown>[] = [];
  summary: Record<string, unknown> = {};
  ends: unknown[] = [];
  /** Lines and files that came again with another content. */
  readonly contradictions: string[] = [];
  /** Lines and files that came again as they were. */
  repeats = 0;
  /** Where files are to be put. @default here */
  storageUrl: string | undefined;
  /** Sends every request there. */
  redirect: string | undefined;
  fault: (request: Recorded) => Fault = () => undefined;
  /** Looks at the disk while a request is held up. */
  spy: (request: Recorded) => void = () => {};
  readonly #server = createServer((request, response) => void this.#take(request, response));

  static async open(): Promise<Recorder> {
    const recorder = new Recorder();
    await new Promise<void>((resolve) => recorder.#server.listen(0, "127.0.0.1", resolve));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get env(): Record<string, string> {
    return { WANDB_API_KEY: KEY, WANDB_BASE_URL: this.url };
  }

  /** History as values, by their line. */
  lines(): Record<string, unknown>[] {
    return Array.from(this.history).sort(([a], [b]) => a - b).map(([, line]) => JSON.parse(line));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of request) pieces.push(piece);
    } catch {
      return;
    }
    const bytes = new Uint8Array(pieces.flatMap((piece) => [...piece]));
    const { method = "", url = "", headers } = request;
    const { authorization } = headers;
    const idempotencyKey = headers["idempotency-key"] as string | undefined;
    const body = new TextDecoder().decode(bytes);
    const path = decodeURIComponent(url);
    const recorded = { method, path, body, bytes, authorization, idempotencyKey };
    this.requests.push(recorded);
    const fault = this.fault(recorded);
    if (fault === "hang") return;
    if (fault === "drop") return void request.socket.destroy();
    if (fault === "silent") return void this.#answer(recorded);
    if (fault !== undefined) {
      response.statusCode = fault;
      // As careless as a service can be.
      response.end(`refused ${authorization} ${KEY}`);
      return;
    }
    if (this.redirect !== undefined) {
      response.writeHead(307, { location: this.redirect + path });
      response.end();
      return;
    }
    try {
      this.spy(recorded);
      response.end(JSON.stringify(this.#answer(recorded)));
    } catch (error) {
      response.statusCode = 418;
      response.end(String(error));
    }
  }

  #answer({ method, path, body, bytes }: Recorded): unknown {
    if (method === "PUT") {
      this.#keep(this.files, { key: path.replace("/storage/", ""), value: sha256(bytes) });
      return {};
    }
    const json = JSON.parse(body);
    if (path === "/graphql" && json.query.includes("upsertBucket")) {
      this.upserts.push(json.variables);
      const { name, project, entity } = json.variables;
      const owner = { name: project, entity: { name: entity ?? "nobody" } };
      return { data: { upsertBucket: { bucket: { name, project: owner } } } };
    }
    if (path === "/graphql") {
      const files = json.variables.files.map((name: string) => ({
        name,
        uploadUrl: `${this.storageUrl ?? this.url}/storage/${name}`,
      }));
      return { data: { createRunFiles: { uploadHeaders: ["X-Test: one"], files } } };
    }
    for (const [file, { offset, content }] of Object.entries<StreamFile>(json.files ?? {})) {
      if (file === "wandb-summary.json") this.summary = JSON.parse(content[0]);
      else this.#keep(this.history, { key: offset, value: content[0] });
    }
    this.uploaded.push(...json.uploaded ?? []);
    if (json.complete) this.ends.push(json.exitcode);
    return {};
  }

  #keep<K>(map: Map<K, string>, { key, value }: { key: K; value: string }): void {
    const before = map.get(key);
    if (before === value) this.repeats++;
    else if (before !== undefined) this.contradictions.push(`${key}: ${before} became ${value}`);
    map.set(key, value);
  }
}

interface StreamFile {
  readonly offset: number;
  readonly content: readonly string[];
}

/** Runs a test with a recorder that is closed behind it. */
export async function withRecorder(test: (recorder: Recorder) => Promise<void>): Promise<void> {
  const recorder = await Recorder.open();
  try {
    await test(recorder);
  } finally {
    await recorder.close();
  }
}
