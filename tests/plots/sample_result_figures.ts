// Figures of results and of a model, for sample_figures.ts.
import type { Figure } from "../../src/_internal/figure.ts";
import { confidenceDistributions } from "../../src/metrics/confidence_distributions.ts";
import { headAgreement } from "../../src/metrics/head_agreement.ts";
import { precisionRecallCurves } from "../../src/metrics/precision_recall_curves.ts";
import { rocCurves } from "../../src/metrics/roc_curves.ts";
import { weightDistributions } from "../../src/metrics/weight_distributions.ts";
import { plotArchitecture } from "../../src/plots/plot_architecture.ts";
import { plotBrightness } from "../../src/plots/plot_brightness.ts";
import { plotCircuit } from "../../src/plots/plot_circuit.ts";
import { plotClassCounts } from "../../src/plots/plot_class_counts.ts";
import { plotClassTrends } from "../../src/plots/plot_class_trends.ts";
import { plotCollapseEvents } from "../../src/plots/plot_collapse_events.ts";
import { plotConfidenceDistributions } from "../../src/plots/plot_confidence_distributions.ts";
import { plotCurves } from "../../src/plots/plot_curves.ts";
import { plotFusionWeights } from "../../src/plots/plot_fusion_weights.ts";
import { plotHeadAgreement } from "../../src/plots/plot_head_agreement.ts";
import { plotLatency } from "../../src/plots/plot_latency.ts";
import { plotPrecisionRecall } from "../../src/plots/plot_precision_recall.ts";
import { plotQueue } from "../../src/plots/plot_queue.ts";
import { plotRoc } from "../../src/plots/plot_roc.ts";
import { plotWeightChanges } from "../../src/plots/plot_weight_changes.ts";
import type { SampleNames } from "./sample_figures.ts";

/** Two stages of one and three epochs; one value is not defined. */
export function trendSample({ classes, head, title }: SampleNames) {
  return [[title, 1], ["joint", 3]].flatMap(([stage, epochs]) =>
    Array.from({ length: epochs as number }, (_, i) => i + 1).flatMap((epoch) =>
      [head, "ensemble"].flatMap((name) =>
        classes.map((label, c) => ({
          stage: String(stage),
          epoch,
          head: name,
          label,
          recall: c === 1 ? null : epoch / (4 + c),
        }))
      )
    )
  );
}

/** A collapse in the second epoch, and its end in the last. */
export function collapseSample({ classes, title }: SampleNames) {
  const event = { stage: "joint", class: 2, trueShare: 0.5 };
  return {
    classes,
    trueShares: [0.5, 0, 0.5],
    epochs: [
      { stage: title, epoch: 1, shares: [0.2, 0.2, 0.6] },
      { stage: "joint", epoch: 1, shares: [0, 0.05, 0.95] },
      { stage: "joint", epoch: 2, shares: [null, null, null] },
      { stage: "joint", epoch: 3, shares: [0.45, 0, 0.55] },
    ],
    events: [
      { ...event, epoch: 1, kind: "collapse" as const, predictedShare: 0.95, multiplier: 0.5 },
      { ...event, epoch: 3, kind: "recovered" as const, predictedShare: 0.55, multiplier: 1 },
    ],
  };
}

export function sampleResultFigures(
  names: SampleNames,
  { yTrue, yPred, probabilities }: {
    yTrue: readonly number[];
    yPred: readonly number[];
    probabilities: Float32Array;
  },
): Record<string, Figure> {
  const { classes, head, title } = names;
  const shifted = yPred.map((label, row) => row % 4 === 0 ? 2 - label : label);
  const weights = yTrue.flatMap((label, row) => {
    const share = (row % 10) / 20 + label / 8;
    return [share, 1 - share];
  });
  return {
    roc: plotRoc(rocCurves(yTrue, probabilities, { classes }), { title, head }),
    precision_recall: plotPrecisionRecall(
      precisionRecallCurves(yTrue, probabilities, { classes }),
      { title, head },
    ),
    class_trends: plotClassTrends(trendSample(names), { title }),
    head_agreement: plotHeadAgreement(
      headAgreement({
        yTrue,
        heads: { [head]: yPred, classical_b: shifted, quantum: yTrue.map(() => 0), off: null },
        fused: yPred,
        classes: 3,
      }),
      { title },
    ),
    fusion_weights: plotFusionWeights(
      weightDistributions({ yTrue, weights, heads: [head, "quantum"], classes }),
      { title, fusion: head },
    ),
    confidence_distributions: plotConfidenceDistributions(
      confidenceDistributions(yTrue, probabilities, { classes }),
      { title, head },
    ),
    collapse_events: plotCollapseEvents(collapseSample(names), { title }),
    class_counts: plotClassCounts([
      { split: "train", counts: [300, 80, 20] },
      { split: head, counts: [30, 0, 2] },
    ], { labels: classes, title }),
    brightness: plotBrightness([
      { split: "train", histogram: [0, 4, 16, 20, 10, 3, 0, 0], mean: 0.42, sd: 0.13 },
      { split: head, histogram: [0, 0, 1, 4, 6, 2, 0, 0], mean: 0.53, sd: 0.1 },
    ], { title }),
  };
}

