import type { KernelClient } from "../protocol/kernel_client.ts";
import { openZmtpClient } from "../protocol/zmtp_client.ts";
import { KernelStartError } from "../runner_errors.ts";
import { within } from "../wait.ts";
import { type Kernel, prepareKernel } from "./kernel.ts";
import { adapterOf } from "./adapter_of.ts";
import { type KernelProcess, startKernelProcess } from "./kernel_process.ts";
import type { KernelSpec } from "./kernel_spec.ts";

/** Options of {@linkcode startKernel}. */
export interface StartKernelOptions {
  /** Working folder of the kernel; Deno looks for its deno.json from there upward. */
  readonly cwd: string;
  /** Added to this process's environment. @default {{}} */
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

/** Bytes that a notebook may put out, if nobody says otherwise. */
export const MAX_OUTPUT_BYTES = 100 * 2 ** 20;

/** Ports are found by binding and releasing, so another process may take one in between. */
const PORT_ATTEMPTS = 5;
const PORT_TAKEN = /address (?:is )?already in use|address in use|EADDRINUSE|AddrInUse/i;

/**
 * Starts a kernel on this machine and waits until it answers.
 *
 * @throws {KernelStartError} when it ends or does not answer in time, with what it wrote to stderr
 */
export async function startKernel(spec: KernelSpec, options: StartKernelOptions): Promise<Kernel> {
  const { cwd, env = {}, startupTimeout = 60_000, clock } = options;
  const deadline = clock() + startupTimeout;
  const launch = adapterOf(spec).launch(spec);
  for (let attempt = 1;; attempt++) {
    const process = await startKernelProcess(spec, { launch, cwd, env });
    try {
      return await connectKernel(spec, process, { ...options, deadline });
    } catch (error) {
      await process.kill();
      const portTaken = error instanceof KernelStartError && PORT_TAKEN.test(process.stderr);
      if (!portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

interface ConnectOptions extends StartKernelOptions {
  readonly deadline: number;
}

async function connectKernel(
  spec: KernelSpec,
  process: KernelProcess,
  { clock, deadline, signal, maxOutputBytes = MAX_OUTPUT_BYTES }: ConnectOptions,
): Promise<Kernel> {
  /** Fails when there is no sense in waiting further. */
  const checkAlive = () => {
    signal?.throwIfAborted();
    const stderr = process.stderr.trim();
    const said = stderr === "" ? "It wrote nothing to stderr" : `Its stderr:\n${stderr}`;
    if (process.exit !== undefined) {
      const { code, signal: by } = process.exit;
      throw new KernelStartError(
        `Kernel "${spec.name}" ended at its start (${by ?? `exit code ${code}`}). ` +
          `Command: ${spec.argv.join(" ")}. ${said}`,
      );
    }
    if (clock() > deadline) {
      throw new KernelStartError(
        `Kernel "${spec.name}" was not ready in time. Raise the option startupTimeout. ${said}`,
      );
    }
  };
  let client: KernelClient | undefined;
  const open = { clock, maxMessageBytes: maxOutputBytes };
  while (client === undefined) {
    client = await openZmtpClient(process.connection, open).catch(() => undefined);
    if (client !== undefined) break;
    await within(process.exited, 10);
    checkAlive();
  }
  try {
    const info = await firstReply(client, process, checkAlive);
    return prepareKernel({ spec, host: process, client, info, maxOutputBytes });
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Asks until a reply and its idle have come: only then is the iopub subscription in force. */
async function firstReply(
  client: KernelClient,
  process: KernelProcess,
  checkAlive: () => void,
): Promise<Readonly<Record<string, unknown>>> {
  const alive = client.ping().then(() => true);
  while (true) {
    const request = client.request("kernel_info_request");
    const answered = Promise.all([request.reply, request.idle.then(() => true)]);
    const reply = await within(request.reply, 100);
    const done = reply === undefined ? undefined : await within(answered, 100);
    if (done !== undefined && await within(alive, 100)) return done[0].content;
    await within(process.exited, 1);
    checkAlive();
  }
}
