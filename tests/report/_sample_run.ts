import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { encodePng } from "../../src/images/encode_png.ts";
import type { MetricsRow } from "../../src/runs/metrics_rows.ts";
import { openRun } from "../../src/runs/open_run.ts";
import type { Run } from "../../src/runs/run.ts";

/** What a sample run is called and holds; every text of it reaches the page. */
export interface SampleNames {
  readonly stages: readonly string[];
  readonly heads: readonly string[];
  readonly classes: readonly string[];
  readonly ids: readonly string[];
  readonly note: string;
}

/** Harmless names. */
export const PLAIN: SampleNames = {
  stages: ["classical", "ensemble"],
  heads: ["classical_a", "ensemble"],
  classes: ["mild", "severe"],
  ids: ["img_1", "img_2", "img_3"],
  note: "the maps change when the weights are randomised",
};

/** Runs the test with a temporary folder that is gone afterwards. */
export async function inRoot(test: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "qsight-report-"));
  try {
    await test(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Options of {@linkcode sampleRun}. */
export interface SampleOptions {
  readonly names?: SampleNames;
  readonly epochs?: number;
  readonly seed?: number;
  /** Side of each picture in pixels, noisy so that it does not compress. @default {16} */
  readonly pictureSize?: number;
  /** Called before the end of the run. */
  readonly before?: (run: Run) => Promise<void>;
  /** Whether the run ends. @default {true} */
  readonly finish?: boolean;
}

const START = new Date("2026-01-31T10:00:00Z");

/** A small run with everything that a training leaves, made without training. */
export async function sampleRun(root: string, options: SampleOptions = {}): Promise<Run> {
  const { names = PLAIN, epochs = 3, seed = 1 } = options;
  const { stages, heads, note } = names;
  const config = {
    command: "train",
    data: { spec: "synthetic", [note]: note },
    stages: stages.map((name) => ({ name, epochs, heads })),
    seed,
  };
  const run = await openRun({
    ...{ root, seed, config, synthetic: true, now: START },
    source: "/",
  });
  await run.appendMetrics(stages.flatMap((stage) => rowsOf(stage, { heads, epochs, seed })));
  await run.appendTimings(stages.map((stage) => ({ stage, epoch: 1, seconds: 2.5 })));
  for (const stage of stages) {
    for (let epoch = 1; epoch <= epochs; epoch++) await saveEpoch(run, { names, stage, epoch });
    await saveExplanations(run, { names, stage, epoch: epochs, size: options.pictureSize ?? 16 });
  }
  await run.save("reports/architecture.svg", svgOf(names.note));
  await run.save("reports/heads/roc_ensemble.svg", svgOf(names.note));
  await options.before?.(run);
  if (options.finish !== false) await run.finish(sampleFacts(names));
  return run;
}

/** What a training hands to `finish()`. */
export function sampleFacts({ heads, classes, note }: SampleNames): Record<string, unknown> {
  const figure = (value: number) => ({
    value,
    reason: null,
    interval: { low: value - 0.1, high: value + 0.1, level: 0.95 },
  });
  const missing = { value: null, reason: note, interval: null };
  return {
    status: "finished",
    backend: { asked: ["wasm"], chosen: "wasm", device: note, why: note, found: [] },
    data: { name: note, fingerprint: "f".repeat(64), classes, train: 40, val: 10, synthetic: true },
    estimatedSeconds: 3,
    versions: { [note]: note },
    metrics: Object.fromEntries(heads.map((head, i) => [head, {
      ...{ count: 10, accuracy: figure(0.5 + i / 10), balancedAccuracy: figure(0.4) },
      ...{ quadraticWeightedKappa: missing, macroAuc: figure(0.6) },
    }])),
    parameters: [{ part: note, classical: 1000, quantum: 36 }],
  };
}

/** As a picture this must not run. */
function svgOf(note: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><title>${
    note.replace(/[<>&]/g, "")
  }</title>` +
    `<rect width="300" height="120" fill="#ffffff"/><text x="20" y="60">a figure</text>` +
    `<script>parent.alert(1); alert(1); fetch("http://127.0.0.1:9/")</script></svg>`;
}

function rowsOf(
  stage: string,
  { heads, epochs, seed }: { heads: readonly string[]; epochs: number; seed: number },
): MetricsRow[] {
  return Array.from({ length: epochs }, (_, i) => i + 1).flatMap((epoch) =>
    ["train", "val"].flatMap((split) =>
      heads.map((head, h) => ({
        ...{ stage, epoch, split, head },
        loss: 2 / epoch + h / 10 + seed / 100,
        accuracy: epoch === 2 ? null : 1 - 1 / (epoch + 1),
        balancedAccuracy: 0.25,
      }))
    )
  );
}

interface Place {
  readonly names: SampleNames;
  readonly stage: string;
  readonly epoch: number;
}

function folderOf({ stage, epoch }: Place): string {
  return `reports/visualizations/${stage}/epoch_${String(epoch).padStart(2, "0")}`;
}

async function saveEpoch(run: Run, place: Place): Promise<void> {
  const { heads, classes } = place.names, folder = folderOf(place);
  const counts = classes.map((_, i) => classes.map((_, j) => i === j ? 7 + place.epoch : 2));
  for (const head of heads) {
    const data = { head, labels: classes, counts };
    await run.saveJson(`${folder}/confusion_matrix_${head}`, { data });
    await run.save(`${folder}/confusion_matrix_${head}.svg`, "<svg/>");
  }
  const rows = heads.flatMap((head) =>
    classes.map((label, i) => ({
      ...{ head, label, class: i, count: 9, recall: 0.5, meanTrueProbability: 0.4 },
      ...{ meanMargin: -0.1, meanEntropy: 1.2, invalid: 0, flag: null },
    }))
  );
  await run.saveJson(`${folder}/confidence_table`, { data: { rows } });
}

async function saveExplanations(
  run: Run,
  { size, ...place }: Place & { readonly size: number },
): Promise<void> {
  const random = new SeededRandom(place.stage);
  const { ids, classes, note, heads } = place.names, folder = `${folderOf(place)}/gradcam`;
  for (const [i] of ids.entries()) {
    const number = String(i + 1).padStart(2, "0");
    const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
    const png = encodePng({ width: size, height: size, channels: 3, data });
    await run.save(`${folder}/${number}_original.png`, png);
    await run.save(`${folder}/${number}_overlay.png`, png);
  }
  await run.saveJson(`${folder}/manifest.json`, {
    check: { methods: [{ method: "gradcam", verdict: "doubtful", reasons: [note] }] },
    missingClasses: [note],
    images: ids.map((id, i) => ({
      ...{ id, why: note, head: heads[0], layer: note, method: "gradcam" },
      ...{ trueClass: classes[0], predictedClass: classes[i % 2], explainedClass: classes[0] },
      ...{ status: i === 0 ? "ok" : "flat", diagnosis: note },
    })),
  });
}
