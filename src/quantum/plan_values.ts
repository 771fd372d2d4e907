import { addAngleGradient, angleValue, dependsOnInput } from "./angle.ts";
import { type AngleSum, type CircuitPlan, type DiagonalStep, isShared } from "./circuit_plan.ts";
import { sincosAt } from "./sincos.ts";
import type { CircuitArgs } from "./simulator_contract.ts";
import { walshHadamard } from "./walsh_hadamard.ts";

/** Cosines and sines of half angles: one, one per sample, or one per row. */
export interface Turns {
  /** Whether they hold for every sample. */
  readonly shared: boolean;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  /** Slopes of a flip's angle, gathered by the backward sweep. */
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
    this.#fillAngles(0, width, (slot) => !dependsOnInput(plan.slots[slot]));
    this.spread = plan.spread.map(() => makeTurns(false, width));
    this.steps = plan.steps.map((step) => {
      if (step.kind === "flip") {
        const shared = isShared(step.angle, plan.slots);
        const turns = makeTurns(shared, shared ? 1 : width);
        if (shared) this.#turn(step.angle, turns, 1);
        return turns;
      }
      const shared = step.terms.every(({ angle }) => isShared(angle, plan.slots));
      const turns = makeTurns(shared, shared ? plan.places.length : 0);
      if (shared) this.phases(step, turns, 1);
      return turns;
    });
  }

  /** Sets the numbers for samples `start … start + width - 1`. */
  select(start: number, width: number): void {
    const { slots, spread, steps } = this.plan;
    this.#fillAngles(start, width, (slot) => dependsOnInput(slots[slot]));
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
    const { inputs } = this.#args;
    this.#eachFlip(
      (angle, slopes, count) => this.addSlopes(angle, { slopes, at: 0, count }),
      width,
    );
    this.plan.slots.forEach((angle, slot) => {
      for (let j = 0; j < width; j++) {
        const slope = this.#slopes[slot * this.#width + j];
        addAngleGradient(angle, slope, { inputs, row: (start + j) * this.#inputs, ...target });
      }
    });
    this.#slopes.fill(0);
    this.#eachFlip((_, slopes) => slopes.fill(0), width);
  }

  #eachFlip(
    visit: (angle: AngleSum, slopes: Float64Array, count: number) => void,
    width: number,
  ): void {
    this.plan.spread.forEach((step, i) => visit(step.angle, this.spread[i].slopes, width));
    this.plan.steps.forEach((step, i) => {
      const { shared, slopes } = this.steps[i];
      if (step.kind === "flip") visit(step.angle, slopes, shared ? 1 : width);
    });
  }

  #fillAngles(start: number, width: number, wanted: (slot: number) => boolean): void {
    const { inputs, weights } = this.#args;
    this.plan.slots.forEach((angle, slot) => {
      if (!wanted(slot)) return;
      for (let j = 0; j < width; j++) {
        const row = (start + j) * this.#inputs;
        this.#angles[slot * this.#width + j] = angleValue(angle, { inputs, weights, row });
      }
    });
  }

  #turn(sum: AngleSum, { cosines, sines }: Turns, width: number): void {
    for (let j = 0; j < width; j++) sincosAt(this.#value(sum, j) / 2, cosines, sines, j);
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
