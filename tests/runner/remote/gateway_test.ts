// Kernel Gateways and Enterprise Gateways: only kernels and specs, the older wire format, KERNEL_*.
import assert from "node:assert/strict";
import { startRemoteKernel } from "../../../src/runner/remote/remote_kernel.ts";
import { Gateway } from "./_gateway.ts";
import { printed, runCells } from "./_run.ts";

const clock = () => performance.timeOrigin + performance.now();

async function withGateway(test: (gateway: Gateway) => Promise<void>): Promise<void> {
  const gateway = await Gateway.start();
  try {
    await test(gateway);
    assert.equal(gateway.kernels, 0);
  } finally {
    await gateway.close();
  }
}

Deno.test("executeNotebook() needs no more of a gateway than kernels and specs", () =>
  withGateway(async (gateway) => {
    const result = await runCells(["one\ntwo", "three"], {
      server: { url: gateway.url, token: "abc" },
      kernel: "echo",
      env: { KERNEL_USERNAME: "ada" },
    });
    assert.equal(result.status, "ok", result.error?.stack);
    assert.equal(printed(result), "one\ntwo\nthree\n");
    assert.deepEqual(gateway.starts, [{ name: "echo", env: { KERNEL_USERNAME: "ada" } }]);
    assert.deepEqual([...gateway.authorizations], ["token abc"]);
    const [specs, start, ...rest] = gateway.requests;
    assert.deepEqual([specs, start], [
      "GET /gateway/api/kernelspecs",
      "POST /gateway/api/kernels",
    ]);
    assert.deepEqual([...new Set(rest)], [
      "GET /gateway/api/kernels/ID/channels",
      "DELETE /gateway/api/kernels/ID",
    ]);
  }));

Deno.test("startRemoteKernel() hands cwd and path on, and no environment without need", () =>
  withGateway(async (gateway) => {
    const start = async (path: string | undefined, cwd: string | undefined) => {
      const server = { url: gateway.url, ...(path === undefined ? {} : { path }) };
      const options = { kernel: "ECHO", clock, ...(cwd === undefined ? {} : { cwd }) };
      await (await startRemoteKernel(server, options)).stop();
    };
    await start(undefined, undefined);
    await start("data", "/work");
    assert.deepEqual(gateway.starts, [
      { name: "echo" },
      { name: "echo", path: "data", env: { KERNEL_WORKING_DIR: "/work" } },
    ]);
  }));

Deno.test("startRemoteKernel(): what a server sends twice after a reconnect comes out once", () =>
  withGateway(async (gateway) => {
    const server = { url: gateway.url };
    const kernel = await startRemoteKernel(server, { kernel: "echo", clock });
    const lines: string[] = [];
    kernel.onOutput = (routed) => {
      if (routed.kind === "output" && routed.message.header.msg_type === "stream") {
        lines.push(String(routed.message.content.text));
      }
    };
    const first = kernel.execute({ cellIndex: 0, code: "one\ntwo", allowStdin: false });
    await Promise.all([first.reply, first.idle]);
    gateway.drop();
    const second = kernel.execute({ cellIndex: 1, code: "three", allowStdin: false });
    await Promise.all([second.reply, second.idle]);
    assert.deepEqual(lines, ["one\n", "two\n", "three\n"]);
    await kernel.stop();
  }));

Deno.test("startRemoteKernel(): a kernel that counts nothing may have lost something, and that is said", () =>
  withGateway(async (gateway) => {
    const kernel = await startRemoteKernel({ url: gateway.url }, { kernel: "echo", clock });
    const { reply, idle } = kernel.execute({ cellIndex: 0, code: "wait", allowStdin: false });
    const begun = new Promise<void>((resolve) => {
      kernel.onOutput = () => resolve();
    });
    await begun;
    gateway.drop();
    gateway.finish();
    await Promise.all([reply, idle]);
    await kernel.stop();
    assert.equal(kernel.warnings.length, 1);
    assert.match(kernel.warnings[0], /neither numbers nor counts .* may be missing/);
  }));

Deno.test("startRemoteKernel(): a kernel that the server forgot meanwhile is gone", () =>
  withGateway(async (gateway) => {
    const kernel = await startRemoteKernel({ url: gateway.url }, { kernel: "echo", clock });
    gateway.forget();
    gateway.drop();
    const { reason } = await kernel.exited;
    assert.match(reason!, /the server does not know it any more/);
    await kernel.stop();
    assert.deepEqual(kernel.warnings, []);
  }));
