// Small figures of every kind, with labels as an unfriendly file name would make them on request.
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import type { Figure } from "../../src/_internal/figure.ts";
import { confidenceTable } from "../../src/metrics/confidence_table.ts";
import { expectedCalibrationError } from "../../src/metrics/calibration.ts";
import type { CamLike } from "../../src/plots/cam_entries.ts";
import { sampleModelFigures, sampleResultFigures } from "./sample_result_figures.ts";
import { plotCamPanel } from "../../src/plots/plot_cam_panel.ts";
import { plotConfidenceTable } from "../../src/plots/plot_confidence_table.ts";
import { plotConfusionMatrices } from "../../src/plots/plot_confusion_matrices.ts";
import { plotConfusionMatrix } from "../../src/plots/plot_confusion_matrix.ts";
import { plotExplanationCheck } from "../../src/plots/plot_explanation_check.ts";
import { plotHistory } from "../../src/plots/plot_history.ts";
import { plotImages } from "../../src/plots/plot_images.ts";
import { plotQubitAttributions } from "../../src/plots/plot_qubit_attributions.ts";
import { plotRandomization } from "../../src/plots/plot_randomization.ts";
import { plotReliability } from "../../src/plots/plot_reliability.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";

/** Class names, head and title of the sample figures. */
export interface SampleNames {
  readonly classes: readonly string[];
  readonly head: string;
  readonly title: string;
}

export const plainNames: SampleNames = {
  classes: ["no DR", "mild", "severe"],
  head: "classical_a",
  title: "Sample",
};

const count = 60;

function predictions() {
  const random = new SeededRandom(3);
  const yTrue = Array.from({ length: count }, () => random.integer(2) * 2); // no class 1
  const probabilities = Float32Array.from(yTrue.flatMap((label) => {
    const scores = [0, 1, 2].map((c) => random.next() + (c === label ? 0.5 : 0));
    return scores.map((score) => score / scores.reduce((a, b) => a + b));
  }));
  const yPred = yTrue.map((_, row) => {
    const [a, b, c] = probabilities.subarray(row * 3, row * 3 + 3);
    return a >= b && a >= c ? 0 : b >= c ? 1 : 2;
  });
  return { yTrue, yPred, probabilities };
}

/** A map with one warm corner over a grey image. */
export function sampleCam(status: CamLike["status"] = "ok"): CamLike {
  const side = 8;
  return {
    map: Float32Array.from({ length: side * side }, (_, i) => (i % side) / (side - 1)),
    width: side,
    height: side,
    status,
    diagnosis: status === "ok" ? "" : "The map is zero everywhere.",
    image: { width: 16, height: 16, data: new Uint8Array(768).fill(90) },
    layer: "conv_3",
    head: "classical_a",
    target: 0,
  };
}

/** Checks of two methods: one beats random maps, the other has gaps and does not. */
export function sampleChecks(names: readonly string[] = ["gradcam", "hirescam"]) {
  return [
    {
      method: names[0],
      ok: 9,
      images: 10,
      verdict: "trustworthy" as const,
      reasons: ["better than random maps on 9 of 10 images"],
      metrics: [
        { name: "deletion", value: 0.21, random: 0.5, better: "lower" as const },
        { name: "insertion", value: 0.8, random: 0.5, better: "higher" as const },
      ],
    },
    {
      method: names[1],
      ok: 10,
      images: 10,
      verdict: "doubtful" as const,
      reasons: [],
      metrics: [
        { name: "deletion", value: 0.55, random: 0.5, better: "lower" as const },
        { name: "insertion", value: null, random: null, better: "higher" as const },
        { name: names[1], value: 3, random: null, better: "higher" as const },
      ],
    },
  ];
}

/** Four features of 2 qubits; the last moves nothing. */
export const sampleAttributions = {
  values: Float32Array.of(0.1, 0.05, 0.3, 0.2, 0, 0.35, 0, 0),
  features: 4,
  qubits: 2,
};

export function historySample({ head }: SampleNames) {
  return [["warm up", 1], ["joint", 3]].flatMap(([stage, epochs]) =>
    Array.from({ length: epochs as number }, (_, i) => i + 1).flatMap((epoch) =>
      ["train", "val"].flatMap((split) =>
        [head, "quantum"].map((name, h) => ({
          stage: String(stage),
          epoch,
          split,
          head: name,
          loss: stage === "joint" && epoch === 2 && h === 1 ? NaN : (1 + h / 4) / epoch,
          accuracy: 0.5 + epoch / 10 - h / 10,
        }))
      )
    )
  );
}

/** One figure of every kind. */
export function sampleFigures(names: SampleNames): Record<string, Figure> {
  const { classes, head, title } = names;
  const { yTrue, yPred, probabilities } = predictions();
  const counts = [[20, 5, 1], [0, 0, 0], [3, 8, 23]];
  const ids = yTrue.map((_, i) => `${title}_${i}`);
  const picks = pickClassDiverse({ yTrue, yPred, ids, classes, perClass: 1, seed: 1 });
  const table = confidenceTable({
    yTrue,
    heads: { [head]: probabilities, quantum: null, ensemble: broken(probabilities) },
    classes,
  });
  const { bins } = expectedCalibrationError(yTrue, probabilities, { classes: 3, bins: 5 });
  return {
    ...sampleResultFigures(names, { yTrue, yPred, probabilities }),
    ...sampleModelFigures(names),
    history: plotHistory(historySample(names), { title }),
    confusion_matrix: plotConfusionMatrix(counts, { labels: classes, title, head }),
    confusion_matrices: plotConfusionMatrices([{ head, matrix: { counts } }], {
      labels: classes,
      title,
    }),
    confidence_table: plotConfidenceTable(table, { title }),
    reliability: plotReliability(bins, { title, head }),
    images: plotImages([sampleCam().image], { titles: [head], title }),
    cam_panel_shared: plotCamPanel([
      { ...sampleCam(), method: "gradcam", peak: 0.8 },
      { ...sampleCam(), method: "hirescam", peak: 0.2 },
      { ...sampleCam("wrong_shape"), diagnosis: head },
    ], {
      scale: "shared",
      check: { verdict: "doubtful", reasons: [title, ...classes] },
      yTrue: [0, 1, 2],
      yPred: [0, 0, 2],
      classes,
      colourMap: "cividis",
      title,
    }),
    qubit_attributions: plotQubitAttributions(
      { ...sampleAttributions, featureNames: [...classes, head], qubitNames: [head, "q1"], head },
      { title, top: 2 },
    ),
    explanation_check: plotExplanationCheck(sampleChecks(["gradcam", head]), { title }),
    randomization: plotRandomization([
      { layer: head, spearman: 0.9, ssim: 0.8 },
      { layer: classes[1], spearman: 0.2, ssim: null },
      { layer: classes[0], spearman: -0.1, ssim: 0.3 },
    ], { title, head, method: "layercam", threshold: 0.5 }),
    cam_panel: plotCamPanel([sampleCam(), sampleCam("zero")], {
      yTrue,
      yPred,
      confidences: yTrue.map((_, row) => probabilities[row * 3 + yPred[row]]),
      picks,
      classes,
      title,
    }),
  };
}

function broken(probabilities: Float32Array): Float32Array {
  const copy = probabilities.slice();
  copy[0] = NaN;
  return copy;
}
