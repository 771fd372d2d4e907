// A network that is cut between us and a real Jupyter server: nothing lost in silence, nothing doubled.
import assert from "node:assert/strict";
import { executeNotebook } from "../../../src/runner/execute/execute_notebook.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fromCells } from "../_fixture.ts";
import { CuttableProxy } from "./_proxy.ts";
import { counted, COUNTING, printed, runCells } from "./_run.ts";
import { type JupyterServer, missingServer, TOKEN, withServer } from "./_server.ts";

const KERNELS = ["python3", "deno"] as const;
/** Says how often it ran. */
const ONCE_MORE = {
  python3: "n = globals().get('n', 0) + 1; print(n)",
  deno: "globalThis.n = (globalThis.n ?? 0) + 1; console.log(globalThis.n);",
};
const UNKNOWN = /lost for a moment and came back\. This kernel does not number its messages/;

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
        await t.step(`${kernel}: cut three times in a cell, between its lines`, () =>
          withProxy(server, async (proxy, server) => {
            const before = 2;
            const result = await runCells([ONCE_MORE[kernel], COUNTING[kernel](20, 100)], {
              ...{ server, kernel, timeout: 60_000 },
              onLine: (line) => {
                // Shortly after a line the wire is empty: what is cut off then is the connection alone.
                if (["4", "9", "14"].includes(line)) {
                  setTimeout(() =>
                    proxy.cut(), 50);
                }
              },
            });
            assert.equal(result.status, "ok", result.error?.stack);
            assert.equal(printed(result), "1\n" + counted(20));
            assert.ok(proxy.connections > 3 + before);
            // Of the python kernel it is proven that nothing is missing.
            assert.equal(result.warnings.length, kernel === "deno" ? 1 : 0, result.warnings.join());
            if (kernel === "deno") assert.match(result.warnings[0], UNKNOWN);
          }));

        await t.step(`${kernel}: the cell ends while the network is down`, () =>
          withProxy(server, async (proxy, server) => {
            const result = await runCells([COUNTING[kernel](10, 50), ONCE_MORE[kernel]], {
              ...{ server, kernel, timeout: 60_000 },
              onLine: (line) => {
                if (line !== "3") {
                  return;
                }
                setTimeout(() =>
                  proxy.cut({ down: true }), 25);
                setTimeout(() =>
                  proxy.up(), 2000);
              },
            });
            assert.equal(result.status, "ok", result.error?.stack);
            assert.equal(printed(result), counted(10) + "1\n");
          }));

        await t.step(`${kernel}: a request that got lost is sent again, and runs once`, () =>
          withProxy(server, async (proxy, server) => {
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
            const result = await executeNotebook(cells, { server, kernel, hooks, timeout: 60_000 });
            assert.equal(result.status, "ok", result.error?.stack);
            assert.equal(printed(result), "1\n2\n3\n");
          }));

        await t.step(`${kernel}: a cell whose answer got lost does not run again`, () =>
          withProxy(server, async (proxy, server) => {
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
            const result = await executeNotebook(cells, { server, kernel, hooks, timeout: 60_000 });
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

      await t.step("python3: outputs that got lost are a fault, with their number", () =>
        withProxy(server, async (proxy, server) => {
          const result = await runCells([COUNTING.python3(20, 100)], {
            ...{ server, kernel: "python3", timeout: 60_000 },
            onLine: (line) => {
              if (line !== "5") {
                return;
              }
              proxy.lose("answers");
              setTimeout(() =>
                proxy.cut(), 350);
            },
          });
          assert.equal(result.status, "kernel_fault");
          assert.match(result.error!.message, /but [1-9]\d? messages of the kernel went with it/);
        }));

      await t.step("deno: outputs that got lost are at least a warning", () =>
        withProxy(server, async (proxy, server) => {
          const result = await runCells([COUNTING.deno(20, 100)], {
            ...{ server, kernel: "deno", timeout: 60_000 },
            onLine: (line) => {
              if (line !== "5") {
                return;
              }
              proxy.lose("answers");
              setTimeout(() =>
                proxy.cut(), 350);
            },
          });
          assert.notEqual(printed(result), counted(20));
          assert.match(result.warnings.join(), UNKNOWN);
        }));

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
