// Kernels of a real Jupyter server; what takes long is in tests/e2e/remote_test.ts.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { startRemoteKernel } from "../../../src/runner/remote/remote_kernel.ts";
import { listRemoteKernels } from "../../../src/runner/remote/remote_specs.ts";
import { KernelStartError } from "../../../src/runner/runner_errors.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells, shortOutputs } from "../_fixture.ts";
import { counted, COUNTING, printed, runCells } from "./_run.ts";
import { freePort, type JupyterServer, missingServer, TOKEN, withServer } from "./_server.ts";

const clock = () => performance.timeOrigin + performance.now();

/** The message of the KernelStartError that the promise must end with; it never holds the token. */
async function startFault(promise: Promise<unknown>): Promise<string> {
  let message = "";
  await assert.rejects(promise, (error: Error) => {
    assert.ok(error instanceof KernelStartError, error.stack);
    message = error.message;
    return true;
  });
  assert.ok(!message.includes(TOKEN) && !message.includes("wr0ng"), message);
  return message;
}

async function leavesNothing(server: JupyterServer): Promise<void> {
  assert.deepEqual(await server.get("kernels"), []);
  assert.ok(await server.isEmpty());
}

testOrSkip("executeNotebook() on a server", missingServer, (t) =>
  withServer(async (server) => {
    const at = { url: server.url, token: TOKEN };

    await t.step("listRemoteKernels() names what the server has", async () => {
      const specs = await listRemoteKernels({ url: `${server.url}lab?token=${TOKEN}` });
      assert.deepEqual(specs.map(({ name }) => name).sort(), ["deno", "python3"]);
      const deno = specs.find(({ name }) => name === "deno")!;
      assert.deepEqual([deno.language, deno.argv[1]], ["typescript", "jupyter"]);
    });

    await t.step("runs cells as on this machine, for kernels of both kinds", async () => {
      const cells = ["x = 6", "print(x)", "x * 7", "y = missing_name", "x"];
      const there = await runCells(cells, { server: at, kernel: "python3", timeout: 60_000 });
      const here = await runCells(cells, { kernel: "python3", timeout: 60_000 });
      assert.equal(there.status, "error");
      assert.deepEqual(shortOutputs(there.notebook), shortOutputs(here.notebook));
      assert.deepEqual(there.cells.map((cell) => cell.status), here.cells.map((c) => c.status));
      assert.deepEqual(there.warnings, []);
      const deno = await runCells(["const x = 6;", "console.log(x); x * 7"], {
        ...{ server: at, kernel: "deno", timeout: 60_000 },
      });
      assert.deepEqual([deno.status, shortOutputs(deno.notebook)], ["ok", [[], ["6\n", "42"]]]);
      assert.deepEqual(deno.warnings, []);
    });

    await t.step("runs several kernels at once, each with its own outputs", async () => {
      const runs = ["python3", "deno", "python3", "deno"].map((kernel, i) =>
        runCells([COUNTING[kernel](20 + i, 20), COUNTING[kernel](5, 1)], { server: at, kernel })
      );
      for (const [i, result] of (await Promise.all(runs)).entries()) {
        assert.equal(result.status, "ok");
        assert.equal(printed(result), counted(20 + i) + counted(5));
      }
    });

    await t.step("nothing of all this is left on the server", () => leavesNothing(server));

    await t.step("an absent kernel: the nearest and all names", async () => {
      const message = await startFault(runCells(["1"], { server: at, kernel: "pyton3" }));
      assert.match(message, /no kernel named "pyton3", did you mean "python3"\? It has: /);
    });

    await t.step("a wrong token, or none: what to do", async () => {
      const wrong = { url: server.url, token: "wr0ng" };
      const refused = await startFault(runCells(["1"], { server: wrong, kernel: "python3" }));
      assert.match(refused, /HTTP 403: Forbidden\. It refuses the token given/);
      const none = { url: server.url, token: "" };
      const wanted = await startFault(runCells(["1"], { server: none, kernel: "python3" }));
      assert.match(wanted, /It wants a token: put it into the environment variable JUPYTER_TOKEN/);
    });

    await t.step("an abort at any moment of the start leaves no kernel", async () => {
      for (const after of [0, 30, 150, 400, 800]) {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(new Error("enough")), after);
        const options = { kernel: "python3", clock, signal: controller.signal };
        const started = await startRemoteKernel(at, options).catch((error) => error);
        clearTimeout(timer);
        if ("stop" in started) await started.stop();
        else assert.equal(started.message, "enough");
        await leavesNothing(server);
      }
      const late = { kernel: "python3", clock, startupTimeout: 100 };
      assert.match(await startFault(startRemoteKernel(at, late)), /was not ready in time/);
      await leavesNothing(server);
    });

    await t.step("startRemoteKernel() refuses unknown options", async () => {
      const options = { kernel: "python3", clock, pth: "x" } as never;
      await assert.rejects(startRemoteKernel(at, options), /unknown option "pth"/);
    });
  }));

