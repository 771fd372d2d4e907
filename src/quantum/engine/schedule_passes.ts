import {
  type CircuitPlan,
  type DenseStep,
  type DiagonalStep,
  type FlipStep,
  isShared,
} from "../circuit_plan.ts";
import { parity } from "../pauli_frame.ts";
import { commute } from "../plan_circuit.ts";
import { areIndependent } from "./binary_vectors.ts";

/** A Z string with its angle. */
export type Term = DiagonalStep["terms"][number];

/** Phases that all samples share, then flips that commute: block by block over the rows. */
export interface BlockPass {
  readonly kind: "blocks";
  readonly diagonal: readonly Term[] | undefined;
  readonly flips: FlipStep[];
}

/** Phases of Z strings with independent masks, sample by sample. */
export interface EachPass {
  readonly kind: "each";
  readonly terms: readonly Term[];
}

export type Pass = BlockPass | EachPass | DenseStep;

/** The passes of a plan, and the shared phases right after its first rotations. */
export interface Schedule {
  readonly first: readonly Term[];
  readonly passes: readonly Pass[];
}

/** Of a pass how many before it commute with it and with each other, nothing else between. */
export function runLengths(passes: readonly Pass[]): number[] {
  let first = 0;
  return passes.map((pass, i) => {
    const joinsRun = i > 0 && pass.kind === "blocks" && pass.diagonal === undefined &&
      passes.slice(first, i).every((other) =>
        other.kind === "blocks" &&
        other.flips.every((flip) => pass.flips.every((one) => commute(flip, one)))
      );
    if (!joinsRun) first = i;
    return i - first;
  });
}

/** So many flips may gather their cosines before a table of phases takes them. */
const MOST_COSINES = 96;

/**
 * Sorts the steps of a plan into passes over memory. A flip joins the earliest pass that it can reach
 * past what it commutes with, if there are not yet `most` flips in it.
 */
export function schedulePasses(plan: CircuitPlan, most: number): Schedule {
  const passes: Pass[] = [];
  let first: readonly Term[] = [];
  plan.steps.forEach((step, i) => {
    if (step.kind === "flip") {
      // Flips whose angle differs from sample to sample are turned in twos.
      const twos = most < plan.wires && !isShared(step.angle, plan.slots);
      return addFlip(passes, step, twos ? most - most % 2 : most);
    }
    if (step.kind === "dense") return passes.push(step);
    const shared = step.terms.filter(({ angle }) => isShared(angle, plan.slots));
    const each = step.terms.filter(({ angle }) => !isShared(angle, plan.slots));
    for (const terms of independentSets(each)) passes.push({ kind: "each", terms });
    if (shared.length === 0) return;
    if (i === 0) first = shared;
    else passes.push({ kind: "blocks", diagonal: shared, flips: [] });
  });
  return { first, passes: keepScale(passes) };
}

/** Splits strings into sets whose masks are independent, as few as come easily. */
export function independentSets(terms: readonly Term[]): Term[][] {
  const sets: Term[][] = [];
  for (const term of terms) {
    const set = sets.find((one) => areIndependent([...one, term].map(({ mask }) => mask)));
    if (set === undefined) sets.push([term]);
    else set.push(term);
  }
  return sets;
}

function addFlip(passes: Pass[], flip: FlipStep, most: number): void {
  let found: BlockPass | undefined;
  for (let i = passes.length - 1; i >= 0; i--) {
    const pass = passes[i];
    if (pass.kind === "blocks" && joins(pass, flip, most)) found = pass;
    if (!mayPrecede(pass, flip)) break;
  }
  if (found !== undefined) found.flips.push(flip);
  else passes.push({ kind: "blocks", diagonal: undefined, flips: [flip] });
}

/** Whether a flip may be done before all of a pass. */
function mayPrecede(pass: Pass, flip: FlipStep): boolean {
  if (pass.kind === "dense") return commute(pass, flip);
  const terms = pass.kind === "each" ? pass.terms : pass.diagonal ?? [];
  return terms.every(({ mask }) => parity(mask & flip.flip) === 0) &&
    (pass.kind === "each" || pass.flips.every((other) => commute(other, flip)));
}

/** Flips of a pass do not see each other at all, so that blocks of rows are closed under them. */
function joins({ flips }: BlockPass, flip: FlipStep, most: number): boolean {
  return flips.length < most &&
    flips.every((other) => isApart(other, flip) && isApart(flip, other)) &&
    areIndependent([...flips, flip].map((one) => one.flip));
}

function isApart(a: FlipStep, b: FlipStep): boolean {
  return parity(a.flip & b.mask) === 0 && parity(a.flip & b.controlMask) === 0;
}

/** Puts in a table of phases, all zero, where too many cosines would have to wait. */
function keepScale(passes: readonly Pass[]): Pass[] {
  let waiting = 0;
  return passes.map((pass) => {
    if (pass.kind !== "blocks") return pass;
    if (pass.diagonal !== undefined) waiting = 0;
    waiting += pass.flips.length;
    if (waiting <= MOST_COSINES) return pass;
    waiting = pass.flips.length;
    return { ...pass, diagonal: pass.diagonal ?? [] };
  });
}
