import { checkOptions, unknownName } from "../../_internal/check_options.ts";
import type { NumberTolerance } from "./number_tolerance.ts";
import type { SanitizeRules } from "./sanitize_rules.ts";

/**
 * Which cells are compared: none, those tagged to be checked, or all that are not tagged to be
 * ignored. The last two are `--nbval-lax` and `--nbval`.
 */
export type CompareMode = "off" | "tagged" | "all";

/** Options of {@linkcode compareNotebooks}. */
export interface CompareOptions {
  /** Which cells are compared. @default {"tagged"} */
  readonly mode?: CompareMode;
  /** Replacements applied to both sides first. @default {[]} */
  readonly sanitize?: SanitizeRules;
  /** How far numbers in text, tables, JSON and SVG may be off. @default they are compared as text */
  readonly tolerance?: NumberTolerance;
  /** Share of the pixels of a picture that may differ visibly, 0 to 1. @default that of the picture comparison */
  readonly imageTolerance?: number;
  /** MIME types that are not compared, also as `"image/*"`; and `"stdout"`, `"stderr"`. @default {[]} */
  readonly ignoreMimes?: readonly string[];
  /** An error is no difference by itself, as in `executeNotebook`. @default {false} */
  readonly allowErrors?: boolean;
}

const OPTIONS = [
  ...["mode", "sanitize", "tolerance", "imageTolerance", "ignoreMimes", "allowErrors"],
];
const MODES: readonly CompareMode[] = ["off", "tagged", "all"];

/**
 * @throws {TypeError} for unknown options and modes, and for a sanitising pattern without flag g
 * @throws {RangeError} for a tolerance below 0
 */
export function checkCompareOptions(where: string, options: CompareOptions): void {
  checkOptions(where, options, OPTIONS);
  const { mode, sanitize = [], tolerance, imageTolerance, ignoreMimes = [] } = options;
  if (mode !== undefined && !MODES.includes(mode)) {
    throw new TypeError(unknownName(where, "mode", mode, MODES));
  }
  if (!Array.isArray(ignoreMimes) || ignoreMimes.some((mime) => typeof mime !== "string")) {
    throw new TypeError(
      `${where}: ignoreMimes must be a list of MIME types, such as ["text/html"]`,
    );
  }
  if (!Array.isArray(sanitize)) {
    throw new TypeError(`${where}: sanitize must be a list of rules; see parseSanitizeRules()`);
  }
  for (const { name, pattern } of sanitize) {
    if (pattern instanceof RegExp && pattern.global) continue;
    throw new TypeError(
      `${where}: sanitize rule "${name}" has the pattern ${pattern}, wanted one with the flag g, ` +
        "which means every match",
    );
  }
  checkOptions(`${where}, tolerance`, tolerance, ["relative", "absolute"]);
  const { relative, absolute } = tolerance ?? {};
  const numbers = {
    "tolerance.relative": relative,
    "tolerance.absolute": absolute,
    imageTolerance,
  };
  for (const [name, value] of Object.entries(numbers)) {
    const most = name === "imageTolerance" ? 1 : Number.MAX_VALUE;
    if (value === undefined || (value >= 0 && value <= most)) continue;
    const wanted = most === 1 ? "a share from 0 to 1" : "a number of 0 or more";
    throw new RangeError(`${where}: ${name} is ${value}, wanted ${wanted}`);
  }
}