testOrSkip(
  "executeNotebook() on a server below a path, in a folder of it",
  missingServer,
  () =>
    withServer(async (server) => {
      const at = { url: server.url.slice(0, -1), token: TOKEN, path: "work" };
      await Deno.mkdir(`${server.folder}/root/work`);
      const result = await executeNotebook(fromCells("import os\nprint(os.getcwd())"), {
        ...{ server: at, kernel: "python3" },
      });
      assert.equal(printed(result).trim(), await Deno.realPath(`${server.folder}/root/work`));
      const wrong = { ...at, url: new URL("/", server.url).href };
      const message = await startFault(runCells(["1"], { server: wrong, kernel: "python3" }));
      assert.match(message, /HTTP 404\. There is no Jupyter server at this address/);
    }, { basePath: "/user/lab/" }),
);

testOrSkip(
  "executeNotebook() with the older wire format and a rate limit",
  missingServer,
  () =>
    withServer(async (server) => {
      const at = { url: server.url, token: TOKEN };
      const result = await runCells(["for i in range(500): print('x' * 500, flush=True)", "1"], {
        ...{ server: at, kernel: "python3" },
      });
      assert.equal(result.status, "ok");
      assert.ok(printed(result).length < 200_000);
      assert.deepEqual(result.warnings, [
        "The server dropped outputs: its limit ServerApp.iopub_data_rate_limit was exceeded. " +
        "Raise it there, or print less",
      ]);
      // The words alone are no sign: a notebook may print them.
      const harmless = await runCells([
        "import sys\nprint('IOPub data rate exceeded.', file=sys.stderr)",
      ], {
        ...{ server: at, kernel: "python3" },
      });
      assert.deepEqual(harmless.warnings, []);
    }, {
      args: ["--ServerApp.kernel_ws_protocol=", "--ServerApp.iopub_data_rate_limit=20000"],
    }),
);

Deno.test("executeNotebook() says when no server is there, and waits for one if told to", async () => {
  const url = `http://127.0.0.1:${await freePort()}/?token=${TOKEN}`;
  const run = (connectTimeout: number) =>
    runCells(["1"], { server: { url, connectTimeout }, kernel: "python3" });
  assert.match(await startFault(run(0)), /No Jupyter server answers at http:\S+: .*refused/);
  const start = clock();
  await startFault(run(600));
  assert.ok(clock() - start >= 600);
});

Deno.test("executeNotebook() knows answers that are not those of a Jupyter server", async () => {
  const answers: Record<string, [number, string, RegExp]> = {
    "/page/": [200, "<html>Welcome</html>", /HTTP 200\. This is not how a Jupyter server answers/],
    "/json/": [200, '{"kernelspecs": 3}', /HTTP 200\. This is not how a Jupyter server answers/],
    "/absent/": [404, "no", /HTTP 404\. There is no Jupyter server at this address/],
    "/broken/": [500, `{"message": "for ${TOKEN}"}`, /HTTP 500: for …\. The server failed/],
    "/denied/": [401, "", /HTTP 401\. It refuses the token given/],
    "/full/": [403, '{"message": "Resource Limit"}', /It runs as many kernels as it may/],
  };
  const server = createServer((request, response) => {
    const [path] = Object.keys(answers).filter((start) => request.url!.startsWith(start));
    response.writeHead(answers[path][0]).end(answers[path][1]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as { port: number };
    for (const [path, [, , wanted]] of Object.entries(answers)) {
      const at = { url: `http://127.0.0.1:${port}${path}`, token: TOKEN };
      assert.match(await startFault(runCells(["1"], { server: at, kernel: "python3" })), wanted);
    }
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
