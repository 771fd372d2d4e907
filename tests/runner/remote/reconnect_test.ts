// A network that is cut between us and a real Jupyter server: nothing lost in silence, nothing doubled.
import assert from "node:assert/strict";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells } from "../_fixture.ts";
import { CuttableProxy } from "./_proxy.ts";
import { counted, COUNTING, printed, runCells } from "./_run.ts";
import { type JupyterServer, missingServer, TOKEN, withServer } from "./_server.ts";

const KERNELS = ["python3", "deno"] as const;
type KernelName = typeof KERNELS[number];

/** Says how often it ran. */
const ONCE_MORE = {
  python3: "n = globals().get('n', 0) + 1; print(n)",
  deno: "globalThis.n = (globalThis.n ?? 0) + 1; console.log(globalThis.n);",
};

/** A cell that prints 0 to 9 and waits after 2, 5 and 8 until a file of that name is there. */
function waitingCell(kernel: KernelName, folder: string): string {
  const start = JSON.stringify(`${folder}/`);
  return kernel === "python3"
    ? `import os, time
for i in range(10):
    print(i, flush=True)
    while i in (2, 5, 8) and not os.path.exists(${start} + str(i)): time.sleep(0.02)`
    : `for (let i = 0; i < 10; i++) {
  console.log(i);
  while ([2, 5, 8].includes(i) && !await Deno.stat(${start} + i).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}`;
}

async function withProxy(
  server: JupyterServer,
  test: (proxy: CuttableProxy, at: { url: string; token: string }) => Promise<void>,
): Promise<void> {
  const proxy = await CuttableProxy.start(server.port);
  try {
    await test(proxy, { url: proxy.url, token: TOKEN });
  } finally {
    await proxy.close();
  }
  assert.deepEqual(await server.get("kernels"), []);
}

