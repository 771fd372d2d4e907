import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { checkWhole } from "./check_whole.ts";
import { angleText, type CircuitLike, type PlacedGate, placeGates } from "./circuit_layout.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { CIRCUIT_SIZES, drawGate, drawReadOut, gateLabel } from "./draw_gate.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { stack } from "./stack.ts";
import { element, moved, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Options of {@linkcode plotCircuit}. */
export interface PlotCircuitOptions {
  /** Title of the figure. @default {"Quantum circuit"} */
  readonly title?: string;
  /** Labels of the wires. @default "q0", "q1" … */
  readonly wireNames?: readonly string[];
  /** Columns of gates in one line; longer circuits go on below. @default {16} */
  readonly columns?: number;
}

/**
 * Draws a circuit from its plain data: wires from left to right in time, gates as boxes with where
 * their angle comes from (`x` an input, `θ` a weight), dots as controls, at the end what is read.
 *
 * @throws {RangeError} when a gate is on a wire that there is not, wire names do not fit, or `columns`
 *   is no whole number above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotCircuit } from "@qsight/qsight/plots";
 *
 * const figure = plotCircuit({
 *   wires: 2,
 *   observable: "z",
 *   operations: [
 *     { gate: "ry", wires: [0], angle: { kind: "weight", index: 0, scale: 1 } },
 *     { gate: "cx", wires: [0, 1] },
 *   ],
 * });
 * assert.match(figure.text, /1 +ry +q0 +θ0/);
 * ```
 */
export function plotCircuit(circuit: CircuitLike, options: PlotCircuitOptions = {}): Figure {
  const where = "plotCircuit()";
  checkOptions(where, options, ["title", "wireNames", "columns"]);
  const { title = "Quantum circuit", columns = 16 } = options;
  checkWhole(where, { columns }, 16);
  checkCircuit(where, circuit, options.wireNames);
  const names = options.wireNames ?? Array.from({ length: circuit.wires }, (_, q) => `q${q}`);
  const gates = placeGates(circuit);
  const depth = gates.reduce((most, { column }) => Math.max(most, column + 1), 0);
  const lines = Array.from(
    { length: Math.max(1, Math.ceil(depth / columns)) },
    (_, i) =>
      drawLine(circuit, {
        gates,
        names,
        from: i * columns,
        to: Math.min(depth, (i + 1) * columns),
        depth,
      }),
  );
  const two = circuit.operations.filter(({ wires }) => wires.length > 1).length;
  return createFigure({
    name: "circuit",
    title,
    subtitle: `${counted(circuit.wires, "wire")} · ${
      counted(gates.length, "gate")
    }, ${two} of them on two wires · depth ${depth} · ${counted(weightsOf(circuit), "weight")}`,
    body: stack(lines, 20),
    notes: [
      ...functionNotes(circuit),
      "θ: a trained angle, x: an input, others in radians" +
      (lines.length > 1 ? "; lines go on from the one above" : ""),
    ],
    text: gates.length === 0 ? "no gates" : textTable(
      ["column", "gate", "wires", "angle"],
      gates.map(({ operation: { gate, wires, angle }, column }) => [
        String(column + 1),
        gate,
        wires.map((wire) => names[wire]).join(", "),
        angle ? angleText(angle) : "",
      ]),
    ),
    data: {
      title,
      columns,
      wireNames: options.wireNames ?? null,
      circuit: {
        wires: circuit.wires,
        observable: circuit.observable,
        operations: circuit.operations,
      },
    },
  });
}

function checkCircuit(
  where: string,
  { wires, operations }: CircuitLike,
  wireNames: readonly string[] | undefined,
): void {
  if (wireNames !== undefined && wireNames.length !== wires) {
    throw new RangeError(
      `${where}: ${wireNames.length} names for ${wires} wires, wanted one for each. Leave them out or pass as many`,
    );
  }
  operations.forEach(({ gate, wires: used }, i) => {
    const fits = used.length > 0 &&
      used.every((wire) => Number.isInteger(wire) && wire >= 0 && wire < wires);
    if (fits) return;
    throw new RangeError(
      `${where}: operation ${i}, "${gate}", is on wires ${
        JSON.stringify(used)
      }, wanted some of 0 to ${
        wires - 1
      }. Define the circuit with defineCircuit(), which checks it`,
    );
  });
}

const MOST_NOTES = 6;

/** What the angles are that have only a name in their gate. */
function functionNotes({ operations }: CircuitLike): string[] {
  const named = operations.flatMap(({ angle }) => {
    if (!angle || gateLabel(angle) === angleText(angle)) return [];
    return [`${gateLabel(angle)} = ${angleText(angle)}`];
  });
  const notes = [...new Set(named)];
  if (notes.length <= MOST_NOTES) return notes.length === 0 ? [] : [notes.join(", ")];
  return [`${notes.slice(0, MOST_NOTES).join(", ")} and ${notes.length - MOST_NOTES} more`];
}

function weightsOf({ operations }: CircuitLike): number {
  const used = operations.flatMap(({ angle }) => angle?.kind === "weight" ? [angle.index] : []);
  return new Set(used).size;
}

const WIDEST_NAME = 110;

/** The columns from..to of a circuit; what is read stands at the end of the last line. */
function drawLine(
  circuit: CircuitLike,
  { gates, names, from, to, depth }: {
    gates: readonly PlacedGate[];
    names: readonly string[];
    from: number;
    to: number;
    depth: number;
  },
): Drawing {
  const { column, wire, gate } = CIRCUIT_SIZES;
  const shown = names.map((name) => fitText(name, WIDEST_NAME, SIZES.label));
  const left = Math.max(...shown.map((name) => textWidth(name, SIZES.label))) + 10;
  const last = to === depth, end = left + (to - from) * column + (last ? gate + 12 : 0);
  const wires = shown.map((name, q) =>
    textElement(name, [left - 8, q * wire + 4], { anchor: "end" }) +
    element("line", { x1: left, x2: end, y1: q * wire, y2: q * wire, stroke: COLOURS.rule })
  );
  const drawn = gates.filter((one) => one.column >= from && one.column < to)
    .map((one) => drawGate(one, left + (one.column - from + 0.5) * column));
  const readOut = circuit.observable === "z" ? "⟨Z⟩" : "p";
  const meters = last ? shown.map((_, q) => drawReadOut(readOut, end - gate / 2, q)) : [];
  return {
    markup: moved([...wires, ...drawn, ...meters].join(""), 0, gate / 2 + 1),
    width: end + 2,
    height: (circuit.wires - 1) * wire + gate + 2,
  };
}
