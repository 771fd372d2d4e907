import type { CamEntry, CamLike } from "./cam_entries.ts";

/**
 * What the highest colour of a map means: the most of its own image, the highest peak of the panel,
 * or a peak given as a number, so that the panels of several epochs can be compared.
 */
export type CamScale = "image" | "shared" | number;

/** A scale with its number. */
export interface KnownScale {
  readonly kind: "image" | "shared" | "given";
  /** The peak that the highest colour stands for; null when each map has its own, or none has one. */
  readonly peak: number | null;
}

/**
 * Finds the peak that the highest colour stands for.
 *
 * @throws {TypeError} when a map has no peak and the scale needs one
 * @throws {RangeError} when the scale is another word, or a number that is not above 0
 */
export function knownScale(entries: readonly CamEntry[], scale: CamScale): KnownScale {
  if (scale === "image") return { kind: "image", peak: null };
  const number = typeof scale === "number" && Number.isFinite(scale) && scale > 0;
  if (scale !== "shared" && !number) {
    throw new RangeError(
      `plotCamPanel(): found scale ${typeof scale === "string" ? `"${scale}"` : String(scale)}, ` +
        `wanted "image", "shared" or a number above 0. Pass "shared" for one scale in this panel, ` +
        `or the highest peak of all panels that should be compared`,
    );
  }
  const peaks = entries.flatMap(({ cam }, i) =>
    cam === null || cam.status !== "ok" ? [] : [peakOf(cam, i)]
  );
  if (number) return { kind: "given", peak: scale };
  return { kind: "shared", peak: peaks.length === 0 ? null : Math.max(...peaks) };
}

function peakOf({ peak }: CamLike, i: number): number {
  if (peak !== undefined && Number.isFinite(peak) && peak > 0) return peak;
  throw new TypeError(
    `plotCamPanel(): map ${i + 1} of the panel has ${
      peak === undefined ? "no peak" : `the peak ${peak}`
    }, wanted a number above 0, without which maps have no common scale. Pass maps of gradCam() ` +
      `or explain(), which have one, or leave out the option scale`,
  );
}

/** The map on the scale of the panel: 1 is the highest colour, above it the colour stays the same. */
export function scaledMap(cam: CamLike, scale: KnownScale): Float32Array {
  if (scale.peak === null || cam.peak === undefined) return cam.map;
  const factor = cam.peak / scale.peak;
  return cam.map.map((value) => Math.min(1, value * factor));
}

/** Maps whose highest values have no colour of their own, because the given peak is below theirs. */
export function clippedCount(entries: readonly CamEntry[], { kind, peak }: KnownScale): number {
  if (kind !== "given" || peak === null) return 0;
  return entries.filter(({ cam }) => cam?.status === "ok" && (cam.peak ?? 0) > peak).length;
}

/** A peak as it is written everywhere: three digits. */
export function peakText(peak: number): string {
  const size = Math.abs(peak);
  if (size !== 0 && (size < 0.001 || size >= 10_000)) return peak.toExponential(1);
  return String(Number(peak.toPrecision(3)));
}
