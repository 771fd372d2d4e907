// A real Jupyter server on loopback, with everything that it writes in a folder of its own.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runCommand } from "../../../src/_internal/run_command.ts";

const PYTHON = "/usr/bin/python3";
const probe = await runCommand([PYTHON, "-c", "import jupyter_server, ipykernel"], {
  timeout: 60_000,
});

/** Why there can be no server here, or undefined. */
export const missingServer = probe.status === "ok"
  ? undefined
  : `${PYTHON} cannot import jupyter_server and ipykernel`;

export const TOKEN = "s3cret-token";

/** Options of {@linkcode startServer}. */
export interface ServerOfTest {
  /** More arguments of the server. */
  readonly args?: readonly string[];
  readonly token?: string;
  /** Path that the server's URLs begin with. @default {"/"} */
  readonly basePath?: string;
  /** Files for https. @default http */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A running server that can be killed and started again on the same port. */
export class JupyterServer {
  readonly folder: string;
  readonly port: number;
  readonly token: string;
  readonly #args: readonly string[];
  readonly #basePath: string;
  readonly #scheme: "http" | "https";
  #child: ChildProcess | undefined;
  #log = "";

  constructor(
    folder: string,
    port: number,
    { args = [], token = TOKEN, basePath = "/", tls }: ServerOfTest,
  ) {
    this.folder = folder;
    this.port = port;
    this.token = token;
    const secure = tls === undefined
      ? []
      : [`--ServerApp.certfile=${tls.cert}`, `--ServerApp.keyfile=${tls.key}`];
    this.#args = [`--ServerApp.base_url=${basePath}`, ...secure, ...args];
    this.#basePath = basePath;
    this.#scheme = tls === undefined ? "http" : "https";
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}${this.#basePath}`;
  }

  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    const { folder } = this;
    const child = spawn(PYTHON, [
      ...["-m", "jupyter_server", "--ip=127.0.0.1", `--port=${this.port}`, "--no-browser"],
      ...["--allow-root", "--ServerApp.port_retries=0", `--ServerApp.token=${this.token}`],
      ...[`--ServerApp.root_dir=${join(folder, "root")}`, ...this.#args],
    ], {
      env: jupyterEnvironment(folder),
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => this.#log += text);
    while (true) {
      if (child.exitCode !== null) throw new Error(`The server ended:\n${this.#log}`);
      // Its certificate is not known to this process.
      if (this.#scheme === "https" && this.#log.includes("is running at")) return;
      const answer = await this.get("kernels").catch(() => undefined);
      if (Array.isArray(answer)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** SIGKILL: it cannot say goodbye to anybody, nor end its kernels. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill(signal);
    await ended;
  }

  /** Asks the server's REST interface. */
  async get(path: string): Promise<unknown> {
    const headers = { Authorization: `token ${this.token}` };
    return await (await fetch(`${this.url}api/${path}`, { headers })).json();
  }

  /** Waits until its only kernel has nothing to do. */
  async idle(): Promise<void> {
    let isIdle = false;
    while (!isIdle) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const [kernel] = await this.get("kernels") as { execution_state: string }[];
      isIdle = kernel.execution_state === "idle";
    }
  }

  /** Waits until its only kernel has so many connections; with none it keeps what the kernel says. */
  async connections(wanted: number): Promise<void> {
    while (true) {
      const [kernel] = await this.get("kernels") as { connections: number }[];
      if (kernel.connections === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Process ids of its kernels, also of those that outlived it. */
  async kernelProcesses(): Promise<number[]> {
    const found: number[] = [];
    for (const name of await readdir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
      if (command.includes(join(this.folder, "runtime"))) found.push(Number(name));
    }
    return found;
  }

  async killKernels(): Promise<void> {
    for (const pid of await this.kernelProcesses()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
  }

  /** Waits until no kernel is left, and says whether that came about. */
  async isEmpty(): Promise<boolean> {
    for (let i = 0; i < 200; i++) {
      if ((await this.kernelProcesses()).length === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  }
}

/** Runs the test with a server and leaves nothing of it behind. */
export async function withServer(
  test: (server: JupyterServer) => Promise<void>,
  options: ServerOfTest = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-server-"));
  const server = new JupyterServer(folder, await freePort(), options);
  try {
    for (const name of ["root", "config", "data", "runtime"]) await mkdir(join(folder, name));
    await installDenoKernel(folder);
    await server.start();
    await test(server);
  } finally {
    await server.kill();
    await server.killKernels();
    await server.isEmpty();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Variables with which Jupyter reads and writes below a folder alone. */
export function jupyterEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTER_PATH: join(folder, "share"),
    IPYTHONDIR: join(folder, "ipython"),
  };
}

/** As `deno jupyter --install` writes it, for {@linkcode jupyterEnvironment}. */
export async function installDenoKernel(folder: string): Promise<void> {
  const kernel = join(folder, "share", "kernels", "deno");
  await mkdir(kernel, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const spec = { argv, display_name: "Deno", language: "typescript" };
  await writeFile(join(kernel, "kernel.json"), JSON.stringify(spec));
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