testOrSkip(
  "executeNotebook() outlives a network that is cut",
  missingServer,
  (t) =>
    withServer(async (server) => {
      for (const kernel of KERNELS) {
        await t.step(`${kernel}: cut three times while a cell runs`, () =>
          withProxy(server, async (proxy, at) => {
            const folder = await Deno.makeTempDir();
            /** Nothing is on the way while the cell waits; it goes on when the connection is back. */
            const cut = async (line: string) => {
              proxy.cut();
              await server.connections(0);
              await server.connections(1);
              await Deno.writeTextFile(`${folder}/${line}`, "");
            };
            const result = await runCells([ONCE_MORE[kernel], waitingCell(kernel, folder)], {
              ...{ server: at, kernel, timeout: 120_000 },
              onLine: (line) =>
                ["2", "5", "8"].includes(line) && void cut(line),
            });
            await Deno.remove(folder, { recursive: true });
            assert.equal(result.status, "ok", result.error?.stack);
            assert.equal(printed(result), "1\n" + counted(10));
            // It is known that nothing is missing, by the numbers or the count of what was sent.
            assert.deepEqual(result.warnings, []);
          }));

        await t.step(`${kernel}: a cell goes on and ends while the network is down`, () =>
          withProxy(server, async (proxy, at) => {
            const folder = await Deno.makeTempDir();
            const cut = async () => {
              proxy.cut({ down: true });
              await server.connections(0);
              for (const line of [2, 5, 8]) {
                await Deno.writeTextFile(`${folder}/${line}`, "");
              }
              setTimeout(() =>
                proxy.up(), 1500);
            };
            const result = await runCells([waitingCell(kernel, folder), ONCE_MORE[kernel]], {
              ...{ server: at, kernel, timeout: 120_000 },
              onLine: (line) =>
                line === "2" && void cut(),
            });
            await Deno.remove(folder, { recursive: true });
            assert.equal(result.status, "ok", result.error?.stack);
            assert.equal(printed(result), counted(10) + "1\n");
          }));

        await t.step(`${kernel}: a request that got lost is sent again, and runs once`, () =>
          withProxy(server, async (proxy, at) => {
            const hooks = {
              onCellStart: ({ cellIndex }: { readonly cellIndex: number }) => {
                if (cellIndex !== 1) {
                  return;
                }
                proxy.lose("requests");
                setTimeout(() =>
                  proxy.cut(), 300);
              },
            };
            const cells = fromCells(ONCE_MORE[kernel], ONCE_MORE[kernel], ONCE_MORE[kernel]);
            const result = await executeNotebook(cells, {
              server: at,
              kernel,
              hooks,
              timeout: 120_000,
            });
            assert.equal(result.status, "ok", result.error?.stack);
            assert.equal(printed(result), "1\n2\n3\n");
            assert.deepEqual(result.warnings, []);
          }));

        await t.step(`${kernel}: a cell whose answer got lost does not run again`, () =>
          withProxy(server, async (proxy, at) => {
            const hooks = {
              onCellStart: ({ cellIndex }: { readonly cellIndex: number }) => {
                if (cellIndex !== 1) {
                  return;
                }
                proxy.lose("answers");
                setTimeout(() =>
                  proxy.cut(), 1000);
              },
            };
            const folder = await Deno.makeTempDir();
            const file = `${folder}/runs`;
            const touch = kernel === "python3"
              ? `open(${JSON.stringify(file)}, "a").write("x")`
              : `await Deno.writeTextFile(${JSON.stringify(file)}, "x", { append: true });`;
            const cells = fromCells("1", touch, "2");
            const result = await executeNotebook(cells, {
              server: at,
              kernel,
              hooks,
              timeout: 120_000,
            });
            assert.equal(result.status, "kernel_fault");
            assert.match(result.error!.message, /the kernel's answer to a cell went with it/);
            assert.equal(await Deno.readTextFile(file), "x");
            assert.deepEqual(
              result.cells.map((cell) =>
                cell.status
              ),
              [
                "ok",
                "kernel_fault",
                "not_run",
              ],
            );
            await Deno.remove(folder, { recursive: true });
          }));
      }

      for (const kernel of KERNELS) {
        await t.step(`${kernel}: outputs that got lost are told`, () =>
          withProxy(server, async (proxy, at) => {
            const folder = await Deno.makeTempDir();
            const lose = async () => {
              proxy.lose("answers");
              await Deno.writeTextFile(`${folder}/2`, "");
              await proxy.hasLost();
              proxy.cut();
              for (const line of [5, 8]) {
                await Deno.writeTextFile(`${folder}/${line}`, "");
              }
            };
            const result = await runCells([waitingCell(kernel, folder)], {
              ...{ server: at, kernel, timeout: 120_000 },
              onLine: (line) =>
                line === "2" && void lose(),
            });
            await Deno.remove(folder, { recursive: true });
            assert.equal(printed(result), "0\n1\n2\n6\n7\n8\n9\n");
            assert.equal(result.status, "kernel_fault");
            assert.match(result.error!.message, /but 3 messages of the kernel went with it/);
          }));
      }

      await t.step("a network that stays away is a fault after reconnectTimeout", async () => {
        const proxy = await CuttableProxy.start(server.port);
        const at = { url: proxy.url, token: TOKEN, reconnectTimeout: 1500 };
        let cutAt = 0;
        const result = await runCells([COUNTING.python3(600, 100)], {
          ...{ server: at, kernel: "python3" },
          onLine: (line) => {
            if (line !== "2") {
              return;
            }
            proxy.cut({ down: true });
            cutAt = performance.now();
          },
        });
        const waited = performance.now() - cutAt;
        assert.equal(result.status, "kernel_fault");
        assert.match(result.error!.message, /did not come back within 1500 ms \(.+\)/);
        assert.ok(waited >= 1500 && waited < 60_000, `${waited} ms`);
        // Its kernel cannot be ended from here, and that is said.
        const [kernel] = await server.get("kernels") as { id: string }[];
        assert.match(
          result.warnings[0],
          new RegExp(`Kernel ${kernel.id} at .* could not be shut down`),
        );
        await proxy.close();
      });
    }),
);
