// A quantum service on this machine: takes jobs, runs them a moment later, and answers when asked.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type CircuitDeclaration, defineCircuit } from "../../src/quantum/circuit.ts";
import { withProbabilities } from "../../src/quantum/free_angles.ts";
import { fromOpenQasm } from "../../src/quantum/openqasm/from_openqasm.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { simulatorSampler } from "../../src/quantum/sampler.ts";

/** A pub as it travels. */
interface SentPub {
  readonly circuit: CircuitDeclaration;
  readonly openqasm: string;
  readonly rows: number[][];
  readonly weights: number[];
  readonly shots: number | null;
  readonly seed: string;
}

/** How the service behaves. */
export interface Behaviour {
  /** The token that it wants. */
  token?: string;
  /** How often a job is still running when asked. @default {1} */
  polls?: number;
  /** Changes the answer before it is sent. */
  spoil?: (job: Record<string, unknown>) => unknown;
}

/** The service while it is up. */
export interface JobServer {
  readonly url: string;
  readonly behaviour: Behaviour;
  /** Method and path of each request. */
  readonly requests: string[];
  readonly authorizations: (string | undefined)[];
}

/** Starts the service for the time of `body`. */
export async function withJobServer(body: (server: JobServer) => Promise<void>): Promise<void> {
  const behaviour: Behaviour = {}, requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const jobs = new Map<string, { left: number; result: Record<string, unknown> }>();
  let next = 0;
  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    requests.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization);
    const { token, polls = 1, spoil = (job) => job } = behaviour;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return [401, { error: "who are you?" }];
    }
    if (request.method === "POST") {
      const sent = JSON.parse(await text(request)) as { readonly pubs: SentPub[] };
      const id = `job ${next++}`;
      const results = await Promise.all(sent.pubs.map(compute));
      jobs.set(id, { left: polls, result: { id, status: "done", results } });
      return [202, { id, status: "queued" }];
    }
    const job = jobs.get(decodeURIComponent(request.url!.split("/").at(-1)!))!;
    if (request.method === "DELETE") return [200, {}];
    return [200, job.left-- > 0 ? { id: job.result.id, status: "running" } : spoil(job.result)];
  };
  const server = createServer((request, response) => {
    void answer(request).then(([status, json]) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof json === "string" ? json : JSON.stringify(json));
    });
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  try {
    await body({ url, behaviour, requests, authorizations });
  } finally {
    server.closeAllConnections();
    await new Promise((down) => server.close(down));
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: string[] = [];
  for await (const part of request.setEncoding("utf8")) parts.push(part as string);
  return parts.join("");
}

/** From the OpenQASM alone, so that what travels is what a foreign service could read. */
async function compute({ circuit, openqasm, rows, weights, shots, seed }: SentPub) {
  const { inputs, wires } = defineCircuit(circuit);
  const read = defineCircuit({ ...fromOpenQasm(openqasm), inputs, weights: weights.length });
  const values = {
    inputs: rows.map((row) => Float64Array.from(row)),
    weights: Float64Array.from(weights),
  };
  const sampler = simulatorSampler(referenceSimulator());
  const { results: [{ counts, probabilities }] } = await sampler.run(
    [[withProbabilities(read), values]],
    { shots, seed },
  );
  const states = 2 ** wires;
  return {
    counts,
    probabilities: probabilities &&
      rows.map((_, i) => Array.from(probabilities.subarray(i * states, (i + 1) * states))),
  };
}
