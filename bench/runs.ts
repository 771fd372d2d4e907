// A folder of runs, one of them with 10,000 epochs and 2,000 explained images: how long its list, its
// report page in a browser and a plan of what to prune take, against the time we allow ourselves.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { saveReport } from "../src/report/save_report.ts";
import { listRuns } from "../src/runs/list_runs.ts";
import type { Run } from "../src/runs/run.ts";
import { planRetention } from "../src/runs/retention/plan_retention.ts";
import { missingBrowser, withBrowser } from "../tests/e2e/_browser.ts";
import { inRoot, PLAIN, sampleRun } from "../tests/report/_sample_run.ts";
import { type BenchOptions, type BenchRow, median } from "./measure.ts";

/** Milliseconds that a person waits without a thought. */
const ALLOWED = { list: 1000, plan: 2000, page: 3000 };

export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const rounds = quick ? 3 : 7;
  const epochs = quick ? 1000 : 10_000, images = quick ? 100 : 2000, others = quick ? 5 : 50;
  const rows: BenchRow[] = [];
  await inRoot(async (root) => {
    const ids = Array.from({ length: images / 2 }, (_, i) => `img_${i}`);
    const run = await sampleRun(root, {
      epochs: 2,
      pictureSize: 32,
      names: { ...PLAIN, ids },
      before: (run) => manyEpochs(run, epochs),
    });
    for (let seed = 2; seed <= others; seed++) await sampleRun(root, { seed });
    const what = { n: epochs, batch: images, rounds };
    const policy = { keepLast: 5, keepBest: 3, every: 10, maxBytes: 10_000_000 };
    rows.push(
      await within(ALLOWED.list, () => listRuns(root), { name: "list of runs", ...what }),
      await within(ALLOWED.plan, () => planRetention(root, policy), {
        name: "plan of what to prune",
        ...what,
      }),
      await within(ALLOWED.page, () => saveReport(run.folder), {
        name: "report page, written",
        ...what,
      }),
    );
    if (missingBrowser !== undefined) {
      return void console.error(`no page opened: ${missingBrowser}`);
    }
    const page = pathToFileURL(join(run.folder, "reports/index.html")).href;
    await withBrowser(async (browser) => {
      const open = () => browser.open(page);
      rows.push(
        await within(ALLOWED.page, open, { name: "report page, opened in Chromium", ...what }),
      );
    });
  });
  return rows;
}

async function manyEpochs(run: Run, epochs: number): Promise<void> {
  for (let from = 3; from <= epochs; from += 1000) {
    await run.appendMetrics(
      Array.from({ length: 1000 }, (_, i) => from + i).flatMap((epoch) =>
        ["train", "val"].flatMap((split) =>
          ["classical_a", "ensemble"].map((head) => ({
            ...{ stage: "classical", epoch, split, head },
            loss: 2 / Math.sqrt(epoch),
            accuracy: 1 - 1 / Math.sqrt(epoch),
          }))
        )
      ),
    );
  }
}

async function within(
  allowed: number,
  work: () => Promise<unknown>,
  what: { readonly name: string; n: number; batch: number; rounds: number },
): Promise<BenchRow> {
  const times: number[] = [];
  for (let round = 0; round <= what.rounds; round++) {
    const start = performance.now();
    await work();
    // The first warms caches.
    if (round > 0) times.push(performance.now() - start);
  }
  const found = median(times);
  return {
    ...what,
    median: found,
    againstMedian: allowed,
    against: "allowed",
    ratio: found / allowed,
  };
}
