import { unknownName } from "../../_internal/check_options.ts";
import type { SanitizeRule, SanitizeRules } from "./sanitize_rules.ts";

/** Names of the built-in replacements. */
export type SanitizeRuleSet = "times" | "dates" | "addresses" | "paths" | "uuids";

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
const TIME =
  "(?:\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d+)?|[0-2]\\d:[0-5]\\d)(?: ?[AaPp][Mm]\\b)?(?: ?(?:UTC|GMT)(?!\\w))?(?:Z|[+-]\\d{2}:?\\d{2})?";

// In the order in which they are applied: a date may end in a time, and a path may hold a date.
const RULES: readonly (readonly [SanitizeRuleSet, RegExp, string])[] = [
  ["uuids", /(?<![\w-])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\w-])/gi, "UUID"],
  ["uuids", /(?<!\w)(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{32}(?!\w)/gi, "UUID"],
  ["addresses", /\b0x[\da-f]{5,16}\b/gi, "ADDRESS"],
  // The name of the file stays: that another one is named is worth seeing.
  ["paths", /(?<![\w.~:/\\<-])(?:file:\/\/)?(?:~|\b[A-Za-z]:)?(?:[\\/][\w.@+~-]+)+[\\/]/g, "PATH/"],
  [
    "dates",
    new RegExp(`(?<!\\d)\\d{4}([-/])\\d{1,2}\\1\\d{1,2}(?:[T ]${TIME})?(?!\\d)`, "g"),
    "DATE",
  ],
  // With dots only where the year is whole: 3.11.12 is a version.
  [
    "dates",
    /(?<![\d/.-])(?:\d{1,2}([-/])\d{1,2}\1(?:\d{4}|\d{2})|\d{1,2}\.\d{1,2}\.\d{4})(?![\d/-])/g,
    "DATE",
  ],
  [
    "dates",
    new RegExp(
      `\\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?,? (?:${TIME} )?|` +
        `\\d{1,2}\\.? ${MONTH}\\.? )\\d{4}\\b`,
      "g",
    ),
    "DATE",
  ],
  ["times", new RegExp(`(?<![\\d:])${TIME}(?![\\d:])`, "g"), "TIME"],
  [
    "times",
    /(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)? ?(?:ns|[µμu]s|ms|s|secs?|seconds?|mins?|minutes?|h|hours?)\b/g,
    "DURATION",
  ],
];
const NAMES = [...new Set(RULES.map(([set]) => set))];

/**
 * Replacements for what changes from run to run and says nothing of the result: `"times"` of the day
 * and durations with a unit, `"dates"`, memory `"addresses"`, the folders of absolute `"paths"` and
 * `"uuids"`. They are applied only where they are asked for.
 *
 * @throws {TypeError} for an unknown name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { builtInSanitizeRules } from "@qsight/qsight/runner";
 *
 * const [rule] = builtInSanitizeRules(["addresses"]);
 * assert.equal("<Axes at 0x7f9ca8f0>".replace(rule.pattern, rule.replacement), "<Axes at ADDRESS>");
 * ```
 */
export function builtInSanitizeRules(sets: readonly SanitizeRuleSet[]): SanitizeRules {
  for (const set of sets) {
    if (!NAMES.includes(set)) {
      throw new TypeError(unknownName("builtInSanitizeRules", "rule set", set, NAMES));
    }
  }
  return RULES.filter(([set]) => sets.includes(set)).map(
    ([name, pattern, replacement]): SanitizeRule => ({ name, pattern, replacement }),
  );
}

/** Whether a word names a built-in set. */
export function isSanitizeRuleSet(name: string): name is SanitizeRuleSet {
  return (NAMES as readonly string[]).includes(name);
}
