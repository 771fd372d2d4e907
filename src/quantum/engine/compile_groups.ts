import type { Angle } from "../angle.ts";
import { type FlipStep, isShared } from "../circuit_plan.ts";
import type { ProgramContext } from "./program_context.ts";
import { GROUP } from "./program_layout.ts";

type Kind = "shared" | "each" | "general";

/** Those that one kernel takes together stand together, the fastest first. */
export function sortFlips(flips: readonly FlipStep[], slots: readonly Angle[]): FlipStep[] {
  const kinds: readonly Kind[] = ["shared", "each", "general"];
  return kinds.flatMap((kind) => flips.filter((flip) => kindOf(flip, slots) === kind));
}

function kindOf({ real, controlMask, angle }: FlipStep, slots: readonly Angle[]): Kind {
  if (!real || controlMask !== 0) return "general";
  return isShared(angle, slots) ? "shared" : "each";
}

/**
 * Writes sorted flips as groups; the flip with number i belongs to bit i of an index into `rows`, the
 * rows of a block.
 */
export function compileGroups(
  context: ProgramContext,
  flips: readonly FlipStep[],
  rows: readonly number[],
): number[] {
  const { plan, writer, turns, shape } = context;
  const rowBytes = 2 * shape.width * shape.real;
  const groups: number[] = [];
  for (let bit = 0; bit < flips.length;) {
    const kind = kindOf(flips[bit], plan.slots);
    const left = flips.slice(bit).filter((flip) => kindOf(flip, plan.slots) === kind).length;
    const count = kind === "shared" ? threesOf(left) : kind === "each" ? Math.min(2, left) : 1;
    const words = flips.slice(bit, bit + count).flatMap((flip) => {
      const turn = turns.add(flip.angle);
      const shared = isShared(flip.angle, plan.slots);
      const vector = shared ? 0 : turns.vector(turn, 0.5);
      const { flip: flipped, mask, real, controlMask, controlParity } = flip;
      // The last one is filled by each call.
      return [turn, vector, flipped, mask, Number(real), controlMask, controlParity, 0];
    });
    const fast = kind !== "general";
    const code = fast
      ? GROUP[kind] + count
      : isShared(flips[bit].angle, plan.slots)
      ? GROUP.generalShared
      : GROUP.general;
    const table = fast ? sideBySide(rows, { bit, count }) : [];
    const address = writer.words(table.map((row) => row * rowBytes));
    const padding = new Array<number>(8 * (3 - count)).fill(0);
    const end = address + 4 * table.length;
    groups.push(writer.words([code, bit, ...words, ...padding, address, end]));
    bit += count;
  }
  return groups;
}

/** The rows that are turned together, one lot after the other. */
function sideBySide(
  rows: readonly number[],
  { bit, count }: { readonly bit: number; readonly count: number },
): number[] {
  const inside = (2 ** count - 1) * 2 ** bit;
  const starts = rows.flatMap((_, index) => (index & inside) === 0 ? [index] : []);
  const offsets = Array.from({ length: 2 ** count }, (_, k) => k * 2 ** bit);
  return starts.flatMap((start) => offsets.map((offset) => rows[start + offset]));
}

/** Threes, but four as two twos. */
function threesOf(left: number): number {
  return left === 4 || left === 2 ? 2 : Math.min(3, left);
}
