import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { signalGroup } from "../../_internal/signal_group.ts";
import type { ConnectionInfo } from "../protocol/connection_info.ts";
import type { KernelLaunch } from "./kernel_adapter.ts";
import type { KernelExit, KernelHost } from "./kernel_host.ts";
import type { KernelSpec } from "./kernel_spec.ts";
import { KernelStartError } from "../runner_errors.ts";

/** A kernel's process and where it listens. */
export interface KernelProcess extends KernelHost {
  readonly pid: number;
  readonly connection: ConnectionInfo;
}

/** Options of {@linkcode startKernelProcess}. */
export interface KernelProcessOptions {
  readonly launch: KernelLaunch;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const CONNECTION = "connection.json";
const PRELOAD = "preload.cjs";

/**
 * The kernel leads a process group of its own. In that group a subshell waits on a pipe whose
 * other end only we hold: when we end, even by SIGKILL, it removes the connection folder and kills
 * the group. The folder is made by the shell, too: were it made by us, a SIGKILL just then would
 * leave it behind. Its files come through the pipe, names and contents in turn, a line each.
 * `exec` keeps the kernel itself our child, so its exit is seen at once.
 */
const WATCHED = [
  '( umask 077; mkdir -- "$0" && while IFS= read -r name && [ "$name" != "" ]; do',
  `IFS= read -r text; printf "%s\\n" "$text" > "$0/$name"; done ) || exit`,
  "exec 3<&0 </dev/null",
  '( read -r _ <&3; rm -rf -- "$0"; kill -KILL 0 ) >/dev/null 2>&1 &',
  'exec 3<&-; exec "$@"',
].join("\n");

/**
 * Writes the connection file and starts the kernel; it may not listen yet.
 *
 * @throws {KernelStartError} when the working folder does not exist
 */
export async function startKernelProcess(
  spec: KernelSpec,
  { launch, cwd, env }: KernelProcessOptions,
): Promise<KernelProcess> {
  // The fault of the spawn would name the program instead.
  if (!(await stat(cwd).catch(() => undefined))?.isDirectory()) {
    throw new KernelStartError(
      `The folder ${cwd} does not exist, wanted the working folder of kernel "${spec.name}". ` +
        "Create it or correct the option cwd",
    );
  }
  // Short, because a Unix socket's path must be; a name that is taken ends the start.
  const folder = join(tmpdir(), `qsight-kernel-${randomUUID().slice(-12)}`);
  const connection = await newConnection(launch.transport ?? "tcp", folder);
  const content = { ...connection, signature_scheme: "hmac-sha256", kernel_name: spec.name };
  const files = { [CONNECTION]: JSON.stringify(content), ...preloadFile(launch) };
  const file = join(folder, CONNECTION);
  const command = launch.argv.map((part) => part.replaceAll("{connection_file}", file));
  const child = spawn("sh", ["-c", WATCHED, folder, ...command], {
    cwd,
    env: { ...process.env, ...spec.env, ...preloadOption(launch, folder), ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const started = new WatchedProcess(child, connection, folder);
  child.stdin?.write(Object.entries(files).flat().concat("", "").join("\n"));
  return started;
}

class WatchedProcess implements KernelProcess {
  readonly connection: ConnectionInfo;
  readonly exited: Promise<KernelExit>;
  exit: KernelExit | undefined;
  stderr = "";
  readonly #child: ChildProcess;
  readonly #folder: string;
  #killed: Promise<void> | undefined;

  constructor(child: ChildProcess, connection: ConnectionInfo, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.connection = connection;
    child.stdin?.on("error", () => {});
    child.stdout?.resume();
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-4000);
    });
    this.exited = new Promise((resolve) => {
      child.on("exit", (code, signal) => resolve(this.exit = { code, signal }));
      child.on("error", (error) => {
        this.stderr += error.message;
        resolve(this.exit ??= { code: null, signal: null });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  interrupt(): void {
    this.#signal("SIGINT");
  }

  kill(): Promise<void> {
    return this.#killed ??= this.#kill();
  }

  async #kill(): Promise<void> {
    // The watching subshell keeps the group alive after the kernel's own exit, so that this
    // reaches what the kernel started, and never a stranger with a reused number.
    this.#signal("SIGKILL");
    await this.exited;
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #signal(signal: "SIGINT" | "SIGKILL"): void {
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, signal);
  }
}

/** Longest path of a Unix socket on Linux and macOS, with room for the number behind it. */
const MAX_SOCKET_PATH = 90;

/** Unix sockets lie in the kernel's own folder: nobody else can take or open them. */
async function newConnection(transport: "tcp" | "ipc", folder: string): Promise<ConnectionInfo> {
  const key = randomUUID();
  const ip = join(folder, "socket");
  const isIpc = transport === "ipc" && process.platform !== "win32" && ip.length < MAX_SOCKET_PATH;
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = isIpc
    ? [1, 2, 3, 4, 5]
    : await freePorts(5);
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return isIpc
    ? { transport: "ipc", ip, key, ...ports }
    : { transport: "tcp", ip: "127.0.0.1", key, ...ports };
}

/** The file in one line. */
function preloadFile({ preload }: KernelLaunch): Readonly<Record<string, string>> {
  return preload === undefined ? {} : { [PRELOAD]: `eval(${JSON.stringify(preload)})` };
}

/** Node loads this file first; what NODE_OPTIONS said before stays. */
function preloadOption({ preload }: KernelLaunch, folder: string): Record<string, string> {
  if (preload === undefined) return {};
  const before = process.env.NODE_OPTIONS ?? "";
  const file = JSON.stringify(join(folder, PRELOAD));
  return { NODE_OPTIONS: `${before} --require=${file}`.trim() };
}

/** Ports that were free a moment ago: all are bound together, so that they differ, and released. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () =>
      new Promise<Server>((resolve, reject) => {
        const server = createServer().on("error", reject);
        server.listen(0, "127.0.0.1", () => resolve(server));
      })),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
