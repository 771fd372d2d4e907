import { imageAt } from "../data/image_at.ts";
import { predict } from "../model/predict.ts";
import { plotLatency } from "../plots/plot_latency.ts";
import type { Run } from "../runs/run.ts";
import { runTitle } from "./epoch_place.ts";
import type { RunResult } from "./run_result.ts";
import { saveTable } from "./save_table.ts";

/** Images of one measurement. */
const MOST_IMAGES = 8;

/**
 * Measures how long each part of the model takes on a few images, and writes figure and table, in a
 * folder of their own: what measures time differs between equal trainings, and nothing else does.
 */
export async function saveLatency(
  run: Run,
  { model, data, backend, now }: RunResult,
): Promise<void> {
  const count = Math.min(MOST_IMAGES, data.val.count);
  if (count === 0) return;
  const images = Array.from({ length: count }, (_, i) => imageAt(data.val, i));
  // The first call compiles and allocates, which no later one does.
  await predict(model, images, { now });
  const [{ latency }] = await predict(model, images, { now });
  const parts = Object.entries(latency ?? {}).map(([part, milliseconds]) => ({
    part,
    milliseconds,
  }));
  const title = runTitle("Time by part", run);
  await run.saveFigure(
    "reports/timings/latency",
    plotLatency(parts, { images: count, backend, title }),
  );
  await saveTable(run, "reports/timings/latency", {
    rows: parts.map((row) => ({ ...row, images: count, backend })),
    types: { part: "text", milliseconds: "number", images: "integer", backend: "text" },
    withoutJson: true,
  });
}
