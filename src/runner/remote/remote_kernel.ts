import { checkOptions } from "../../_internal/check_options.ts";
import { type Kernel, prepareKernel } from "../kernels/kernel.ts";
import type { KernelSpec } from "../kernels/kernel_spec.ts";
import { MAX_OUTPUT_BYTES } from "../kernels/start_kernel.ts";
import { KernelStartError } from "../runner_errors.ts";
import { within } from "../wait.ts";
import { RemoteClient } from "./remote_client.ts";
import { RemoteHost, shutDown } from "./remote_host.ts";
import { chooseSpec, fetchSpecs } from "./remote_specs.ts";
import { serverAddress, type ServerOptions } from "./server_address.ts";
import { ServerApi, ServerSilentError } from "./server_api.ts";
import { StartStop } from "./start_stop.ts";

/** Options of {@linkcode startRemoteKernel}. */
export interface StartRemoteKernelOptions {
  /** Name of a kernel that the server has. */
  readonly kernel: string;
  /** Handed to an Enterprise Gateway as KERNEL_WORKING_DIR. @default left to the server */
  readonly cwd?: string;
  /**
   * For the kernel's environment. Gateways take names that begin with `KERNEL_` and those that their
   * configuration allows; a Jupyter Server takes none. @default {{}}
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the kernel must be ready. @default {60000} */
  readonly startupTimeout?: number;
  /** Bytes that a notebook may put out; a message larger than that is not read. @default {100 MiB} */
  readonly maxOutputBytes?: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Stops the start. */
  readonly signal?: AbortSignal;
}

const OPTIONS = [
  ...["kernel", "cwd", "env", "startupTimeout", "maxOutputBytes", "clock", "signal"],
];

/** Milliseconds that a start may take to come to its end after nobody wants it any more. */
const LATE_START_WAIT = 5000;
/** Milliseconds until a question is asked again: a server may not pass on what came very early. */
const ASK_AGAIN = 5000;

/**
 * Starts a kernel on a Jupyter Server, Kernel Gateway or Enterprise Gateway and waits until it
 * answers. Only `/api/kernelspecs` and `/api/kernels` are used, which all of them have.
 *
 * @throws {KernelStartError} when the server, its kernel or its token is not as wanted
 * @throws {TypeError} for unknown options
 */
export async function startRemoteKernel(
  server: ServerOptions,
  options: StartRemoteKernelOptions,
): Promise<Kernel> {
  checkOptions("startRemoteKernel", options, OPTIONS);
  const { kernel, clock, signal, startupTimeout = 60_000 } = options;
  const api = await ServerApi.create(serverAddress(server));
  const spec = chooseSpec(await fetchSpecs(api, { clock, signal }), kernel);
  const stop = new StartStop(spec, { deadline: clock() + startupTimeout, clock, signal });
  try {
    const kernelId = await createKernel(api, { spec, stop, options });
    return await connect(api, { kernelId, spec, stop, options });
  } finally {
    stop.release();
  }
}

/** What a start is about. */
interface Start {
  readonly spec: KernelSpec;
  readonly stop: StartStop;
  readonly options: StartRemoteKernelOptions;
}

/** Asks for a kernel and returns its id; one that starts too late is ended. */
async function createKernel(api: ServerApi, { spec, stop, options }: Start): Promise<string> {
  const { cwd, env = {}, startupTimeout = 60_000 } = options;
  const environment = { ...(cwd === undefined ? {} : { KERNEL_WORKING_DIR: cwd }), ...env };
  const created = api.call("kernels", {
    method: "POST",
    // A server cannot take back a start, so its answer is awaited a little longer than wanted.
    timeout: startupTimeout + LATE_START_WAIT,
    body: {
      name: spec.name,
      ...(api.address.path === undefined ? {} : { path: api.address.path }),
      // With an environment a gateway hands only that on, so that none is named without need.
      ...(Object.keys(environment).length === 0 ? {} : { env: environment }),
    },
  }).then((reply) => {
    const { id } = (reply.json ?? {}) as { id?: unknown };
    if (reply.status === 201 && typeof id === "string") return id;
    throw api.startError(`The start of kernel "${spec.name}"`, reply);
  });
  try {
    return await stop.race(created);
  } catch (error) {
    if (error instanceof ServerSilentError) throw api.silentError(error);
    if (error instanceof KernelStartError && !stop.isStopped) throw error;
    const ended = created.then((id) => shutDown(api, id, LATE_START_WAIT), () => undefined);
    await within(ended, LATE_START_WAIT);
    throw error;
  }
}

/** Connects to a kernel that exists; where that fails the kernel is ended. */
async function connect(
  api: ServerApi,
  { kernelId, spec, stop, options }: Start & { readonly kernelId: string },
): Promise<Kernel> {
  const { clock, maxOutputBytes = MAX_OUTPUT_BYTES } = options;
  const client = new RemoteClient({ api, kernelId, clock, maxMessageBytes: maxOutputBytes });
  const host = new RemoteHost({ api, kernelId, client });
  const failed = Promise.race([client.gone, client.fault]).then((reason) => {
    const why = reason instanceof Error ? reason.message : reason;
    throw new KernelStartError(`Kernel "${spec.name}" did not become ready: ${why}`);
  });
  failed.catch(() => {});
  try {
    await stop.race(
      client.open(stop.remaining).catch((error) => {
        throw new KernelStartError(
          `The server at ${api.address.baseUrl} gives no connection to kernel "${spec.name}": ` +
            `${(error as Error).message}. A proxy in front of it must let WebSockets through`,
        );
      }),
    );
    const info = await stop.race(Promise.race([firstReply(client), failed]));
    const parts = { spec, host, client, info, maxOutputBytes };
    return withDrops(prepareKernel(parts), client);
  } catch (error) {
    client.close();
    await host.kill();
    if (host.warnings.length === 0 || !(error instanceof KernelStartError)) throw error;
    throw new KernelStartError([error.message, ...host.warnings].join(". "));
  }
}

async function firstReply(client: RemoteClient): Promise<Readonly<Record<string, unknown>>> {
  while (true) {
    const { reply, idle } = client.request("kernel_info_request");
    const answered = await within(Promise.all([reply, idle]), ASK_AGAIN);
    if (answered !== undefined) return answered[0].content;
  }
}

/** A server that leaves outputs out may leave out the marks of a barrier too. */
function withDrops(kernel: Kernel, client: RemoteClient): Kernel {
  const barrier = kernel.barrier.bind(kernel);
  kernel.barrier = () =>
    Promise.race([
      barrier(),
      client.dropped.then(() => client.request("kernel_info_request").idle),
    ]);
  return kernel;
}
