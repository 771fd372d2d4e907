import { calibrationOver } from "../metrics/calibration.ts";
import type { Run } from "../runs/run.ts";
import type { FitResult } from "./fit_result.ts";
import type { EpochTables } from "./read_epoch_tables.ts";
import { CLASS_METRICS_TYPES, CONFIDENCE_TYPES, saveTable } from "./save_table.ts";

const HISTORY_TYPES = {
  stage: "text",
  epoch: "integer",
  split: "text",
  head: "text",
  loss: "number",
  accuracy: "number",
  balancedAccuracy: "number",
  quadraticWeightedKappa: "number",
  macroAuc: "number",
} as const;

const CALIBRATION_TYPES = {
  head: "text",
  bin: "integer",
  low: "number",
  high: "number",
  count: "integer",
  confidence: "number",
  accuracy: "number",
} as const;

/**
 * The tables of a whole run under `reports/tables`: what each head reached (`head_history`), its
 * confidence and metrics by class in every epoch, and the bins of calibration at the end.
 */
export async function saveRunTables(
  run: Run,
  { history, validation }: FitResult,
  { confidence, classMetrics }: EpochTables,
): Promise<void> {
  const folder = "reports/tables";
  await saveTable(run, `${folder}/head_history`, { rows: history, types: HISTORY_TYPES });
  await saveTable(run, `${folder}/calibration`, {
    rows: calibrationRows(validation),
    types: CALIBRATION_TYPES,
  });
  if (confidence.length > 0) {
    await saveTable(run, `${folder}/confidence_history`, {
      rows: confidence,
      types: CONFIDENCE_TYPES,
    });
  }
  if (classMetrics.length > 0) {
    await saveTable(run, `${folder}/class_metrics`, {
      rows: classMetrics,
      types: CLASS_METRICS_TYPES,
    });
  }
}

function calibrationRows({ yTrue, heads, classes }: FitResult["validation"]): object[] {
  return Object.entries(heads).flatMap(([head, probabilities]) => {
    if (probabilities === null) return [];
    const { bins } = calibrationOver(yTrue, probabilities, { classes: classes.length, bins: 10 });
    return bins.map((bin, i) => ({ head, bin: i, ...bin }));
  });
}
