import { nearestName } from "../../_internal/nearest_name.ts";
import type { KernelSpec } from "../kernels/kernel_spec.ts";
import { KernelStartError } from "../runner_errors.ts";
import { delay } from "../wait.ts";
import { serverAddress, type ServerOptions } from "./server_address.ts";
import { ServerApi, type ServerReply, ServerSilentError } from "./server_api.ts";

/**
 * The kernels that a Jupyter server can start.
 *
 * @throws {KernelStartError} when there is no such server, or it wants another token
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a time that is not a number of milliseconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { KernelStartError, listRemoteKernels } from "@qsight/qsight/runner";
 *
 * // Nothing listens there; a running server gives names, languages and command lines.
 * await assert.rejects(listRemoteKernels({ url: "http://127.0.0.1:9/" }), KernelStartError);
 * ```
 */
export async function listRemoteKernels(server: ServerOptions): Promise<KernelSpec[]> {
  const api = await ServerApi.create(serverAddress(server));
  return await fetchSpecs(api, { clock: () => performance.now() });
}

/** The spec of that name, or an error that names the nearest and all of them. */
export function chooseSpec(specs: readonly KernelSpec[], name: string): KernelSpec {
  const found = specs.find((spec) => spec.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = specs.map((spec) => spec.name);
  const near = nearestName(name, names);
  throw new KernelStartError(
    `The server has no kernel named "${name}"` +
      `${near === undefined ? "." : `, did you mean "${near}"?`} It has: ` +
      `${
        names.join(", ") || "none"
      }. Install the kernel there or choose another with the option kernel`,
  );
}

/** Servers that have answered in this process: one of them that is away now most likely restarts. */
const answered = new Set<string>();

/** Asks for the specs, which every kind of server has; one that restarts is waited for. */
export async function fetchSpecs(
  api: ServerApi,
  { clock, signal }: { readonly clock: () => number; readonly signal?: AbortSignal },
): Promise<KernelSpec[]> {
  const { baseUrl, reconnectTimeout } = api.address;
  const { connectTimeout = answered.has(baseUrl) ? reconnectTimeout : 0 } = api.address;
  const deadline = clock() + connectTimeout;
  while (true) {
    signal?.throwIfAborted();
    const reply = await api.call("kernelspecs").catch((error) => {
      if (error instanceof ServerSilentError) return error;
      throw error;
    });
    if (reply instanceof ServerSilentError) {
      if (clock() >= deadline) throw api.silentError(reply);
    } else if (STARTING.has(reply.status) && clock() < deadline) {
      // A proxy or hub in front of it answers already.
    } else {
      const specs = readSpecs(api, reply);
      answered.add(baseUrl);
      return specs;
    }
    await delay(250);
  }
}

const STARTING = new Set([424, 502, 503, 504]);

function readSpecs(api: ServerApi, reply: ServerReply): KernelSpec[] {
  const { kernelspecs } = (reply.json ?? {}) as { kernelspecs?: unknown };
  if (reply.status !== 200 || typeof kernelspecs !== "object" || kernelspecs === null) {
    throw api.startError("The question for kernels", reply);
  }
  return Object.entries(kernelspecs).map(([name, entry]) => {
    const spec = ((entry as { spec?: unknown }).spec ?? {}) as Record<string, unknown>;
    return {
      name,
      displayName: String(spec.display_name ?? name),
      language: String(spec.language ?? ""),
      argv: Array.isArray(spec.argv) ? spec.argv.map(String) : [],
      env: {},
      interruptMode: spec.interrupt_mode === "message" ? "message" : "signal",
      origin: api.address.baseUrl,
    };
  });
}
