import { type AngleLike, angleText, type PlacedGate, shortAngleText } from "./circuit_layout.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** Pixels of a column, of the distance between wires, and of a gate. */
export const CIRCUIT_SIZES = { column: 58, wire: 44, gate: 34, wide: 48 } as const;

/** Gates whose last wire is their target and the others controls, with what they do to it. */
const CONTROLLED: Readonly<Record<string, string>> = {
  cx: "x",
  cy: "Y",
  cz: "z",
  crx: "RX",
  cry: "RY",
  crz: "RZ",
  cp: "P",
  ch: "H",
  ccx: "x",
};

/** One gate at x (the middle of its column), with wire 0 at y 0. */
export function drawGate({ operation, top, bottom }: PlacedGate, x: number): string {
  const { gate, wires, angle } = operation;
  const y = (wire: number) => wire * CIRCUIT_SIZES.wire;
  const joint = element("line", {
    ...{ x1: x, x2: x, y1: y(top), y2: y(bottom) },
    ...{ stroke: COLOURS.ink, "stroke-width": 1.5 },
  });
  const label = angle ? gateLabel(angle) : undefined;
  const trained = angle?.kind === "weight", fixed = !angle || angle.kind === "const";
  const fill = trained ? PALETTE[3] : fixed ? COLOURS.empty : PALETTE[5];
  const name = gate === "unitary" ? "U" : gate.toUpperCase();
  if (wires.length === 1) return box(name, { x, y: y(wires[0]), label, fill });
  const controls = wires.slice(0, -1), last = wires[wires.length - 1];
  const acts = CONTROLLED[gate];
  if (acts !== undefined) {
    const target = acts === "x"
      ? plus(x, y(last))
      : acts === "z"
      ? dot(x, y(last))
      : box(acts, { x, y: y(last), label, fill });
    return joint + controls.map((wire) => dot(x, y(wire))).join("") + target;
  }
  if (gate === "swap") return joint + wires.map((wire) => cross(x, y(wire))).join("");
  // Both wires alike: two boxes with a line between them.
  return joint +
    wires.map((wire) => box(name, { x, y: y(wire), label, fill })).join("");
}

/** The angle as it stands in a gate: whole where it fits. */
export function gateLabel(angle: AngleLike): string {
  const whole = angleText(angle);
  return textWidth(whole, 9) <= CIRCUIT_SIZES.wide - 4 ? whole : shortAngleText(angle);
}

function dot(cx: number, cy: number): string {
  return element("circle", { cx, cy, r: 4.5, fill: COLOURS.ink });
}

function plus(cx: number, cy: number): string {
  const style = { stroke: COLOURS.ink, "stroke-width": 1.5 };
  return element("circle", { cx, cy, r: 10, fill: COLOURS.background, ...style }) +
    element("path", { d: `M${cx - 10} ${cy}H${cx + 10}M${cx} ${cy - 10}V${cy + 10}`, ...style });
}

function cross(cx: number, cy: number): string {
  const d = `M${cx - 6} ${cy - 6}l12 12M${cx + 6} ${cy - 6}l-12 12`;
  return element("path", { d, stroke: COLOURS.ink, "stroke-width": 2 });
}

function box(
  name: string,
  { x, y, label, fill }: { x: number; y: number; label: string | undefined; fill: string },
): string {
  const { gate, wide } = CIRCUIT_SIZES;
  const width = label === undefined ? gate : wide;
  return element("rect", {
    x: x - width / 2,
    y: y - gate / 2,
    width,
    height: gate,
    rx: 3,
    // The page shows through the colour, or the text could not be read.
    fill: COLOURS.background,
    stroke: COLOURS.ink,
  }) +
    element("rect", {
      ...{ x: x - width / 2, y: y - gate / 2, width, height: gate, rx: 3, fill },
      "fill-opacity": 0.3,
    }) +
    textElement(name, [x, label === undefined ? y + 4 : y - 2], { anchor: "middle", bold: true }) +
    (label === undefined ? "" : textElement(fitText(label, width - 4, 9), [x, y + 11], {
      size: 9,
      anchor: "middle",
    }));
}

/** A box that measures a wire. */
export function drawReadOut(text: string, x: number, wire: number): string {
  const y = wire * CIRCUIT_SIZES.wire, { gate } = CIRCUIT_SIZES;
  return element("rect", {
    ...{ x: x - gate / 2, y: y - gate / 2, width: gate, height: gate },
    ...{ fill: COLOURS.background, stroke: COLOURS.rule },
  }) + textElement(text, [x, y + 4], { anchor: "middle", size: SIZES.small });
}
