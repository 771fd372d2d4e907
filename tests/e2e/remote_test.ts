// Against a real Jupyter server: what takes long, because servers and kernels are killed or hang.
import assert from "node:assert/strict";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { gridTable } from "../../src/runner/remote/grid_table.ts";
import { type GridRow, runGrid } from "../../src/runner/remote/run_grid.ts";
import { fromCells, shortOutputs } from "../runner/_fixture.ts";
import { CuttableProxy } from "../runner/remote/_proxy.ts";
import { counted, COUNTING, printed, runCells } from "../runner/remote/_run.ts";
import { missingServer, TOKEN, withServer } from "../runner/remote/_server.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function exists(path: string): Promise<void> {
  while (await stat(path).catch(() => undefined) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

testOrSkip(
  "executeNotebook() on a server, whatever a cell does",
  missingServer,
  (t) =>
    withServer(async (server) => {
      const at = { url: server.url, token: TOKEN };

      await t.step(
        "interrupts a cell at its deadline and the server takes the next",
        async () => {
          for (
            const [kernel, loop] of [["python3", "while True: pass"], ["deno", "while (true) {}"]]
          ) {
            const result = await runCells([loop], { server: at, kernel, timeout: 1000 });
            assert.equal(result.status, "timeout");
            const interrupted = shortOutputs(result.notebook)[0];
            if (kernel === "python3") assert.deepEqual(interrupted, ["KeyboardInterrupt: "]);
          }
        },
      );

      await t.step("answers and refuses questions of cells", async () => {
        const asked = { server: at, kernel: "python3", timeout: 60_000 };
        const answered = await runCells(["print(input('name? '))"], { ...asked, stdin: ["Ada"] });
        assert.deepEqual([answered.status, printed(answered)], ["ok", "Ada\n"]);
        assert.equal((await runCells(["input('name? ')"], asked)).status, "error");
      });

      await t.step("a kernel that dies ends the run with the server's word", async () => {
        const result = await runCells(
          ["import os; print(1, flush=True); os.kill(os.getpid(), 9)"],
          {
            ...{ server: at, kernel: "python3" },
          },
        );
        assert.equal(result.status, "dead_kernel");
        assert.match(result.error!.message, /the server says that its process is restarting/);
        assert.deepEqual(result.warnings, []);
      });

      await t.step("an output beyond the limit is refused", async () => {
        const result = await runCells(["display({'text/plain': 'x' * 3_000_000}, raw=True)"], {
          ...{ server: at, kernel: "python3", maxOutputBytes: 1_000_000 },
        });
        assert.match(result.error!.message, /larger than maxOutputBytes \(1000000\)/);
        assert.notEqual(result.status, "ok");
      });

      await t.step("an abort of a running cell ends the kernel there", async () => {
        const controller = new AbortController();
        const result = await runCells(["print(1, flush=True)\nwhile True: pass"], {
          ...{ server: at, kernel: "python3", signal: controller.signal },
          onLine: () => controller.abort(new Error("enough")),
        });
        assert.deepEqual([result.status, result.error!.message], ["aborted", "enough"]);
      });

      await t.step("nothing of all this is left on the server", async () => {
        assert.deepEqual(await server.get("kernels"), []);
        assert.ok(await server.isEmpty());
      });
    }),
);

testOrSkip(
  "runGrid() on a server that is killed and restarted meanwhile",
  missingServer,
  () =>
    withServer(async (server) => {
      const begun = (seed: number) => join(server.folder, "root", `begun_${seed}`);
      const notebook = fromCells(
        "seed = 0",
        `open(${JSON.stringify(join(server.folder, "root"))} + f"/begun_{seed}", "w").close()\n` +
          "import time\ntime.sleep(600 if seed in (2, 3) else 0)",
        "display({'application/vnd.qsight.result+json': {'square': seed ** 2}}, raw=True)",
      );
      notebook.cells[0].metadata.tags = ["parameters"];
      const ended: GridRow[] = [];
      const restart = Promise.all([exists(begun(2)), exists(begun(3))])
        .then(() => server.kill()).then(() => server.start());
      const result = await runGrid(notebook, {
        ...{ grid: { seed: [0, 1, 2, 3, 4, 5] }, jobs: 2, kernel: "python3" },
        server: { url: server.url, token: TOKEN },
        onRow: (row) => ended.push(row),
      });
      await restart;
      assert.equal(result.status, "failed");
      assert.deepEqual(result.rows.map((row) => row.status), [
        ...["ok", "ok", "dead_kernel", "dead_kernel", "ok", "ok"],
      ]);
      assert.match(result.rows[2].error!.message, /the server was restarted/);
      assert.deepEqual(result.rows.map((row) => row.results.square), [
        ...[0, 1, undefined, undefined, 16, 25],
      ]);
      assert.equal(ended.length, 6);
      assert.match(gridTable(result).csv, /\r\n2,dead_kernel,[\d.]+,,/);
      assert.deepEqual(await server.get("kernels"), []);
    }),
);

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  testOrSkip(
    `executeNotebook() on a server that ${signal} ends for good`,
    missingServer,
    () =>
      withServer(async (server) => {
        const at = { url: server.url, token: TOKEN, reconnectTimeout: 3000 };
        const runs = ["python3", "deno"].map((kernel) => {
          const ready = Promise.withResolvers<void>();
          const result = runCells([COUNTING[kernel](6000, 100)], {
            ...{ server: at, kernel },
            onLine: (line) => line === "3" && ready.resolve(),
          });
          return { result, ready: ready.promise };
        });
        await Promise.all(runs.map(({ ready }) => ready));
        await server.kill(signal);
        const start = performance.now();
        for (const { result } of runs) {
          const { status, error } = await result;
          // While it says goodbye a server may still tell that the kernel is gone.
          assert.ok(
            status === "kernel_fault" || (signal === "SIGTERM" && status === "dead_kernel"),
          );
          assert.match(
            error!.message,
            /did not come back within 3000 ms|the server does not know it/,
          );
        }
        assert.ok(performance.now() - start < 60_000);
      }),
  );
}

