import { finite } from "./finite.ts";
import { type CheckLike, checkVerdict } from "./verdict.ts";

/** One number of a check, beside what a random map gets. */
export interface CheckMetricLike {
  /** Such as "deletion"; the heading of its panel. */
  readonly name: string;
  /** The mean over the images; null where there is none. */
  readonly value: number | null;
  /** The same of random maps. */
  readonly random: number | null;
  /** Which values are the good ones. */
  readonly better: "higher" | "lower";
}

/** What the check of one method found. */
export interface ExplanationCheckLike extends CheckLike {
  /** How the maps were made, such as "gradcam". */
  readonly method: string;
  /** Images with a map. */
  readonly ok: number;
  /** Images in all. */
  readonly images: number;
  /** What was measured. */
  readonly metrics: readonly CheckMetricLike[];
}

/** A metric over all methods. */
export interface MetricColumn {
  readonly name: string;
  readonly better: "higher" | "lower";
  /** One for each check, in their order; null where a check lacks the metric. */
  readonly values: readonly (number | null)[];
  readonly randoms: readonly (number | null)[];
}

/**
 * The metrics of all checks, in the order in which they first appear. Numbers that are not finite
 * become null.
 *
 * @throws {RangeError} when a verdict is unknown, a metric says neither "higher" nor "lower", or two
 *   checks say the opposite of each other
 */
export function metricColumns(
  where: string,
  checks: readonly ExplanationCheckLike[],
): MetricColumn[] {
  checks.forEach((check) => checkVerdict(where, check));
  const directions = new Map<string, "higher" | "lower">();
  for (const { method, metrics } of checks) {
    for (const { name, better } of metrics) {
      const known = directions.get(name) ?? better;
      if (known !== better || !["higher", "lower"].includes(better)) {
        throw new RangeError(
          `${where}: metric "${name}" of method "${method}" is better "${better}", wanted ` +
            `${known === better ? `"higher" or "lower"` : `"${known}" as in the other methods`}. ` +
            `Pass checks that were made with the same metrics`,
        );
      }
      directions.set(name, better);
    }
  }
  return [...directions].map(([name, better]) => {
    const found = checks.map(({ metrics }) => metrics.find((metric) => metric.name === name));
    return {
      name,
      better,
      values: found.map((metric) => finite(metric?.value)),
      randoms: found.map((metric) => finite(metric?.random)),
    };
  });
}

/** Whether a method does better than random maps; null when one of the numbers is missing. */
export function beatsRandom({ better, values, randoms }: MetricColumn, i: number): boolean | null {
  const value = values[i], random = randoms[i];
  if (value === null || random === null) return null;
  return better === "higher" ? value > random : value < random;
}

/** A number of a check in three digits, "–" for none. */
export function metricText(value: number | null): string {
  if (value === null) return "–";
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
