// The classic Jupyter Notebook of Debian, with everything that it writes in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { runCommand } from "../../src/_internal/run_command.ts";
import { freePort, installDenoKernel, jupyterEnvironment } from "../runner/remote/_server.ts";

const PYTHON = "/usr/bin/python3";
const TOKEN = "s3cret-token";
const probe = await runCommand([PYTHON, "-c", "import notebook.notebookapp"], {
  timeout: 60_000,
});

/** Why there can be no Jupyter Notebook here, or undefined. */
export const missingNotebook = probe.status === "ok"
  ? undefined
  : `${PYTHON} cannot import notebook`;

/** Serves the notebooks of a folder, with the Deno kernel, until the test is over. */
export async function withNotebookServer(
  folder: string,
  test: (address: (notebook: string) => string) => Promise<void>,
): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), "qsight-jupyter-"));
  const port = await freePort();
  await installDenoKernel(own);
  const server = spawn(PYTHON, [
    ...["-m", "notebook", "--ip=127.0.0.1", `--port=${port}`, "--no-browser", "--allow-root"],
    ...[`--NotebookApp.token=${TOKEN}`, "--NotebookApp.port_retries=0"],
    `--notebook-dir=${folder}`,
  ], {
    env: {
      ...jupyterEnvironment(own),
      PATH: `${dirname(Deno.execPath())}:${process.env.PATH}`,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => log += text);
  try {
    const root = `http://127.0.0.1:${port}`;
    while (
      await fetch(`${root}/api/status?token=${TOKEN}`).then((r) => r.text(), () => "") === ""
    ) {
      if (server.exitCode !== null) throw new Error(`Jupyter Notebook ended:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await test((notebook) => `${root}/notebooks/${notebook}?token=${TOKEN}`);
  } finally {
    await ended(server);
    await rm(own, { recursive: true, force: true });
  }
}

/** SIGTERM lets the server end its kernels. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exit = new Promise((resolve) => server.on("exit", resolve));
  server.kill("SIGTERM");
  await exit;
}
