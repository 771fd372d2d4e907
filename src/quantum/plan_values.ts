import { addAngleGradient, angleValue, dependsOnInput } from "./angle.ts";
import { type AngleSum, type CircuitPlan, type DiagonalStep, isShared } from "./circuit_plan.ts";
import type { Group } from "./observe_rows.ts";
import { sincosAt } from "./sincos.ts";
import type { CircuitArgs } from "./simulator_contract.ts";
import { walshHadamard } from "./walsh_hadamard.ts";

/** Cosines and sines of half angles: one, one per sample, or one per row. */
export interface Turns {
  /** Whether they hold for every sample. */
  readonly shared: boolean;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  /** Slopes of the angles of flips, gathered by the backward sweep. */
  readonly slopes: Float64Array;
}

/** What the gradients are added to. */
export interface GradientTarget {
  readonly inputGradient: Float64Array;
  readonly weightGradient: Float64Array;
}

/**
 * The numbers of a plan: shared ones for a call, the others for each group of samples. Its arrays are
 * made once and filled again by each call.
 */
export class PlanValues {
  readonly plan: CircuitPlan;
  /** Most samples selected at once. */
  readonly width: number;
  /** One per `plan.spread`; never shared, so that one kernel suffices there. */
  readonly spread: readonly Turns[];
  /** One per `plan.steps`; those of diagonals that are not shared are empty, see `phases`. */
  readonly steps: readonly Turns[];
  /** Length of an input row. */
  readonly #inputs: number;
  /** `[slots, width]`: the angles of the samples selected, and their slopes. */
  readonly #angles: Float64Array;
  readonly #slopes: Float64Array;
  readonly #inputSlots: readonly number[];

  constructor(
    plan: CircuitPlan,
    { inputs, width }: { readonly inputs: number; readonly width: number },
  ) {
    this.plan = plan;
    this.width = width;
    this.#inputs = inputs;
    this.#angles = new Float64Array(plan.slots.length * width);
    this.#slopes = new Float64Array(plan.slots.length * width);
    this.#inputSlots = plan.slots.flatMap((angle, slot) => dependsOnInput(angle) ? [slot] : []);
    this.spread = plan.spread.map(() => makeTurns(false, width));
    this.steps = plan.steps.map((step) => {
      if (step.kind === "dense") return makeTurns(true, 0);
      const sums = step.kind === "flip" ? [step.angle] : step.terms.map(({ angle }) => angle);
      const shared = sums.every((sum) => isShared(sum, plan.slots));
      if (step.kind === "flip") return makeTurns(shared, shared ? 1 : width);
      return makeTurns(shared, shared ? plan.places.length : 0);
    });
  }

  /** Sets the numbers that all samples share. */
  begin({ weights }: CircuitArgs): void {
    const { slots, steps } = this.plan;
    this.#slopes.fill(0);
    for (let slot = 0; slot < slots.length; slot++) {
      if (dependsOnInput(slots[slot])) continue;
      const value = angleValue(slots[slot], { inputs: weights, weights, row: 0 });
      this.#angles.fill(value, slot * this.width, (slot + 1) * this.width);
    }
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i], turns = this.steps[i];
      turns.slopes.fill(0);
      if (turns.shared && step.kind === "flip") this.#turn(step.angle, turns, 1);
      else if (turns.shared && step.kind === "diagonal") this.phases(step, turns, 1);
    }
  }

  /** Sets the numbers for samples `start … start + width - 1`. */
  select({ inputs, weights }: CircuitArgs, { start, width }: Group): void {
    const { slots, spread, steps } = this.plan;
    for (const slot of this.#inputSlots) {
      for (let j = 0; j < width; j++) {
        const row = (start + j) * this.#inputs;
        this.#angles[slot * this.width + j] = angleValue(slots[slot], { inputs, weights, row });
      }
    }
    for (let i = 0; i < spread.length; i++) this.#turn(spread[i].angle, this.spread[i], width);
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      if (step.kind !== "flip" || this.steps[i].shared) continue;
      this.#turn(step.angle, this.steps[i], width);
    }
  }

  /** Cosines and sines of the phases of all rows, `[rows, width]`; width 1 for a shared diagonal. */
  phases(
    step: DiagonalStep,
    { cosines, sines }: Pick<Turns, "cosines" | "sines">,
    width: number,
  ): void {
    const count = this.plan.places.length * width;
    cosines.fill(0, 0, count);
    for (const { mask, angle } of step.terms) {
      for (let j = 0; j < width; j++) cosines[mask * width + j] += this.#value(angle, j) / -2;
    }
    walshHadamard(cosines, this.plan.places.length, width);
    for (let i = 0; i < count; i++) sincosAt(cosines[i], cosines, sines, i);
  }

  /** Adds the slopes dL/dθ of a sum of angles: one for all samples, or one each from `at`. */
  addSlopes(
    { terms }: AngleSum,
    { slopes, at, count }: {
      readonly slopes: Float64Array;
      readonly at: number;
      readonly count: number;
    },
  ): void {
    for (const { slot, factor } of terms) {
      for (let j = 0; j < count; j++) {
        this.#slopes[slot * this.width + j] += factor * slopes[at + j];
      }
    }
  }

  /** Chain rule from the slopes of the samples selected to inputs and weights; forgets the slopes. */
  pullBack({ inputs }: CircuitArgs, { start, width }: Group, target: GradientTarget): void {
    const { slots } = this.plan;
    this.#gather(width);
    const into = { inputs, row: 0, ...target };
    for (let slot = 0; slot < slots.length; slot++) {
      const own = slot * this.width;
      if (dependsOnInput(slots[slot])) {
        for (let j = 0; j < width; j++) {
          into.row = (start + j) * this.#inputs;
          addAngleGradient(slots[slot], this.#slopes[own + j], into);
        }
        continue;
      }
      let slope = 0;
      for (let j = 0; j < width; j++) slope += this.#slopes[own + j];
      addAngleGradient(slots[slot], slope, into);
    }
    this.#slopes.fill(0);
  }

  /** Moves the slopes of all flips to the angles of the circuit. */
  #gather(width: number): void {
    const { spread, steps } = this.plan;
    const move = (angle: AngleSum, slopes: Float64Array, count: number, at = 0) => {
      this.addSlopes(angle, { slopes, at, count });
      slopes.fill(0, at, at + count);
    };
    for (let i = 0; i < spread.length; i++) move(spread[i].angle, this.spread[i].slopes, width);
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i], { shared, slopes } = this.steps[i];
      if (step.kind === "flip") move(step.angle, slopes, shared ? 1 : width);
    }
  }

  /** Half angles of `count` samples, written from `at`. */
  #turn(sum: AngleSum, { cosines, sines }: Turns, count: number, at = 0): void {
    for (let j = 0; j < count; j++) sincosAt(this.#value(sum, j) / 2, cosines, sines, at + j);
  }

  #value({ constant, terms }: AngleSum, sample: number): number {
    let value = constant;
    for (const { slot, factor } of terms) {
      value += factor * this.#angles[slot * this.width + sample];
    }
    return value;
  }
}

function makeTurns(shared: boolean, count: number): Turns {
  const column = () => new Float64Array(count);
  return { shared, cosines: column(), sines: column(), slopes: column() };
}
