import type { ExplanationCheck, Measure } from "./explanation_check.ts";

/** A method's check as rows of numbers; `plotExplanationCheck()` draws several of them. */
export interface ComparableCheck {
  readonly method: string;
  readonly ok: number;
  readonly images: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly random: number | null;
    readonly better: "higher" | "lower";
  }[];
  readonly verdict: "trustworthy" | "doubtful" | "undecided";
  readonly reasons: readonly string[];
}

/**
 * The methods of a check in one form, whatever was measured.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { comparableChecks } from "./comparable_checks.ts";
 * const check = { head: "grade", images: 0, given: 0, correct: null, seed: 1, methods: [] };
 * assert.deepEqual(comparableChecks(check), []);
 * ```
 */
export function comparableChecks({ methods }: ExplanationCheck): ComparableCheck[] {
  return methods.map(({ method, ok, images, verdict, reasons, ...measures }) => {
    const { road, deletion, insertion, averageDrop, increase, pointing, energy } = measures;
    const named: [string, Measure | null][] = [
      ["ROAD", road],
      ["deletion", deletion],
      ["insertion", insertion],
      ["average drop", averageDrop],
      ["increase", increase],
      ["pointing game", pointing],
      ["energy in mask", energy],
    ];
    const metrics = named.flatMap(([name, measure]) => {
      if (measure === null) return [];
      const { value, random, direction } = measure;
      const better = direction === "higher is better" ? "higher" as const : "lower" as const;
      return [{ name, value, random, better }];
    });
    return { method, ok, images, metrics, verdict, reasons };
  });
}
