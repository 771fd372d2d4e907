import { setTimeout as sleep } from "node:timers/promises";
import { checkOptions } from "../_internal/check_options.ts";
import { messageOf } from "../_internal/message_of.ts";
import { toOpenQasm } from "./openqasm/to_openqasm.ts";
import { type EnvironmentNote, readVariable } from "./placebo_variables.ts";
import { planGradient } from "./plan_gradient.ts";
import { checkPubs, checkShots, type PubRows, type SamplerPub } from "./pub.ts";
import { readRemoteResult } from "./remote_answer.ts";
import { REMOTE_VARIABLES } from "./remote_variables.ts";
import { sampledGradient } from "./sampled_gradient.ts";
import type { Sampler, SamplerResult, SamplerRunOptions } from "./sampler_contract.ts";

const { url: URL_VARIABLE, token: TOKEN_VARIABLE } = REMOTE_VARIABLES;

/** Options of {@linkcode remoteSampler}. There is none for the token: only the environment has it. */
export interface RemoteSamplerOptions {
  /** Address of the service. @default the variable QSIGHT_QUANTUM_URL */
  readonly url?: string;
  /** Measurements where a call does not say; null for exact values. @default {null} */
  readonly shots?: number | null;
  /** Milliseconds between two questions for a result. @default {1000} */
  readonly pollEvery?: number;
  /** Milliseconds that a job may take, its queue included. @default {600_000} */
  readonly timeout?: number;
  /** Ends all waiting; the job is cancelled. */
  readonly signal?: AbortSignal;
}

type Settings = Required<Omit<RemoteSamplerOptions, "signal" | "shots">> & {
  readonly signal?: AbortSignal;
};

/**
 * A sampler behind HTTP, for hardware or a larger machine. `POST <url>/jobs` sends
 * `{ schema: "qsight.sampler/1", pubs }`, each pub with its circuit as plain data and as OpenQASM 3,
 * rows of numbers, shots and a seed; the answer `{ id, status, results?, error? }` is asked for again
 * at `GET <url>/jobs/<id>` until status is "done" or "failed". Each result has `probabilities` (rows)
 * or `counts`. A token in QSIGHT_QUANTUM_TOKEN goes along as `Authorization: Bearer`, and only over
 * https or to this machine. Gradients are taken by parameter shift. {@linkcode openSampler} uses it
 * only when "remote" is named.
 *
 * @throws {Error} when no address is known, or the token would travel in clear text
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { remoteSampler } from "@qsight/qsight/quantum";
 * const sampler = remoteSampler({ url: "http://localhost:9", shots: 1000 });
 * assert.deepEqual([sampler.name, sampler.shots], ["remote", 1000]);
 * ```
 */
export function remoteSampler(options: RemoteSamplerOptions = {}): Sampler {
  checkOptions("remoteSampler()", options, ["url", "shots", "pollEvery", "timeout", "signal"]);
  const { shots = null, url = readVariable(URL_VARIABLE), signal } = options;
  const { pollEvery = 1000, timeout = 600_000 } = options;
  if (url === undefined) {
    throw new Error(
      `No address of a remote sampler; set ${URL_VARIABLE}, or call remoteSampler({ url })`,
    );
  }
  refuseClearText(url);
  checkShots("remoteSampler()", shots);
  const settings: Settings = { url: url.replace(/\/+$/, ""), pollEvery, timeout, signal };
  const run: Sampler["run"] = (pubs, given = {}) => {
    const { shots: own = shots } = given;
    return runRemote(settings, pubs, { ...given, shots: own });
  };
  return {
    name: "remote",
    // Each call is a job of its own.
    reentrant: true,
    shots,
    run,
    async gradient(circuit, args, given = {}) {
      const { shots: own = shots } = given;
      const options = { ...given, shots: own };
      const plan = planGradient(circuit, args, { name: "remote", adjoint: false, options });
      return await sampledGradient({ run, shots }, plan);
    },
  };
}

/** What is read of the environment; the token itself is not shown. */
export function remoteVariables(): EnvironmentNote[] {
  const url = readVariable(URL_VARIABLE), token = readVariable(TOKEN_VARIABLE);
  return [
    ...(url === undefined
      ? []
      : [{ name: URL_VARIABLE, value: url, effect: "address of the remote sampler" }]),
    ...(token === undefined
      ? []
      : [{ name: TOKEN_VARIABLE, value: "(set)", effect: "sent to the remote sampler" }]),
  ];
}

