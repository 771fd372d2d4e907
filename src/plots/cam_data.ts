import type { CamEntry, CamLike } from "./cam_entries.ts";
import type { KnownScale } from "./cam_scale.ts";
import { shrinkImage } from "./image_element.ts";
import { heatFromText, heatText, imageFromText, imageText, inLevels } from "./saved_pixels.ts";

/** A tile in JSON: its facts and its pixels, from which it is drawn again. */
export type CamData = Readonly<Record<string, unknown>> & {
  readonly image: string | null;
  readonly map: string | null;
};

/** A tile as it can be saved: its image as large as it is drawn, its map in 256 levels. */
export function saveable(entry: CamEntry, detail: number): CamEntry {
  const { cam } = entry;
  if (cam === null) return entry;
  const image = shrinkImage(cam.image, detail);
  return {
    ...entry,
    cam: { ...cam, image, map: cam.status === "ok" ? inLevels(cam.map) : cam.map },
  };
}

/** The facts and pixels of a saveable tile for JSON. */
export function camData({ cam, ...labels }: CamEntry, scale: KnownScale): CamData {
  return {
    ...labels,
    target: cam?.target ?? null,
    head: cam?.head ?? null,
    layer: cam?.layer ?? null,
    method: cam?.method ?? null,
    status: cam?.status ?? "no sample",
    diagnosis: cam?.diagnosis ?? null,
    peak: cam?.peak ?? null,
    scale: cam?.status === "ok" ? { kind: scale.kind, peak: scale.peak ?? cam.peak ?? null } : null,
    image: cam === null ? null : imageText(cam.image),
    map: cam?.status === "ok" ? heatText(cam) : null,
  };
}

/** The tile that `camData()` saved. */
export function camFromData(data: CamData): CamEntry {
  const { id, yTrue, yPred, confidence, why, image, map } = data;
  const labels = { id, yTrue, yPred, confidence, why } as Omit<CamEntry, "cam">;
  if (image === null) return { ...labels, cam: null };
  const nothing = { map: new Float32Array(1), width: 1, height: 1 };
  const { target, head, layer, method, status, diagnosis, peak } = data;
  const facts = Object.entries({ target, head, layer, method, status, diagnosis, peak });
  // In JSON, null is how a fact is written that was not given.
  const given = Object.fromEntries(facts.filter(([, value]) => value !== null));
  const heat = map === null ? nothing : heatFromText(map);
  return { ...labels, cam: { ...given, ...heat, image: imageFromText(image) } as CamLike };
}
