import type { RgbImage } from "../images/rgb_image.ts";
import type { ClassDiversePicks } from "../sampling/class_diverse_picks.ts";

/** What a panel needs of a class activation map; `gradCam()` returns it. */
export interface CamLike {
  /** Heat in 0…1, `height * width`, row by row. */
  readonly map: Float32Array;
  /** Columns of the map. */
  readonly width: number;
  /** Rows of the map. */
  readonly height: number;
  /** `"ok"`, or why there is no map to look at. */
  readonly status: "ok" | "zero" | "nonfinite" | "no_gradient" | "wrong_shape";
  /** What `status` means, in a sentence. */
  readonly diagnosis: string;
  /** The image that was explained. */
  readonly image: RgbImage;
  /** The layer that was looked at. */
  readonly layer?: string;
  /** The class whose evidence the map shows. */
  readonly target?: number;
  /** The head that was explained. */
  readonly head?: string;
  /** The true class, where `labels` were given with the images. */
  readonly label?: number | null;
  /** The class that the model predicted. */
  readonly predicted?: number;
  /** How the map was made, such as "gradcam". */
  readonly method?: string;
  /** The value, not scaled for this image alone, that the map shows as 1. */
  readonly peak?: number;
}

/** What the model said about each image. */
export interface CamLabels {
  /** True classes; negative, null or NaN where unknown. @default {those of picks or maps} */
  readonly yTrue?: ArrayLike<number | null>;
  /** Predicted classes. @default {those of picks or maps} */
  readonly yPred?: ArrayLike<number | null>;
  /** Probability of the predicted class, 0…1. */
  readonly confidences?: ArrayLike<number | null>;
  /** A name for each map, such as its file. @default {those of the picks} */
  readonly ids?: ArrayLike<string>;
  /** What `pickClassDiverse()` returned; its picks go with the maps one by one. */
  readonly picks?: Pick<ClassDiversePicks, "picks" | "missing">;
}

/** One tile of the panel: a map with its labels, or the gap that a missing class leaves. */
export interface CamEntry {
  readonly cam: CamLike | null;
  readonly id: string | null;
  /** True class, null when unknown. */
  readonly yTrue: number | null;
  readonly yPred: number | null;
  readonly confidence: number | null;
  readonly why: string | null;
}

/**
 * Pairs maps with labels, in class order, missing classes included. With `picks` the label arrays
 * are those the picks were made from and are read at `pick.index`; without, they run along the maps.
 *
 * @throws {RangeError} when there are not as many maps as picks or labels
 */
export function camEntries(cams: readonly CamLike[], labels: CamLabels): CamEntry[] {
  const { yTrue, yPred, confidences, ids, picks } = labels;
  if (picks !== undefined && picks.picks.length !== cams.length) {
    throw new RangeError(
      `plotCamPanel(): ${cams.length} maps for ${picks.picks.length} picks, wanted one for each. ` +
        `Explain picks.indices.map((i) => images[i])`,
    );
  }
  for (const [name, column] of Object.entries({ yTrue, yPred, confidences, ids })) {
    const rows = picks === undefined
      ? cams.length
      : 1 + Math.max(-1, ...picks.picks.map((p) => p.index));
    if (column === undefined || (picks ? column.length >= rows : column.length === rows)) continue;
    throw new RangeError(
      `plotCamPanel(): ${name} has ${column.length} rows, wanted ${rows}. ` +
        (picks === undefined ? "Pass one for each map" : "Pass the array that the picks are from"),
    );
  }
  const entries = cams.map((cam, i): CamEntry => {
    const pick = picks?.picks[i], row = pick?.index ?? i;
    return {
      cam,
      id: ids?.[row] ?? pick?.id ?? null,
      yTrue: known(yTrue?.[row] ?? pick?.class ?? cam.label),
      yPred: known(yPred?.[row] ?? pick?.predicted ?? cam.predicted),
      confidence: known(confidences?.[row]),
      why: pick?.why ?? null,
    };
  });
  for (const yTrue of picks?.missing ?? []) {
    entries.push({ cam: null, id: null, yTrue, yPred: null, confidence: null, why: null });
  }
  // A stable sort: within a class the order of the picks stays.
  return entries.sort((a, b) => (a.yTrue ?? Infinity) - (b.yTrue ?? Infinity) || 0);
}

/** A number that says something: labels below 0 and NaN mean "unknown". */
function known(value: number | null | undefined): number | null {
  return value === null || value === undefined || !(value >= 0) ? null : value;
}
