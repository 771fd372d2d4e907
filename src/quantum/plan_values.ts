import { addAngleGradient, angleValue, dependsOnInput } from "./angle.ts";
import {
  type AngleSum,
  type CircuitPlan,
  type DiagonalStep,
  isShared,
  type Step,
} from "./circuit_plan.ts";
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

/** The numbers of a plan for one call: shared ones once, the others for each group of samples. */
export class PlanValues {
  readonly plan: CircuitPlan;
  /** One per `plan.spread`; never shared, so that one kernel suffices there. */
  readonly spread: readonly Turns[];
  /** One per `plan.steps`; those of diagonals that are not shared are empty, see `phases`. */
  readonly steps: readonly Turns[];
  readonly #args: CircuitArgs;
  readonly #inputs: number;
  readonly #width: number;
  /** `[slots, width]`: the angles of the samples selected, and their slopes. */
  readonly #angles: Float64Array;
  readonly #slopes: Float64Array;
  readonly #inputSlots: number[] = [];

  constructor(
    plan: CircuitPlan,
    { args, inputs, width }: {
      readonly args: CircuitArgs;
      /** Length of an input row. */
      readonly inputs: number;
      /** Most samples selected at once. */
      readonly width: number;
    },
  ) {
    this.plan = plan;
    this.#args = args;
    this.#inputs = inputs;
    this.#width = width;
    this.#angles = new Float64Array(plan.slots.length * width);
    this.#slopes = new Float64Array(plan.slots.length * width);
    plan.slots.forEach((angle, slot) => {
      if (dependsOnInput(angle)) this.#inputSlots.push(slot);
      else {this.#angles.fill(
          angleValue(angle, { ...args, row: 0 }),
          slot * width,
          (slot + 1) * width,
        );}
    });
    this.spread = plan.spread.map(() => makeTurns(false, width));
    this.steps = plan.steps.map((step) => this.#prepare(step));
  }

  /** Sets the numbers for samples `start … start + width - 1`. */
  select(start: number, width: number): void {
    const { slots, spread, steps } = this.plan;
    const { inputs, weights } = this.#args;
    for (const slot of this.#inputSlots) {
      for (let j = 0; j < width; j++) {
        const row = (start + j) * this.#inputs;
        this.#angles[slot * this.#width + j] = angleValue(slots[slot], { inputs, weights, row });
      }
    }
    spread.forEach((step, i) => this.#turn(step.angle, this.spread[i], width));
    steps.forEach((step, i) => {
      if (step.kind === "flip" && !this.steps[i].shared) {
        this.#turn(step.angle, this.steps[i], width);
      }
    });
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
        this.#slopes[slot * this.#width + j] += factor * slopes[at + j];
      }
    }
  }

  /** Chain rule from the slopes of the samples selected to inputs and weights; forgets the slopes. */
  pullBack(start: number, width: number, target: GradientTarget): void {
    this.#gather(width);
    const { inputs } = this.#args;
    this.plan.slots.forEach((angle, slot) => {
      const own = this.#slopes.subarray(slot * this.#width, slot * this.#width + width);
      if (!dependsOnInput(angle)) {
        const slope = own.reduce((sum, value) => sum + value, 0);
        return addAngleGradient(angle, slope, { inputs, row: 0, ...target });
      }
      for (let j = 0; j < width; j++) {
        addAngleGradient(angle, own[j], { inputs, row: (start + j) * this.#inputs, ...target });
      }
    });
    this.#slopes.fill(0);
  }

  /** Moves the slopes of all flips to the angles of the circuit. */
  #gather(width: number): void {
    const move = (angle: AngleSum, slopes: Float64Array, count: number, at = 0) =>
      this.addSlopes(angle, { slopes, at, count });
    this.plan.spread.forEach((step, i) => move(step.angle, this.spread[i].slopes, width));
    this.plan.steps.forEach((step, i) => {
      const { shared, slopes } = this.steps[i];
      if (step.kind === "flip") move(step.angle, slopes, shared ? 1 : width);
      else if (step.kind === "double") {
        move(step.first.angle, slopes, 1);
        move(step.second.angle, slopes, 1, 1);
      }
    });
    for (const { slopes } of [...this.spread, ...this.steps]) slopes.fill(0);
  }

  #prepare(step: Step): Turns {
    const { slots, places } = this.plan;
    if (step.kind === "double") {
      const turns = makeTurns(true, 2);
      this.#turn(step.first.angle, turns, 1);
      this.#turn(step.second.angle, turns, 1, 1);
      return turns;
    }
    if (step.kind === "flip") {
      const shared = isShared(step.angle, slots);
      const turns = makeTurns(shared, shared ? 1 : this.#width);
      if (shared) this.#turn(step.angle, turns, 1);
      return turns;
    }
    const shared = step.terms.every(({ angle }) => isShared(angle, slots));
    const turns = makeTurns(shared, shared ? places.length : 0);
    if (shared) this.phases(step, turns, 1);
    return turns;
  }

  /** Half angles of `count` samples, written from `at`. */
  #turn(sum: AngleSum, { cosines, sines }: Turns, count: number, at = 0): void {
    for (let j = 0; j < count; j++) sincosAt(this.#value(sum, j) / 2, cosines, sines, at + j);
  }

  #value({ constant, terms }: AngleSum, sample: number): number {
    let value = constant;
    for (const { slot, factor } of terms) {
      value += factor * this.#angles[slot * this.#width + sample];
    }
    return value;
  }
}

function makeTurns(shared: boolean, count: number): Turns {
  const column = () => new Float64Array(count);
  return { shared, cosines: column(), sines: column(), slopes: column() };
}
