import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import process from "node:process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import type { Kernel } from "../../src/runner/kernels/kernel.ts";
import { findKernel } from "../../src/runner/kernels/kernel_spec.ts";
import { startKernel } from "../../src/runner/kernels/start_kernel.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const SETUP = `
import * as qs from "@qsight/qsight";
await qs.openTensors({ prefer: "wasm" });
const data = await qs.loadData("synthetic", { count: 30, imageSize: 16, seed: 1 });
const model = qs.hybridModel({ classes: data.classes, imageSize: 16, filters: [4, 6] });
const stages = qs.defineStages([{
  name: "classical", epochs: 1000, train: ["encoder*"], heads: ["classical_a"], patience: null,
}]);
let stops = 0;`;

/** A cell that trains until it is stopped, and tells of its batches in a file. */
const trainCell = (file: string) =>
  `{
  const { writeFileSync } = await import("node:fs");
  let batches = 0;
  const progress = () => writeFileSync(${JSON.stringify(file)}, String(++batches));
  const { stopped } = await qs.fit(model, data, { stages, batchSize: 8, progress });
  stops += stopped.by === "interrupt" ? 1 : 1000;
}`;

const countCell = (file: string) =>
  `await Deno.writeTextFile(${JSON.stringify(file)}, String(stops))`;

/**
 * Interrupts a cell that trains in a real Deno kernel, as the stop button does: the cell ends, the
 * next one runs and sees the state of those before. Resolves to the milliseconds that each took to end.
 */
export async function stopInKernel(
  { stops, seed }: { readonly stops: number; readonly seed: number },
): Promise<number[]> {
  const random = new SeededRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), "qsight-kernel-"));
  const clock = () => performance.now();
  const kernel = await startKernel(await findKernel("deno"), { cwd: ROOT, clock });
  const took: number[] = [];
  try {
    await runCell(kernel, SETUP);
    for (let stop = 1; stop <= stops; stop++) {
      const file = join(folder, `batches_${stop}`);
      const { reply } = execute(kernel, trainCell(file));
      await until(() => existsSync(file));
      await sleep(random.uniform(0, 60));
      const asked = clock();
      process.kill(kernel.pid!, "SIGINT");
      assert.equal((await reply).content.status, "ok");
      took.push(clock() - asked);
      await runCell(kernel, countCell(join(folder, "stops")));
      assert.equal(await readFile(join(folder, "stops"), "utf8"), String(stop));
    }
    // One that comes after the training must not end the kernel either.
    process.kill(kernel.pid!, "SIGINT");
    await runCell(kernel, "stops++");
    assert.equal(kernel.exit, undefined);
    return took;
  } finally {
    await kernel.stop();
    await rm(folder, { recursive: true });
  }
}

function execute(kernel: Kernel, code: string) {
  return kernel.execute({ cellIndex: 0, code, allowStdin: false });
}

async function runCell(kernel: Kernel, code: string): Promise<void> {
  const { content } = await execute(kernel, code).reply;
  assert.equal(content.status, "ok", String(content.evalue));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
