import type { CamEntry } from "./cam_entries.ts";
import { peakText } from "./cam_scale.ts";
import type { Drawing } from "./create_figure.ts";
import { BOLD, fitMiddle, fitText, textWidth, wrapText } from "./fit_text.ts";
import { methodName } from "./method_name.ts";
import { textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** What the caption of a tile is written with. */
export interface CaptionStyle {
  readonly width: number;
  /** The name of a class. */
  readonly name: (label: number | null) => string;
  /** Whether each tile says how its map was made, because they differ. */
  readonly showMethod: boolean;
  /** Whether true classes are known of any tile: if not, no tile says that they are unknown. */
  readonly showTruth: boolean;
}

interface CaptionLine {
  readonly text: string;
  readonly size: number;
  readonly fill: string;
  readonly bold?: boolean;
}

const LINE = 14, LEFT = 18;

/** True class, prediction and confidence. Right and wrong differ in mark and word, not only colour. */
export function camCaption(entry: CamEntry, style: CaptionStyle): Drawing {
  const { yTrue, yPred, cam } = entry, { name } = style;
  const width = style.width - LEFT, bold = { width: width / BOLD, size: SIZES.label };
  const { showTruth } = style;
  const first = showTruth ? wrapName((label) => `true ${label}`, name(yTrue), bold) : [];
  const lines: CaptionLine[] = first
    .map((text) => ({ text, bold: true, size: SIZES.label, fill: COLOURS.ink }));
  const judged = yTrue !== null && yPred !== null, right = yTrue === yPred;
  const fill = !judged ? COLOURS.muted : right ? COLOURS.right : COLOURS.wrong;
  if (cam !== null) {
    const room = { width, size: SIZES.label };
    for (const text of predicted(entry, style, room)) {
      const look = showTruth ? { fill } : { fill: COLOURS.ink, bold: true };
      lines.push({ text, size: SIZES.label, ...look });
    }
    for (const text of facts(entry, style, width)) {
      lines.push({ text, size: SIZES.small, fill: COLOURS.muted });
    }
  }
  const mark = cam === null || !showTruth
    ? ""
    : textElement(judged ? right ? "✓" : "✗" : "?", [1, 15], {
      size: 14,
      bold: true,
      fill,
    });
  const markup = mark +
    lines.map(({ text, ...look }, i) => textElement(text, [LEFT, 15 + i * LINE], look)).join("");
  return { markup, width: style.width, height: 15 + (lines.length - 1) * LINE + 4 };
}

function predicted(
  { yTrue, yPred, confidence }: CamEntry,
  { name }: CaptionStyle,
  room: { width: number; size: number },
): string[] {
  if (yPred === null) return ["not predicted"];
  const sure = confidence === null ? "" : ` (${Math.round(confidence * 100)} %)`;
  const verdict = yTrue === null ? "" : `${yTrue === yPred ? "right" : "wrong"}: `;
  return wrapName((label) => `${verdict}predicted ${label}${sure}`, name(yPred), room);
}

/** A text around a name in at most three lines; when it is too long, only the name is cut. */
function wrapName(
  around: (name: string) => string,
  name: string,
  room: { width: number; size: number },
): string[] {
  const whole = wrapText(around(name), room);
  return whole.length <= 3 ? whole : wrapText(around(fitText(name, room.width, room.size)), room);
}

/** Id, and what differs from tile to tile; on one line when that is enough. */
function facts({ id, cam, yPred }: CamEntry, style: CaptionStyle, width: number): string[] {
  if (cam === null) return [];
  const { target, method, peak, status } = cam;
  const other = [
    ...(target !== undefined && target !== yPred ? [`map for ${style.name(target)}`] : []),
    ...(style.showMethod && method !== undefined ? [methodName(method)] : []),
    ...(status === "ok" && peak !== undefined ? [`peak ${peakText(peak)}`] : []),
  ];
  const one = [...(id === null ? [] : [id]), ...other].join(" · "), size = SIZES.small;
  if (textWidth(one, size) <= width) return one === "" ? [] : wrapText(one, { width, size });
  return [
    ...(id === null ? [] : [fitMiddle(id, width, size)]),
    ...wrapText(other.join(" · "), { width, size, lines: 3 }),
  ];
}
