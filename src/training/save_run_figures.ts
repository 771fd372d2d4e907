import type { TrainingData } from "../data/image_files.ts";
import { describeModel } from "../model/describe_model.ts";
import { ENSEMBLE, type HybridModel, quantumLayerOf } from "../model/hybrid_model.ts";
import { partsOf } from "../model/parts.ts";
import { plotArchitecture } from "../plots/plot_architecture.ts";
import { plotCircuit } from "../plots/plot_circuit.ts";
import { plotClassTrends } from "../plots/plot_class_trends.ts";
import { plotCollapseEvents } from "../plots/plot_collapse_events.ts";
import { plotHistory } from "../plots/plot_history.ts";
import type { Run } from "../runs/run.ts";
import { partOf } from "../stages/parts.ts";
import { type SymbolicNode, upstreamUses } from "../tensors/layer_graph.ts";
import { runTitle } from "./epoch_place.ts";
import type { FitResult } from "./fit_result.ts";
import { type EpochTables, keyOf, readEpochTables } from "./read_epoch_tables.ts";
import { saveLatency } from "./save_latency.ts";
import { saveCurves } from "./save_stage_figures.ts";
import { saveRunTables } from "./save_run_tables.ts";
import type { RunResult } from "./run_result.ts";

/**
 * The figures and tables at the end of a run: history, architecture, circuit, time by part, curves of
 * each head, and, where `saveFigures()` was among the callbacks, how each class went and whether
 * predictions collapsed.
 */
export async function saveRunFigures(run: Run, of: RunResult): Promise<void> {
  const { model, data, result } = of;
  const history = plotHistory(result.history, { title: runTitle("Training history", run) });
  await run.saveFigure("reports/history", history);
  await saveModelFigures(run, model, data);
  await saveLatency(run, of);
  const { validation } = result, title = (what: string) => runTitle(what, run);
  for (const head of Object.keys(validation.heads)) {
    // The last stage has left those of the fused answer.
    if (head !== ENSEMBLE) await saveCurves(run, "reports/heads", { validation, head, title });
  }
  const tables = await readEpochTables(run.folder, result.history);
  await saveRunTables(run, result, tables);
  if (tables.classMetrics.length > 0) await saveTrends(run, tables, result);
}

async function saveModelFigures(run: Run, model: HybridModel, { classes }: TrainingData) {
  const about = {
    ...await describeModel(model),
    reads: readsOf(model),
    imageSize: model.imageSize,
    classes,
  };
  const architecture = plotArchitecture(about, { title: runTitle("Architecture", run) });
  await run.saveFigure("reports/architecture", architecture);
  if (about.quantum === null) return;
  const { circuit } = quantumLayerOf(model);
  const title = runTitle("Circuit of the quantum head", run);
  await run.saveFigure("reports/circuit", plotCircuit(circuit, { title }));
}

/** Which of encoder and compression each head reads, from the graph of the layers. */
function readsOf(model: HybridModel): Record<string, string> {
  const parts = partsOf(model), reads: Record<string, string> = {};
  for (const use of upstreamUses(model.network.outputs as unknown as SymbolicNode[])) {
    const to = partOf(use.outputTensors[0].sourceLayer.name, parts) ?? "";
    if (!model.heads.includes(to)) continue;
    for (const { sourceLayer } of use.inputTensors) {
      const from = partOf(sourceLayer.name, parts);
      if (from === "encoder" || from === "compression") reads[to] = from;
    }
  }
  return reads;
}

async function saveTrends(run: Run, tables: EpochTables, result: FitResult): Promise<void> {
  const recall = plotClassTrends(tables.classMetrics, { title: runTitle("Recall by class", run) });
  await run.saveFigure("reports/class_trends", recall);
  const confidence = plotClassTrends(tables.confidence, {
    metric: "meanTrueProbability",
    title: runTitle("Mean probability of the true class", run),
  });
  await run.saveFigure("reports/class_trends_confidence", confidence);
  const { classes, yTrue } = result.validation;
  const epochs = new Map<string, { stage: string; epoch: number; shares: (number | null)[] }>();
  for (const row of tables.classMetrics.filter(({ head }) => head === ENSEMBLE)) {
    const { stage, epoch } = row, key = keyOf(row);
    if (!epochs.has(key)) epochs.set(key, { stage, epoch, shares: [] });
    epochs.get(key)?.shares.push(row.predictedShare as number | null);
  }
  const count = (c: number) => yTrue.filter((label) => label === c).length;
  const trueShares = yTrue.length === 0 ? null : classes.map((_, c) => count(c) / yTrue.length);
  const title = runTitle("Predicted classes of the ensemble", run);
  const events = result.collapses;
  await run.saveFigure(
    "reports/collapse_events",
    plotCollapseEvents({ classes, trueShares, epochs: [...epochs.values()], events }, { title }),
  );
}
