import type { ExplanationCheck, Measure } from "./explanation_check.ts";

/** A method's check as rows of numbers; `plotExplanationCheck()` draws several of them. */
export interface ComparableCheck {
  /** Name of the method. */
  readonly method: string;
  /** Maps that could be measured. */
  readonly ok: number;
  /** Images that were explained. */
  readonly images: number;
  /** What was measured. */
  readonly metrics: readonly {
    /** In words. */
    readonly name: string;
    /** Of the method; null when no map was ok. */
    readonly value: number | null;
    /** Of random maps. */
    readonly random: number | null;
    /** Which way it points. */
    readonly better: "higher" | "lower";
  }[];
  /** All of this in a word. */
  readonly verdict: "trustworthy" | "doubtful" | "undecided";
  /** Why, in sentences. */
  readonly reasons: readonly string[];
}

/**
 * The methods of a check in one form, whatever was measured.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { comparableChecks } from "@qsight/qsight/explain";
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
