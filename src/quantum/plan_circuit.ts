import type { Angle } from "./angle.ts";
import type { Circuit, Operation } from "./circuit.ts";
import { elementaryOperations } from "./elementary_operations.ts";
import type { AngleSum, CircuitPlan, DiagonalStep, FlipStep, Step } from "./circuit_plan.ts";
import type { Matrix } from "./gate_matrix.ts";
import { type Letter, parity, PauliFrame } from "./pauli_frame.ts";

const plans = new WeakMap<Circuit, CircuitPlan>();

/**
 * Rewrites a circuit as Pauli rotations. Every gate is one, two or three of them up to a global
 * phase, or a mere renaming of rows; rotations about the same string add up, those along Z are
 * gathered, and what cannot reach a diagonal observable is dropped.
 */
export function planCircuit(circuit: Circuit): CircuitPlan {
  const known = plans.get(circuit);
  if (known !== undefined) return known;
  const operations = elementaryOperations(circuit.operations);
  const layers = operations.filter(({ gate }) => gate === "rx").length >= circuit.wires;
  const builder = new PlanBuilder(circuit.wires, layers);
  for (const operation of operations) builder.add(operation);
  const plan = builder.finish();
  plans.set(circuit, plan);
  return plan;
}

class PlanBuilder {
  #frame: PauliFrame;
  #slots: Angle[] = [];
  #slotOf = new Map<string, number>();
  #steps: Step[] = [];

  readonly #turnsX: boolean;

  /** `turnsX` writes RX as RY between quarter turns: real numbers are turned faster. */
  constructor(wires: number, turnsX: boolean) {
    this.#turnsX = turnsX;
    this.#frame = new PauliFrame(wires);
  }

  add({ gate, wires: [a, b], angle, matrix }: Operation): void {
    const theta = (factor = 1) => this.#sum(angle, factor);
    const fixed = (constant: number): AngleSum => ({ constant, terms: [] });
    switch (gate) {
      case "x":
        return this.#frame.x(a);
      case "cx":
        return this.#frame.cx(a, b);
      case "swap":
        return this.#frame.swap(a, b);
      case "h": // RY(π/2) Z
        this.#turn([[a, "z"]], fixed(Math.PI));
        return this.#turn([[a, "y"]], fixed(Math.PI / 2));
      case "y": // i X Z
        this.#turn([[a, "z"]], fixed(Math.PI));
        return this.#frame.x(a);
      case "z":
        return this.#turn([[a, "z"]], fixed(Math.PI));
      case "s":
        return this.#turn([[a, "z"]], fixed(Math.PI / 2));
      case "t":
        return this.#turn([[a, "z"]], fixed(Math.PI / 4));
      case "sx":
        return this.#turn([[a, "x"]], fixed(Math.PI / 2));
      case "rx":
        if (!this.#turnsX) return this.#turn([[a, "x"]], theta());
        this.#turn([[a, "z"]], fixed(Math.PI / 2));
        this.#turn([[a, "y"]], theta());
        return this.#turn([[a, "z"]], fixed(-Math.PI / 2));
      case "ry":
        return this.#turn([[a, "y"]], theta());
      case "rz":
      case "p":
        return this.#turn([[a, "z"]], theta());
      case "rxx":
        return this.#turn([[a, "x"], [b, "x"]], theta());
      case "ryy":
        return this.#turn([[a, "y"], [b, "y"]], theta());
      case "rzz":
        return this.#turn([[a, "z"], [b, "z"]], theta());
      case "cy": // S CX S† on the target
        this.#turn([[b, "z"]], fixed(-Math.PI / 2));
        this.#frame.cx(a, b);
        return this.#turn([[b, "z"]], fixed(Math.PI / 2));
      case "cz":
        return this.#controlledPhase([a, b], (factor) => fixed(factor * Math.PI));
      case "cp":
        return this.#controlledPhase([a, b], theta);
      case "crz":
        this.#turn([[b, "z"]], theta(0.5));
        return this.#turn([[a, "z"], [b, "z"]], theta(-0.5));
      case "crx":
        return this.#turn([[b, "x"]], theta(), a);
      case "cry":
        return this.#turn([[b, "y"]], theta(), a);
      case "unitary":
        this.#steps.push({ kind: "dense", matrix: matrix as Matrix, ...this.#frame.pair(a, b) });
    }
  }

  finish(): CircuitPlan {
    // Phases right before a diagonal observable change nothing, and have no gradient.
    while (this.#steps.at(-1)?.kind === "diagonal") this.#steps.pop();
    const spread: FlipStep[] = [];
    let rows = Int32Array.of(0);
    for (const step of this.#steps) {
      if (step.kind !== "flip" || step.controlMask !== 0 || rows.includes(step.flip)) break;
      spread.push(step);
      const flipped = rows.map((row) => row ^ step.flip);
      const both = new Int32Array(2 * rows.length);
      both.set(rows);
      both.set(flipped, rows.length);
      rows = both;
    }
    return {
      wires: this.#frame.wires,
      slots: this.#slots,
      spread,
      spreadRows: rows,
      steps: this.#steps.slice(spread.length),
      places: this.#frame.places(),
    };
  }

  /** diag(1, 1, 1, e^iθ) up to a global phase. */
  #controlledPhase([a, b]: readonly [number, number], theta: (factor: number) => AngleSum): void {
    this.#turn([[a, "z"]], theta(0.5));
    this.#turn([[b, "z"]], theta(0.5));
    this.#turn([[a, "z"], [b, "z"]], theta(-0.5));
  }

  #sum(angle: Angle | undefined, factor: number): AngleSum {
    if (angle === undefined) return { constant: 0, terms: [] };
    if (angle.kind === "const") return { constant: factor * angle.value, terms: [] };
    const key = JSON.stringify(angle);
    let slot = this.#slotOf.get(key);
    if (slot === undefined) {
      slot = this.#slots.push(angle) - 1;
      this.#slotOf.set(key, slot);
    }
    return { constant: 0, terms: [{ slot, factor }] };
  }

