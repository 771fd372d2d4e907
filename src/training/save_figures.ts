import { checkOptions } from "../_internal/check_options.ts";
import { imageAt } from "../data/image_at.ts";
import type { ImageSet } from "../data/image_set.ts";
import type { Cam } from "../explain/cam.ts";
import { checkExplanations } from "../explain/check/check_explanations.ts";
import { gradCam } from "../explain/grad_cam.ts";
import { encodePng } from "../images/encode_png.ts";
import { overlayHeatmap } from "../images/overlay_heatmap.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import { argMaxRows } from "../metrics/arg_max.ts";
import { expectedCalibrationError } from "../metrics/calibration.ts";
import { classMetricsTable } from "../metrics/class_metrics_table.ts";
import { confidenceTable } from "../metrics/confidence_table.ts";
import { confusionMatrix } from "../metrics/confusion_matrix.ts";
import { ENSEMBLE } from "../model/hybrid_model.ts";
import { plotCamPanel } from "../plots/plot_cam_panel.ts";
import { plotConfidenceTable } from "../plots/plot_confidence_table.ts";
import { plotConfusionMatrix } from "../plots/plot_confusion_matrix.ts";
import { plotReliability } from "../plots/plot_reliability.ts";
import type { Run } from "../runs/run.ts";
import type { ClassDiversePicks } from "../sampling/class_diverse_picks.ts";
import { pickClassDiverse } from "../sampling/pick_class_diverse.ts";
import { pickManifest } from "../sampling/pick_manifest.ts";
import type { TrainingCallback } from "./callback.ts";
import { epochFolder, epochTitle, type Moment } from "./epoch_place.ts";
import { saveStageFigures } from "./save_stage_figures.ts";
import { CLASS_METRICS_TYPES, CONFIDENCE_TYPES, saveTable } from "./save_table.ts";

/** Options of {@linkcode saveFigures}. */
export interface SaveFiguresOptions {
  /** Where the files go. */
  readonly run: Run;
  /** The validation split that the training evaluates. */
  readonly val: ImageSet;
  /** Images of each class in the Grad-CAM panel. @default {2} */
  readonly perClass?: number;
  /** Seed of the picks; the same images are picked in every epoch. @default {0} */
  readonly seed?: number;
  /**
   * Whether each panel says if its maps can be believed; see `checkExplanations()`. The weights are
   * shuffled for it and put back, and the model runs some hundred times an image. @default {true}
   */
  readonly checkExplanations?: boolean;
}

const OPTIONS = ["run", "val", "perClass", "seed", "checkExplanations"];

/**
 * A callback that writes the figures of a training under
 * `reports/visualizations/<stage>/epoch_NN/`: after every epoch the confusion matrix and the
 * reliability of each active head and the ensemble, the confidence table, and the metrics by class
 * (tables as CSV, JSON and Parquet); after every stage ROC, precision and recall, and confidence by
 * class of the ensemble, whether the heads agree and how the fusion weighs them, and a Grad-CAM panel
 * of class-diverse images, with a verdict whether its maps can be believed, and each
 * original and overlay. All files of an epoch are whole on disk before the next callback of the list
 * runs.
 */
export function saveFigures(options: SaveFiguresOptions): TrainingCallback {
  checkOptions("saveFigures", options, OPTIONS);
  return {
    async onEpochEnd(state, { validation }) {
      await saveMatrices(options.run, epochFolder(state), { state, validation });
      await saveTables(options.run, epochFolder(state), { state, validation });
    },
    async onStageEnd(state, { validation }) {
      await saveStageFigures(options.run, { state, validation }, options.val);
      await saveCams(options, { state, validation });
    },
  };
}

async function saveMatrices(run: Run, folder: string, { state, validation }: Moment) {
  const { yTrue, classes } = validation;
  for (const [head, probabilities] of Object.entries(validation.heads)) {
    if (probabilities === null) continue;
    const yPred = argMaxRows(probabilities, classes.length);
    // A row of NaN is of no class: it is missing here, and flagged in the confidence table.
    const valid = (_: number, row: number) => yPred[row] !== -1;
    const matrix = confusionMatrix(yTrue.filter(valid), yPred.filter(valid), {
      classes: classes.length,
    });
    const title = epochTitle("Confusion matrix", state, run);
    const figure = plotConfusionMatrix(matrix, { labels: classes, head, title });
    await run.saveFigure(`${folder}/confusion_matrix_${head}`, figure);
    const { bins } = expectedCalibrationError(yTrue, probabilities, { classes: classes.length });
    const reliability = plotReliability(bins, {
      head,
      title: epochTitle("Reliability", state, run),
    });
    await run.saveFigure(`${folder}/reliability_${head}`, reliability);
  }
}

