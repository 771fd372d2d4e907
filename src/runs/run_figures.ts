import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ListedRun } from "./list_runs.ts";
import type { Manifest } from "./manifest.ts";
import type { RunHistory } from "./metrics_rows.ts";

/** By which number runs are compared. */
export interface RunMetric {
  /** As in `metrics.jsonl`, such as `"balancedAccuracy"`. */
  readonly name: string;
  /** Name of the split. @default {"val"} */
  readonly split?: string;
  /** Name of the head. @default {"ensemble"} */
  readonly head?: string;
  /**
   * Which way is better.
   * @default {"lower"} for losses, errors, ECE and Brier scores, {"higher"} for others
   */
  readonly better?: "higher" | "lower";
}

/** A metric with all its parts. */
export type CompleteMetric = Required<RunMetric>;

/** What runs are compared by unless somebody says otherwise. */
export const DEFAULT_METRIC = "balancedAccuracy";

/** A metric by its name or in parts, with what was left out. */
export function completeMetric(metric: string | RunMetric = DEFAULT_METRIC): CompleteMetric {
  const { name, split = "val", head = "ensemble", better } = typeof metric === "string"
    ? { name: metric } as RunMetric
    : metric;
  const isLoss = /loss|error|brier|nll|ece(?![a-z])/i.test(name);
  return { name, split, head, better: better ?? (isLoss ? "lower" : "higher") };
}

/**
 * A run's figure: of its finished model on the validation split, as the manifest has it; otherwise that
 * of its best epoch in `history.json`. Null when it has none.
 */
export async function runFigure(
  { folder, manifest }: ListedRun,
  metric: CompleteMetric,
): Promise<number | null> {
  if (manifest === null) return null;
  const known = metric.split === "val" ? manifestFigure(manifest, metric) : null;
  if (known !== null) return known;
  // Longer than the manifest in long trainings: read only where the manifest does not tell.
  const history = await readHistory(folder, manifest);
  const column = `${metric.split}.${metric.head}.${metric.name}`;
  const values = Object.values(history?.stages ?? {}).flatMap((stage) => stage[column] ?? [])
    .filter((value): value is number => typeof value === "number");
  if (values.length === 0) return null;
  return values.reduce((a, b) => metric.better === "higher" ? Math.max(a, b) : Math.min(a, b));
}

/** A figure under `facts.metrics`, where a training puts those of its finished model. */
export function manifestFigure(
  { facts }: Manifest,
  { name, head }: CompleteMetric,
): number | null {
  const heads = facts.metrics as Readonly<Record<string, unknown>> | null | undefined;
  const figures = heads?.[head] as Readonly<Record<string, unknown>> | null | undefined;
  const figure = figures?.[name];
  if (typeof figure === "number") return figure;
  const value = (figure as { readonly value?: unknown } | null | undefined)?.value;
  return typeof value === "number" ? value : null;
}

/** Epochs done by stage, from the paths of the files that each epoch leaves. */
export function stageEpochs({ files }: Manifest): ReadonlyMap<string, number> {
  const epochs = new Map<string, number>();
  for (const { path } of files) {
    const [, stage, number] = /^reports\/visualizations\/([^/]+)\/epoch_(\d+)\//.exec(path) ?? [];
    if (stage !== undefined) epochs.set(stage, Math.max(epochs.get(stage) ?? 0, Number(number)));
  }
  return epochs;
}

async function readHistory(folder: string, manifest: Manifest): Promise<RunHistory | undefined> {
  if (!manifest.files.some(({ path }) => path === "history.json")) return undefined;
  try {
    return JSON.parse(await readFile(join(folder, "history.json"), "utf8")) as RunHistory;
  } catch {
    // A lost history makes a run one without a figure, not a listing without runs.
    return undefined;
  }
}