  #turn(letters: readonly Letter[], angle: AngleSum, control?: number): void {
    const { flip, mask, sign, imaginary } = this.#frame.pauli(letters);
    const signed = {
      constant: sign * angle.constant,
      terms: angle.terms.map(({ slot, factor }) => ({ slot, factor: sign * factor })),
    };
    if (flip === 0) return this.#addDiagonal(mask, signed);
    const on = control === undefined ? { mask: 0, parity: 0 } : this.#frame.up(control);
    this.#addFlip({
      kind: "flip",
      flip,
      mask,
      real: imaginary,
      controlMask: on.mask,
      controlParity: on.parity,
      angle: signed,
    });
  }

  #addDiagonal(mask: number, angle: AngleSum): void {
    const seen = this.#steps.some((step) => !commutesWithMask(step, mask));
    // So far all rows that are not zero have the same sign: a global phase.
    if (!seen) return;
    let earliest: DiagonalStep | undefined;
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const step = this.#steps[i];
      if (!commutesWithMask(step, mask)) break;
      if (step.kind !== "diagonal") continue;
      const same = step.terms.find((term) => term.mask === mask);
      if (same !== undefined) {
        addTo(same.angle, angle);
        return this.#dropZeros(step);
      }
      earliest = step;
    }
    // The earliest leaves the others free to be passed by what comes later.
    if (earliest !== undefined) earliest.terms.push({ mask, angle });
    else this.#steps.push({ kind: "diagonal", terms: [{ mask, angle }] });
  }

  #dropZeros(step: DiagonalStep): void {
    const isZero = ({ angle }: DiagonalStep["terms"][number]) =>
      angle.terms.length === 0 && Math.abs(angle.constant) < 1e-15;
    const found = step.terms.findIndex(isZero);
    if (found >= 0) step.terms.splice(found, 1);
    if (step.terms.length === 0) this.#steps.splice(this.#steps.indexOf(step), 1);
  }

  #addFlip(step: FlipStep): void {
    let at = this.#steps.length;
    for (; at > 0; at--) {
      const before = this.#steps[at - 1];
      if (before.kind === "flip" && sameString(before, step)) {
        return addTo(before.angle, step.angle);
      }
      if (!commute(before, step)) break;
    }
    // As early as possible, so that phases after it can join those that are there.
    this.#steps.splice(at, 0, step);
  }
}

function addTo(sum: AngleSum, more: AngleSum): void {
  sum.constant += more.constant;
  for (const { slot, factor } of more.terms) {
    const same = sum.terms.find((term) => term.slot === slot);
    if (same === undefined) sum.terms.push({ slot, factor });
    else same.factor += factor;
  }
}

function sameString(a: FlipStep, b: FlipStep): boolean {
  return a.flip === b.flip && a.mask === b.mask && a.controlMask === b.controlMask &&
    a.controlParity === b.controlParity;
}

function commutesWithMask(step: Step, mask: number): boolean {
  if (step.kind === "diagonal") return true;
  const flips = step.kind === "flip" ? [step.flip] : step.flips;
  return flips.every((flip) => parity(mask & flip) === 0);
}

/** Whether a flip may change places with a step. */
export function commute(before: Step, step: FlipStep): boolean {
  if (before.kind === "diagonal") {
    return before.terms.every(({ mask }) => parity(mask & step.flip) === 0);
  }
  if (before.kind === "dense") {
    return before.masks.every((mask) => parity(mask & step.flip) === 0) &&
      before.flips.every((flip) => parity(flip & step.mask) === 0) &&
      before.flips.every((flip) => parity(flip & step.controlMask) === 0);
  }
  return parity(before.flip & step.mask) === parity(before.mask & step.flip) &&
    parity(before.flip & step.controlMask) === 0 && parity(before.controlMask & step.flip) === 0;
}