async function saveTables(run: Run, folder: string, { state, validation }: Moment) {
  const { yTrue, heads, classes } = validation;
  const place = { stage: state.stage.name, epoch: state.epoch };
  const table = confidenceTable({ yTrue, heads, classes });
  const figure = plotConfidenceTable(table, { title: epochTitle("Confidence", state, run) });
  await run.saveFigure(`${folder}/confidence_table`, figure);
  await saveTable(run, `${folder}/confidence_table`, {
    rows: table.rows.map((row) => ({ ...place, ...row })),
    types: CONFIDENCE_TYPES,
    withoutJson: true,
  });
  const metrics = classMetricsTable({ yTrue, heads, classes });
  await saveTable(run, `${folder}/class_metrics`, {
    rows: metrics.rows.map((row) => ({ ...place, ...row })),
    types: CLASS_METRICS_TYPES,
  });
}

/** Picks images of every class, explains the ensemble on them and writes panel and single images. */
async function saveCams(options: SaveFiguresOptions, { state, validation }: Moment) {
  const { run, val, perClass = 2, seed = 0 } = options;
  const { yTrue, ids, classes } = validation;
  const probabilities = validation.heads[ENSEMBLE]!;
  const yPred = argMaxRows(probabilities, classes.length);
  const picks = pickClassDiverse({
    yTrue,
    yPred,
    ids,
    perClass,
    seed,
    classes: classes.length,
  });
  const images = picks.indices.map((index) => imageAt(val, index));
  const labels = picks.picks.map((pick) => pick.class);
  const { network, cam } = state.model;
  const given = { head: ENSEMBLE, labels, layer: cam ?? undefined };
  const cams = await gradCam(network, images, given);
  const check = options.checkExplanations === false ? undefined : await checkExplanations(
    network,
    images,
    { ...given, methods: ["gradcam"], limit: images.length, seed },
  );
  const folder = `${epochFolder(state)}/gradcam`;
  const confidences = Array.from(
    yPred,
    // A row of NaN has no answer, and so no confidence in one.
    (label, row) => label === -1 ? null : probabilities[row * classes.length + label],
  );
  const title = epochTitle("Grad-CAM of the ensemble", state, run);
  const [verdict] = check?.methods ?? [];
  const panel = plotCamPanel(cams, {
    ...{ yTrue, yPred, confidences, picks, classes, title },
    ...verdict && { check: verdict },
  });
  await run.saveFigure(`${folder}/panel`, panel);
  for (const [i, cam] of cams.entries()) {
    const number = String(i + 1).padStart(2, "0");
    await run.save(`${folder}/${number}_original.png`, png(cam.image, run));
    await run.save(`${folder}/${number}_overlay.png`, png(overlayHeatmap(cam.image, cam), run));
  }
  await run.saveJson(
    `${folder}/manifest.json`,
    {
      ...camManifest(cams, { picks, classes, synthetic: run.synthetic }),
      ...check && { check },
      picks: pickManifest(picks),
    },
  );
}

function camManifest(
  cams: readonly Cam[],
  { picks, classes, synthetic }: {
    picks: ClassDiversePicks;
    classes: readonly string[];
    synthetic: boolean;
  },
) {
  return {
    schema: "qsight.gradcam/1",
    synthetic,
    requested: picks.requested,
    missingClasses: picks.missing.map((label) => classes[label]),
    shortClasses: picks.short.map((short) => ({ ...short, label: classes[short.class] })),
    images: cams.map((cam, i) => ({
      id: picks.picks[i].id,
      why: picks.picks[i].why,
      trueClass: classes[picks.picks[i].class],
      predictedClass: classes[cam.predicted] ?? null,
      explainedClass: classes[cam.target] ?? null,
      head: cam.head,
      layer: cam.layer,
      method: cam.method,
      gradients: cam.gradients,
      peak: cam.peak,
      status: cam.status,
      diagnosis: cam.diagnosis,
    })),
  };
}

function png({ width, height, data }: RgbImage, { synthetic }: Run): Uint8Array {
  const text = synthetic ? { Comment: "synthetic image" } : undefined;
  return encodePng({ width, height, data, channels: 3, text });
}
