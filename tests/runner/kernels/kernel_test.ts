import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { startKernel } from "../../../src/runner/kernels/start_kernel.ts";
import { startKernelProcess } from "../../../src/runner/kernels/kernel_process.ts";
import {
  findKernel,
  type KernelSearchOptions,
  listKernels,
} from "../../../src/runner/kernels/kernel_spec.ts";
import { KernelStartError } from "../../../src/runner/runner_errors.ts";

Deno.test("startKernel() keeps no request that has its reply and its idle", async () => {
  const kernel = await startKernel(await findKernel("deno"), {
    cwd: tmpdir(),
    clock: () => performance.now(),
  });
  try {
    const { client } = kernel;
    const first = client.request("kernel_info_request");
    await Promise.all([first.reply, first.idle]);
    // Of requests before the subscription no idle ever comes.
    const before = client.openRequests;
    for (let i = 0; i < 3; i++) {
      const { reply, idle } = client.request("kernel_info_request");
      assert.equal(client.openRequests, before + 1);
      await Promise.all([reply, idle]);
      assert.equal(client.openRequests, before);
    }
  } finally {
    await kernel.stop();
  }
});

Deno.test("startKernel() says that the working folder does not exist", async () => {
  const cwd = join(tmpdir(), "qsight-no-such-folder");
  await assert.rejects(
    startKernel(await findKernel("deno"), { cwd, clock: () => 0 }),
    (error: unknown) => {
      assert(error instanceof KernelStartError);
      assert.match(error.message, /The folder .*qsight-no-such-folder does not exist.*option cwd/);
      return true;
    },
  );
});

Deno.test("startKernelProcess() leaves no folder behind where it cannot start", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const spec = { ...await findKernel("deno"), argv: ["a null\0byte"] };
    await assert.rejects(
      startKernelProcess(spec, { launch: spec, cwd: folder, env: {} }),
      /null byte/,
    );
    assert.deepEqual(await readdir(folder), []);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(folder, { recursive: true });
  }
});

Deno.test("findKernel() and listKernels() reject unknown options", async () => {
  const options = { environment: {} } as KernelSearchOptions;
  await assert.rejects(findKernel("deno", options), /findKernel: unknown option "environment"/);
  await assert.rejects(listKernels(options), /listKernels: unknown option "environment"/);
});
