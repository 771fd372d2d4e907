import type { CompatibilityRow, FixTier } from "./compatibility_row.ts";
import type { ErrorMatch } from "./explain_error.ts";

/** Rows beyond these few are named only: the first is nearly always the one. */
const MOST_TOLD = 3;

/**
 * What was found for an error, as text for people: cause, remedies by tier, and where it was read.
 * Without a match it says so, and what to do then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { explainError, formatExplanation } from "@qsight/qsight/hardware";
 *
 * const text = formatExplanation(explainError("undefined symbol: uv_unref"));
 * assert.match(text, /^QC505 .*\n.*libuv.*\n.*\n.*\n.*Deno 2\.8\.2 or later/);
 * ```
 */
export function formatExplanation(matches: readonly ErrorMatch[]): string {
  if (matches.length === 0) {
    return "No row of the compatibility matrix has this text, so it is not one of the known " +
      "conflicts between versions and machines. Paste the whole output, from its first line on: " +
      "the line that tells often stands above the last error. If the message names a file or a " +
      "module of your own, look there first";
  }
  const told = matches.slice(0, MOST_TOLD).map(({ row }) => formatRow(row));
  const others = matches.slice(MOST_TOLD).map(({ row }) => `${row.id} (${row.title})`);
  return [...told, ...(others.length === 0 ? [] : [`See also ${others.join(", ")}`])].join("\n\n");
}

function formatRow({ id, title, cause, fixes, verified, sources }: CompatibilityRow): string {
  return [
    `${id} ${title}`,
    `  Why: ${cause}`,
    `  By configuration: ${tierText(fixes.configuration)}`,
    `  In the code: ${tierText(fixes.code)}`,
    `  On the machine: ${tierText(fixes.environment)}`,
    `  Known: ${verified.how} on ${verified.on} (${verified.by}); ${sources.join(", ")}`,
  ].join("\n");
}

/** What to do on a tier, or why there is nothing. */
function tierText(tier: FixTier): string {
  if (tier.do === undefined) return `nothing, ${tier.none}`;
  return tier.template === undefined ? tier.do : `${tier.do} (${tier.template})`;
}