testOrSkip(
  "executeNotebook() notices a network that swallows everything",
  missingServer,
  () =>
    withServer(async (server) => {
      const proxy = await CuttableProxy.start(server.port);
      const result = await runCells([COUNTING.python3(20, 100), "'not reached'"], {
        ...{ server: { url: proxy.url, token: TOKEN }, kernel: "python3" },
        onLine: (line) => line === "5" && proxy.swallow(),
      });
      await proxy.close();
      assert.equal(result.status, "kernel_fault");
      assert.match(result.error!.message, /messages of the kernel went with it|answer to a cell/);
      assert.deepEqual(await server.get("kernels"), []);
    }),
);

testOrSkip(
  "executeNotebook() notices that others delete the kernel",
  missingServer,
  () =>
    withServer(async (server) => {
      const result = await runCells(["print('on', flush=True)\nimport time; time.sleep(600)"], {
        ...{ server: { url: server.url, token: TOKEN }, kernel: "python3" },
        onLine: () => void deleteAll(server.url),
      });
      assert.equal(result.status, "dead_kernel");
      assert.match(result.error!.message, /the server does not know it any more: it was shut down/);
    }),
);

async function deleteAll(url: string): Promise<void> {
  const headers = { Authorization: `token ${TOKEN}` };
  for (const { id } of await (await fetch(`${url}api/kernels`, { headers })).json()) {
    await fetch(`${url}api/kernels/${id}`, { method: "DELETE", headers });
  }
}