/** A head that does not vote, and a bypass beside the circuit. */
export function modelSample({ classes, head, title }: SampleNames) {
  return {
    encoder: title,
    heads: [head, "classical_b", "quantum"],
    activeHeads: [head, "quantum"],
    fusion: "dynamic",
    skipEnsemble: false,
    parameters: [
      { part: "encoder", classical: 85798656, quantum: 0 },
      { part: "compression", classical: 4421, quantum: 0 },
      { part: "quantum_bypass", classical: 60, quantum: 0 },
      { part: head, classical: 1200, quantum: 0 },
      { part: "classical_b", classical: 75, quantum: 0 },
      { part: "quantum", classical: 15, quantum: 36 },
      { part: "ensemble", classical: 7, quantum: 0 },
    ],
    quantum: { wires: 4, angles: 36, readOut: "z" },
    reads: { [head]: "encoder", classical_b: "compression", quantum: "compression" },
    imageSize: 64,
    classes,
    notes: ["The quantum head has a classical bypass."],
  };
}

/** Gates of all kinds, with angles of all kinds, one too long for its box. */
export const circuitSample = {
  wires: 3,
  observable: "z",
  operations: [
    { gate: "h", wires: [0] },
    { gate: "ry", wires: [1], angle: { kind: "input" as const, index: 0, scale: 1, offset: 0 } },
    { gate: "rx", wires: [2], angle: { kind: "const" as const, value: -Math.PI / 2 } },
    { gate: "cx", wires: [2, 0] },
    { gate: "swap", wires: [0, 1] },
    { gate: "cz", wires: [1, 2] },
    { gate: "crz", wires: [0, 1], angle: { kind: "weight" as const, index: 7, scale: 1 } },
    {
      gate: "rzz",
      wires: [1, 2],
      angle: {
        kind: "product" as const,
        factors: [
          { index: 0, scale: -1, offset: Math.PI },
          { index: 1, scale: -1, offset: Math.PI },
        ] as const,
        scale: 2,
      },
    },
  ],
};

export function sampleModelFigures(names: SampleNames): Record<string, Figure> {
  const { classes, head, title } = names;
  return {
    architecture: plotArchitecture(modelSample(names), { title }),
    circuit: plotCircuit(circuitSample, { title, columns: 4, wireNames: [head, "q1", classes[1]] }),
    latency: plotLatency([
      { part: "encoder", milliseconds: 12.5 },
      { part: head, milliseconds: 1.25 },
      { part: "classical_b", milliseconds: null },
    ], { title, images: 8, backend: head }),
    curves: plotCurves([
      { name: head, x: [100, 1000, 10_000], y: [0.1, 0.03, 0.01] },
      { name: classes[1], x: [100, 1000, 10_000], y: [0.2, null, 0] },
    ], { title, subtitle: head, xLabel: "shots", yLabel: title, xScale: "log", yScale: "log" }),
    queue: plotQueue([
      { caller: head, asked: 5, entered: 5, left: 9 },
      { caller: classes[1], asked: 6, entered: 9, left: 9.5, failed: true },
      { caller: "quantum", asked: 6, entered: 9.5, left: 12 },
    ], { title }),
    weight_changes: plotWeightChanges({
      parts: [head, "encoder", "quantum"],
      stages: ["classical", classes[1]],
      changed: [[1, 0], [0.996, null], [0, 0.004]],
    }, { title }),
  };
}
