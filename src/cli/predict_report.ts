import type { HybridModel } from "../model/hybrid_model.ts";
import type { Prediction } from "../model/predict.ts";
import { ENSEMBLE } from "../stages/stage.ts";
import { type Explained, explanationLines, explanationReport } from "./predict_explain.ts";

/** One image and what became of it. */
export interface Answered {
  /** As the user named it. */
  readonly image: string;
  readonly prediction?: Prediction;
  /** Images that were classified together with it, which the latency is of. */
  readonly together?: number;
  /** Why there is no prediction. */
  readonly error?: string;
}

/** The model that answered. */
export interface AboutModel {
  readonly model: HybridModel;
  /** Whether it was trained on drawn images. */
  readonly synthetic: boolean;
  /** Its folder as it is shown. */
  readonly folder: string;
  /** Why it says so, where that was asked. */
  readonly explained?: Explained;
}

/** The answers for people. */
export function predictionLines(about: AboutModel, answered: readonly Answered[]): string {
  const { model, synthetic, folder } = about;
  const calibrated = model.calibration?.[ENSEMBLE] !== undefined;
  const lines = [
    `Model ${folder}, probabilities ${calibrated ? "calibrated" : "not calibrated"}`,
    ...synthetic ? ["Trained on synthetic images: no answer says anything of a patient"] : [],
  ];
  for (const { image, prediction } of answered) {
    if (prediction === undefined) continue;
    lines.push("", ...imageLines(model, { image, prediction }));
  }
  if (about.explained !== undefined) lines.push("", ...explanationLines(about.explained));
  return `${lines.join("\n")}\n`;
}

function imageLines(
  { classes }: HybridModel,
  { image, prediction }: { readonly image: string; readonly prediction: Prediction },
): string[] {
  const { class: best, label, probabilities, heads, fusionWeights, uncertainty } = prediction;
  const rows = [["", "weight", "uncertainty", ...classes]];
  for (const [head, own] of [...Object.entries(heads), [ENSEMBLE, probabilities] as const]) {
    const weight = head === ENSEMBLE ? "" : decimal(fusionWeights[head]);
    rows.push(
      own === null
        ? [head, "does not vote"]
        : [head, weight, decimal(uncertainty[head]), ...Array.from(own, decimal)],
    );
  }
  const columns = [...rows[0].keys()];
  const width = columns.map((c) =>
    Math.max(...rows.filter((row) => row.length > 2).map((row) => row[c].length), 0)
  );
  width[0] = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map((row) => row.map((text, c) => text.padEnd(width[c])).join("  ").trimEnd());
  return [
    `${image}: ${label}, probability ${decimal(probabilities[best])}`,
    ...table.map((x) => `  ${x}`),
  ];
}

function decimal(value: number | null): string {
  return value === null ? "" : value.toFixed(3);
}

/** The answers for programs. */
export function predictionReport(about: AboutModel, answered: readonly Answered[]): object {
  const { model, synthetic, folder, explained } = about;
  const explanations = new Map(
    explained?.images.map(({ image }, i) => [image, explanationReport(explained.cams[i])]),
  );
  return {
    schema: "qsight.predict/1",
    model: folder,
    synthetic,
    calibrated: model.calibration?.[ENSEMBLE] !== undefined,
    classes: model.classes,
    predictions: answered.flatMap(({ image, prediction, together = 1 }) =>
      prediction === undefined ? [] : [{
        image,
        ...plain(model, prediction, together),
        ...explained && { explanation: explanations.get(image) ?? null },
      }]
    ),
    ...explained && { explanationCheck: explained.check },
    errors: answered.flatMap(({ image, error }) => error === undefined ? [] : [{ image, error }]),
  };
}

function plain({ classes }: HybridModel, prediction: Prediction, together: number): object {
  const { class: index, label, probabilities, heads, fusionWeights, uncertainty, latency } =
    prediction;
  const named = (values: Float32Array | null) =>
    values && Object.fromEntries(classes.map((name, i) => [name, values[i]]));
  const each = Object.entries(latency ?? {})
    .map(([part, value]) => [part, value === null ? null : value / together]);
  return {
    class: index,
    label,
    probability: probabilities[index],
    probabilities: named(probabilities),
    heads: Object.fromEntries(Object.entries(heads).map(([head, own]) => [head, named(own)])),
    fusionWeights,
    uncertainty,
    /** Milliseconds by part, a mean over the images that were classified together. */
    latency: Object.fromEntries(each),
  };
}