function refuseClearText(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") {
    throw new TypeError(`remoteSampler(): "${protocol}" is no web address; use https://…`);
  }
  const here = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === "http:" && !here && readVariable(TOKEN_VARIABLE) !== undefined) {
    throw new Error(
      `${TOKEN_VARIABLE} would travel to ${hostname} in clear text; use an https:// address`,
    );
  }
}

async function runRemote(
  settings: Settings,
  pubs: readonly SamplerPub[],
  options: SamplerRunOptions & { readonly shots: number | null },
): Promise<SamplerResult> {
  checkOptions("run()", options, ["shots", "seed", "callId"]);
  const { seed = 0, callId = 0 } = options;
  const plans = checkPubs(pubs, options.shots);
  const body = {
    schema: "qsight.sampler/1",
    pubs: plans.map(({ rows, shots }, i) => ({
      ...describeRows(rows),
      shots,
      seed: JSON.stringify([seed, callId, i]),
    })),
  };
  const job = await finish(settings, await ask(settings, "/jobs", body));
  const answers = Array.isArray(job.results) ? job.results : [];
  return {
    results: plans.map(({ rows, shots }, i) =>
      readRemoteResult(answers[i], { rows, shots, pub: i })
    ),
    sampler: "remote",
  };
}

function describeRows({ circuit, args: { inputs, weights, batch } }: PubRows) {
  const rows = Array.from(
    { length: batch },
    (_, i) => Array.from(inputs.subarray(i * circuit.inputs, (i + 1) * circuit.inputs)),
  );
  return { circuit, openqasm: toOpenQasm(circuit), rows, weights: Array.from(weights) };
}

/** What the service says about a job. */
interface Job {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly results?: readonly unknown[];
}

/** Asks until the job is done. */
async function finish(settings: Settings, first: Job): Promise<Job> {
  const { pollEvery, timeout, signal } = settings;
  const start = performance.now();
  let job = first;
  while (job.status !== "done") {
    if (job.status === "failed") throw new Error(`Remote sampler: the job failed: ${job.error}`);
    if (job.id === undefined) {
      throw new Error("Remote sampler: the answer has neither results nor a job id");
    }
    const path = `/jobs/${encodeURIComponent(job.id)}`;
    if (performance.now() - start > timeout) {
      await cancel(settings, path);
      throw new Error(
        `Remote sampler: job ${job.id} was "${job.status}" after ${timeout} ms and was cancelled; ` +
          "give remoteSampler() a longer timeout",
      );
    }
    try {
      await sleep(pollEvery, undefined, { signal });
    } catch {
      await cancel(settings, path);
      throw signal?.reason;
    }
    job = await ask(settings, path);
  }
  return job;
}

/** Best effort: whoever gives up must not fail by another error. */
async function cancel({ url }: Settings, path: string): Promise<void> {
  try {
    await (await fetch(url + path, { method: "DELETE", headers: headers() })).body?.cancel();
  } catch { /* the service is gone, and the job with it or not */ }
}

async function ask({ url, signal }: Settings, path: string, body?: unknown): Promise<Job> {
  const { host } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: headers(),
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Error(`Remote sampler at ${host} cannot be reached (${messageOf(error)}); is it up?`);
  }
  const text = await response.text();
  if (response.status === 401 || response.status === 403) {
    const known = readVariable(TOKEN_VARIABLE) === undefined ? "which is not set" : "which it got";
    throw new Error(`Remote sampler at ${host} wants a valid ${TOKEN_VARIABLE}, ${known}`);
  }
  if (!response.ok) {
    throw new Error(`Remote sampler at ${host} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  try {
    return JSON.parse(text) as Job;
  } catch {
    throw new Error(`Remote sampler at ${host} did not answer in JSON: ${text.slice(0, 100)}`);
  }
}

function headers(): Record<string, string> {
  const token = readVariable(TOKEN_VARIABLE);
  const json = { "content-type": "application/json", accept: "application/json" };
  return token === undefined ? json : { ...json, authorization: `Bearer ${token}` };
}
