import { join } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import type { Cam } from "../explain/cam.ts";
import { checkExplanations } from "../explain/check/check_explanations.ts";
import type { ExplanationCheck } from "../explain/check/explanation_check.ts";
import { formatCheck } from "../explain/check/format_check.ts";
import { gradCam } from "../explain/grad_cam.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import { ENSEMBLE, type HybridModel } from "../model/hybrid_model.ts";
import type { Prediction } from "../model/predict.ts";
import { plotCamPanel } from "../plots/plot_cam_panel.ts";

/** Images that are explained at most: the check runs the model some hundred times for each. */
export const MOST_EXPLAINED = 40;

/** An image that was classified. */
export interface Classified {
  /** As the user named it. */
  readonly image: string;
  readonly pixels: RgbImage;
  readonly prediction: Prediction;
}

/** Why the model says what it says, and whether that is true. */
export interface Explained {
  readonly images: readonly Classified[];
  /** In the order of the images. */
  readonly cams: readonly Cam[];
  readonly check: ExplanationCheck;
}

/** Grad-CAM of the fused answer for each image, and the checks of these maps. */
export async function explainPredictions(
  model: HybridModel,
  images: readonly Classified[],
): Promise<Explained> {
  const layer = model.cam ?? undefined;
  const given = { head: ENSEMBLE, layer, target: images.map(({ prediction }) => prediction.class) };
  const pixels = images.map(({ pixels }) => pixels);
  const cams = await gradCam(model.network, pixels, given);
  const check = await checkExplanations(model.network, pixels, {
    ...given,
    methods: ["gradcam"],
    limit: MOST_EXPLAINED,
  });
  return { images, cams, check };
}

/** Writes `explanation.svg`, `.png` and `.json` into a folder, each of them whole or not at all. */
export async function saveExplanations(
  folder: string,
  { explained, model, synthetic }: {
    readonly explained: Explained;
    readonly model: HybridModel;
    readonly synthetic: boolean;
  },
): Promise<void> {
  const { images, cams, check } = explained;
  const [{ verdict, reasons }] = check.methods;
  const figure = plotCamPanel(cams, {
    classes: model.classes,
    yPred: images.map(({ prediction }) => prediction.class),
    confidences: images.map(({ prediction }) => prediction.probabilities[prediction.class]),
    ids: images.map(({ image }) => image),
    check: { verdict, reasons },
    title: `Why the model says so${synthetic ? ", trained on synthetic images" : ""}`,
  });
  const data = { figure: figure.data, check };
  await writeAtomic(join(folder, "explanation.svg"), figure.svg);
  await writeAtomic(join(folder, "explanation.png"), await figure.png({ scale: 2 }));
  await writeAtomic(join(folder, "explanation.json"), `${JSON.stringify(data, null, 2)}\n`);
}

/** What the maps show, a line each, and the verdict. */
export function explanationLines({ images, cams, check }: Explained): string[] {
  const width = Math.max(...images.map(({ image }) => image.length));
  return [
    `Grad-CAM of the fused answer, layer ${cams[0].layer || "none"}, ` +
    `gradient by ${cams[0].gradients.join(" and ") || "nothing"}`,
    ...cams.map((cam, i) => `  ${images[i].image.padEnd(width)}  ${whereOf(cam)}`),
    "",
    ...formatCheck(check),
  ];
}

/** Where the map is highest, in words that need no picture. */
function whereOf({ status, diagnosis, map, width, height }: Cam): string {
  if (status !== "ok") return `no map (${status}): ${diagnosis}`;
  const at = map.indexOf(map.reduce((a, b) => Math.max(a, b)));
  const column = (at % width + 0.5) / width, row = (Math.floor(at / width) + 0.5) / height;
  const third = (share: number, names: readonly [string, string, string]) =>
    names[Math.min(2, Math.floor(share * 3))];
  const up = third(row, ["upper", "middle", "lower"]);
  const across = third(column, ["left", "centre", "right"]);
  const warm = map.reduce((count, value) => count + (value >= 0.5 ? 1 : 0), 0) / map.length;
  return `most evidence in the ${up} ${across}; ${Math.round(100 * warm)} % of the image is warm`;
}

/** The explanation of one image for programs. */
export function explanationReport(cam: Cam): object {
  const { method, layer, head, target, status, diagnosis, gradients, peak } = cam;
  return { method, layer, head, target, status, diagnosis, gradients, peak };
}
