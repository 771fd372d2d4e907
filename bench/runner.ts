import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../src/_internal/run_command.ts";
import { executeNotebook } from "../src/runner/execute/execute_notebook.ts";
import { findKernel } from "../src/runner/kernels/kernel_spec.ts";
import { parseNotebook } from "../src/runner/notebook/load_notebook.ts";
import { formatNotebook, type Notebook } from "../src/runner/notebook/nbformat.ts";
import { testNotebooks } from "../src/runner/suite/test_notebooks.ts";
import { type BenchOptions, type BenchRow, median } from "./measure.ts";

const PYTHON = "/usr/bin/python3";

/** For each notebook: milliseconds from the start to a ready kernel, and to the end of its last cell. */
const NBCLIENT = `
import json, sys, time
import nbformat
from nbclient import NotebookClient
class Client(NotebookClient):
    async def async_start_new_kernel_client(self):
        result = await super().async_start_new_kernel_client()
        self.ready = time.perf_counter()
        return result
    async def _async_cleanup_kernel(self):
        self.done = time.perf_counter()
        await super()._async_cleanup_kernel()
begin = time.perf_counter()
for path in sys.argv[2:]:
    notebook = nbformat.read(path, as_version=4)
    client = Client(notebook, kernel_name=sys.argv[1], timeout=120)
    start = time.perf_counter()
    client.execute()
print(json.dumps({
    "ready": (client.ready - start) * 1000,
    "cells": (client.done - client.ready) * 1000,
    "all": (time.perf_counter() - begin) * 1000,
}))
`;

interface Timing {
  readonly ready: number;
  readonly cells: number;
  readonly all: number;
}

/** What a benchmark of one kernel works with. */
interface Setting {
  readonly kernel: string;
  readonly rounds: number;
  readonly folder: string;
  /** With a kernel spec for Deno, which nbclient finds by file only. */
  readonly env: Record<string, string>;
}

/**
 * Start to ready, time per trivial cell, and a suite of small notebooks, against nbclient, round by
 * round. The times of nbclient leave out the start of Python itself and its imports. The end of the
 * kernel counts in the suite only.
 */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const probe = await runCommand([PYTHON, "-c", "import nbclient, ipykernel"], { timeout: 60_000 });
  if (probe.status !== "ok") {
    console.error(`nbclient: skipped, ${PYTHON} cannot import nbclient and ipykernel`);
    return [];
  }
  const [cells, notebooks, rounds] = quick ? [20, 4, 1] : [200, 20, 7];
  const folder = await Deno.makeTempDir();
  try {
    const env = await withDenoSpec(folder);
    const rows: BenchRow[] = [];
    for (const kernel of ["deno", "python3"]) {
      const setting = { kernel, rounds, folder, env };
      rows.push(...await benchCells(setting, cells));
      rows.push(await benchSuite(setting, notebooks));
    }
    return rows;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchCells(setting: Setting, cells: number): Promise<BenchRow[]> {
  const { kernel, folder, rounds } = setting;
  const notebook = trivialNotebook(kernel, cells);
  const path = join(folder, "cells.ipynb");
  await writeFile(path, formatNotebook(notebook));
  const ours: Timing[] = [], theirs: Timing[] = [];
  // The first round of each warms up.
  for (let round = 0; round <= rounds; round++) {
    const timings = [await timeOurs(notebook), await timeNbclient(setting, [path])];
    if (round === 0) continue;
    ours.push(timings[0]);
    theirs.push(timings[1]);
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
  return [
    row("start to ready", ({ ready }) => ready),
    row("per cell", ({ cells: all }) => all / cells),
  ];
}

/** Notebooks of ten cells each: ours two at a time, nbclient's one after the other in one Python. */
async function benchSuite(setting: Setting, count: number): Promise<BenchRow> {
  const { kernel, rounds } = setting;
  const folder = join(setting.folder, `suite_${kernel}`);
  await mkdir(folder);
  const paths = Array.from({ length: count }, (_, i) => join(folder, `${10 + i}.ipynb`));
  for (const path of paths) await writeFile(path, formatNotebook(trivialNotebook(kernel, 10)));
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const { verdicts } = await testNotebooks(paths, { jobs: 2, checkTypes: false });
    ours.push(performance.now() - start);
    if (verdicts.some(({ verdict }) => verdict !== "passed")) throw new Error("A notebook failed");
    theirs.push((await timeNbclient(setting, paths)).all);
  }
  return {
    name: `runner ${kernel} suite of notebooks, 2 jobs`,
    n: count,
    batch: 2,
    median: median(ours),
    againstMedian: median(theirs),
    against: "nbclient",
    ratio: median(ours.map((time, i) => time / theirs[i])),
    rounds,
  };
}

function trivialNotebook(kernel: string, count: number): Notebook {
  const cell = { cell_type: "code", source: "1 + 1", metadata: {} };
  const metadata = { kernelspec: { name: kernel, display_name: kernel } };
  const cells = Array.from({ length: count }, () => cell);
  return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
}

async function timeOurs(notebook: Notebook): Promise<Timing> {
  const start = performance.now();
  let ready = start, end = start;
  const onStart = () => void (ready = performance.now());
  const onCellComplete = () => void (end = performance.now());
  const result = await executeNotebook(notebook, { hooks: { onStart, onCellComplete } });
  if (result.status !== "ok") throw result.error;
  return { ready: ready - start, cells: end - ready, all: performance.now() - start };
}

async function timeNbclient({ kernel, env }: Setting, paths: readonly string[]): Promise<Timing> {
  const command = [PYTHON, "-c", NBCLIENT, kernel, ...paths] as const;
  const { stdout, stderr, status } = await runCommand([...command], { timeout: 600_000, env });
  if (status !== "ok") throw new Error(`nbclient failed: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

async function withDenoSpec(folder: string): Promise<Record<string, string>> {
  const { argv, displayName: display_name, language } = await findKernel("deno");
  await mkdir(join(folder, "kernels", "deno"), { recursive: true });
  const spec = JSON.stringify({ argv, display_name, language });
  await writeFile(join(folder, "kernels", "deno", "kernel.json"), spec);
  return { ...Deno.env.toObject(), JUPYTER_PATH: folder };
}
