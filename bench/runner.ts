import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../src/_internal/run_command.ts";
import { executeNotebook } from "../src/runner/execute/execute_notebook.ts";
import { findKernel } from "../src/runner/kernels/kernel_spec.ts";
import { parseNotebook } from "../src/runner/notebook/load_notebook.ts";
import type { Notebook } from "../src/runner/notebook/nbformat.ts";
import { formatNotebook } from "../src/runner/notebook/nbformat.ts";
import { type BenchOptions, type BenchRow, median } from "./measure.ts";

const PYTHON = "/usr/bin/python3";

/** Milliseconds from the start to a ready kernel, and from there to the end of the last cell. */
const NBCLIENT = `
import json, sys, time
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
class Client(NotebookClient):
    async def async_start_new_kernel_client(self):
        result = await super().async_start_new_kernel_client()
        self.ready = time.perf_counter()
        return result
    async def _async_cleanup_kernel(self):
        self.done = time.perf_counter()
        await super()._async_cleanup_kernel()
client = Client(notebook, kernel_name=sys.argv[2], timeout=120)
start = time.perf_counter()
client.execute()
print(json.dumps([(client.ready - start) * 1000, (client.done - client.ready) * 1000]))
`;

interface Timing {
  readonly ready: number;
  readonly perCell: number;
}

/**
 * Start to ready and time per trivial cell, against nbclient, round by round. nbclient's start
 * leaves out the start of Python itself. The end of the kernel counts for neither.
 */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const probe = await runCommand([PYTHON, "-c", "import nbclient, ipykernel"], { timeout: 60_000 });
  if (probe.status !== "ok") {
    console.error(`nbclient: skipped, ${PYTHON} cannot import nbclient and ipykernel`);
    return [];
  }
  const [cells, rounds] = quick ? [20, 1] : [200, 7];
  const rows: BenchRow[] = [];
  for (const kernel of ["deno", "python3"]) {
    const folder = await Deno.makeTempDir();
    try {
      rows.push(...await benchKernel(kernel, { cells, rounds, folder }));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return rows;
}

async function benchKernel(
  kernel: string,
  { cells, rounds, folder }: {
    readonly cells: number;
    readonly rounds: number;
    readonly folder: string;
  },
): Promise<BenchRow[]> {
  const notebook = trivialNotebook(cells);
  const path = join(folder, "bench.ipynb");
  await writeFile(path, formatNotebook(notebook));
  const jupyter = await withKernelSpec(kernel, folder);
  const ours: Timing[] = [], theirs: Timing[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await timeOurs(notebook, kernel));
    theirs.push(await timeNbclient(path, { kernel, cells, env: jupyter }));
  }
  const row = (name: string, pick: (timing: Timing) => number): BenchRow => ({
    name: `runner ${kernel} ${name}`,
    n: cells,
    batch: 1,
    median: median(ours.map(pick)),
    againstMedian: median(theirs.map(pick)),
    against: "nbclient",
    ratio: median(ours.map((timing, i) => pick(timing) / pick(theirs[i]))),
    rounds,
  });
  return [row("start to ready", ({ ready }) => ready), row("per cell", ({ perCell }) => perCell)];
}

function trivialNotebook(count: number): Notebook {
  const cells = Array.from({ length: count }, () => ({
    cell_type: "code",
    source: "1 + 1",
    metadata: {},
  }));
  return parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  );
}

async function timeOurs(notebook: Notebook, kernel: string): Promise<Timing> {
  const start = performance.now();
  let ready = start, end = start;
  const onStart = () => void (ready = performance.now());
  const onCellComplete = () => void (end = performance.now());
  const result = await executeNotebook(notebook, { kernel, hooks: { onStart, onCellComplete } });
  if (result.status !== "ok") throw result.error;
  return { ready: ready - start, perCell: (end - ready) / notebook.cells.length };
}

async function timeNbclient(
  path: string,
  { kernel, cells, env }: {
    readonly kernel: string;
    readonly cells: number;
    readonly env: Record<string, string>;
  },
): Promise<Timing> {
  const { stdout, stderr, status } = await runCommand([PYTHON, "-c", NBCLIENT, path, kernel], {
    timeout: 120_000,
    env,
  });
  if (status !== "ok") throw new Error(`nbclient failed: ${stderr}`);
  const [ready, all] = JSON.parse(stdout.trim().split("\n").at(-1)!);
  return { ready, perCell: all / cells };
}

/** nbclient finds kernels by their files only, so that it needs one for Deno. */
async function withKernelSpec(kernel: string, folder: string): Promise<Record<string, string>> {
  const env = Deno.env.toObject();
  if (kernel !== "deno") return env;
  const { argv, displayName: display_name, language } = await findKernel("deno");
  await Deno.mkdir(join(folder, "kernels", "deno"), { recursive: true });
  await writeFile(
    join(folder, "kernels", "deno", "kernel.json"),
    JSON.stringify({ argv, display_name, language }),
  );
  return { ...env, JUPYTER_PATH: folder };
}