testOrSkip(
  "executeNotebook() never passes over what a cut in a flood took",
  missingServer,
  () =>
    withServer(async (server) => {
      const proxy = await CuttableProxy.start(server.port);
      const cuts = ["100", "500", "900", "1300", "1700"];
      for (const [round, cutAt] of cuts.flatMap((line, i) => [[i, line], [i + 5, line]] as const)) {
        const kernel = round < 5 ? "python3" : "deno";
        const result = await runCells([COUNTING[kernel](2000, 0)], {
          ...{ server: { url: proxy.url, token: TOKEN }, kernel, timeout: 120_000 },
          onLine: (line) => line === cutAt && proxy.cut(),
        });
        const isWhole = printed(result) === counted(2000);
        assert.equal(result.status, isWhole ? "ok" : "kernel_fault", `${kernel}, cut at ${cutAt}`);
        if (!isWhole) assert.match(result.error!.message, /went with it/);
        assert.deepEqual(result.warnings, []);
        // In order and nothing twice, whatever is missing.
        const lines = printed(result).trim().split("\n").map(Number);
        assert.deepEqual(lines, [...new Set(lines)].sort((a, b) => a - b));
      }
      await proxy.close();
      assert.deepEqual(await server.get("kernels"), []);
    }, { args: ["--ServerApp.iopub_msg_rate_limit=0", "--ServerApp.iopub_data_rate_limit=0"] }),
);

const missingTls = missingServer ?? missingProgram("openssl") ?? missingProgram("node");

testOrSkip("executeNotebook() over https, in Deno and in Node", missingTls, async () => {
  // Below node_modules: ignored by git.
  const folder = join(ROOT, "node_modules", ".qsight-test", crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const made = await runCommand([
    "openssl",
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-keyout", key, "-out", cert],
  ], { timeout: 60_000 });
  assert.equal(made.status, "ok", made.stderr);
  const source = join(ROOT, "src/runner/execute/execute_notebook.ts");
  const esbuild = await import("esbuild");
  try {
    const outfile = join(folder, "runner.mjs");
    await esbuild.build({
      ...{ entryPoints: [source], bundle: true, packages: "external", outfile },
      ...{ platform: "node", format: "esm", target: "node20", logLevel: "silent" },
    });
    await withServer(async (server) => {
      const url = server.url.replace("127.0.0.1", "localhost");
      const config = `--config=${join(ROOT, "deno.json")}`;
      for (
        const [module, script, ...program] of [
          [outfile, join(folder, "run.mjs"), "node"],
          // Deno takes what lies in node_modules for a package.
          [
            source,
            join(server.folder, "run.ts"),
            Deno.execPath(),
            "run",
            "-A",
            "--no-check",
            config,
          ],
        ] as const
      ) {
        await Deno.writeTextFile(script, callScript(module, url));
        const run = (trust: Record<string, string>) => {
          const env = { ...process.env as Record<string, string>, JUPYTER_TOKEN: TOKEN, ...trust };
          return runCommand([...program, script], { timeout: 120_000, env });
        };
        const trusted = await run({ DENO_CERT: cert, NODE_EXTRA_CA_CERTS: cert });
        assert.equal(trusted.stdout, "ok 42\n", trusted.stderr);
        assert.equal(trusted.stderr, "");
        const distrusted = await run({});
        assert.match(distrusted.stdout, /KernelStartError: No Jupyter server answers at https:/);
        assert.match(distrusted.stdout, /Name the certificate of its authority in DENO_CERT/);
      }
    }, { tls: { cert, key } });
  } finally {
    await esbuild.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

function callScript(module: string, url: string): string {
  return `import { executeNotebook } from ${JSON.stringify(module)};
const metadata = {}, outputs = [], execution_count = null;
const cell = { cell_type: "code", id: "a", source: "6 * 7", metadata, outputs, execution_count };
const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
try {
  const options = { server: { url: ${JSON.stringify(url)} }, kernel: "python3" };
  const { status, notebook: { cells } } = await executeNotebook(notebook, options);
  console.log(status, cells[0].outputs[0]?.data["text/plain"]);
} catch (error) {
  console.log(String(error));
}`;
}
