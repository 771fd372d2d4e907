import type { CamEntry, CamLike } from "./cam_entries.ts";
import { peakText } from "./cam_scale.ts";
import { counted } from "./class_names.ts";
import { methodName } from "./method_name.ts";
import { textTable } from "./text_table.ts";

/** The maps of a panel, without the gaps of missing classes. */
export function camsOf(entries: readonly CamEntry[]): CamLike[] {
  return entries.flatMap(({ cam }) => cam === null ? [] : [cam]);
}

/** The methods of a panel by name, each once. */
export function methodsOf(entries: readonly CamEntry[]): string[] {
  const methods = camsOf(entries).flatMap(({ method }) => method === undefined ? [] : [method]);
  return [...new Set(methods.map(methodName))];
}

/** How many images, how explained, in which head and layer. */
export function camSubtitle(entries: readonly CamEntry[]): string {
  const cams = camsOf(entries);
  const same = (values: readonly (string | undefined)[], noun: string) => {
    const named = [...new Set(values.filter((value) => value !== undefined && value !== ""))];
    return named.length === 0 ? [] : [`${noun} ${named.join(", ")}`];
  };
  const failed = cams.filter(({ status }) => status !== "ok").length;
  return [
    counted(cams.length, "image"),
    ...same(methodsOf(entries), "method"),
    ...same(cams.map((cam) => cam.head), "head"),
    ...same(cams.map((cam) => cam.layer), "layer"),
    ...(failed === 0 ? [] : [`${failed} without a map`]),
  ].join(" · ");
}

/** The panel as a table; the columns peak and method are there when maps have them. */
export function camText(
  entries: readonly CamEntry[],
  name: (label: number | null) => string,
): string {
  if (entries.length === 0) return "no images: there is nothing to explain";
  const peaks = camsOf(entries).some(({ peak }) => peak !== undefined);
  const methods = methodsOf(entries).length > 1;
  return textTable(
    [
      "true",
      "predicted",
      "confidence",
      "verdict",
      ...(peaks ? ["peak"] : []),
      ...(methods ? ["method"] : []),
      "image",
      // Last, because a diagnosis is long.
      "map",
    ],
    entries.map(({ cam, yTrue, yPred, confidence, id }) => [
      name(yTrue),
      yPred === null ? "-" : name(yPred),
      confidence === null ? "-" : confidence.toFixed(2),
      yTrue === null || yPred === null ? "-" : yTrue === yPred ? "right" : "wrong",
      ...(peaks ? [cam?.status !== "ok" || cam.peak === undefined ? "-" : peakText(cam.peak)] : []),
      ...(methods ? [cam?.method === undefined ? "-" : methodName(cam.method)] : []),
      id ?? "-",
      cam === null ? "no sample" : cam.status === "ok" ? "ok" : `${cam.status}: ${cam.diagnosis}`,
    ]),
  );
}
