// What the comparison says, in words.
import type { Comparison } from "./tabulate.ts";

const NAMES: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  quadraticWeightedKappa: "quadratic weighted kappa",
  macroAuc: "macro AUC",
};

/** What one configuration adds to its control, and whether the intervals exclude zero. */
export function whatItAdds(comparisons: readonly Comparison[], name: string): string {
  const own = byArgmax(comparisons, name);
  if (own.length === 0) {
    return `Nothing can be said of ${name} yet: no seed of it and its control is whole.`;
  }
  const [{ control, seeds }] = own;
  const parts = own.map(({ figure, difference, interval: [low, high] }) =>
    `${signed(difference)} ${NAMES[figure]} (${range(low, high)})`
  );
  const sure = own.filter(excludesZero);
  const verdict = sure.length === 0
    ? "all intervals include zero, so no difference is shown"
    : `${namesOf(sure)}: the interval excludes zero`;
  return `Against ${control}, ${name} has ${parts.join(", ")}; ${verdict}. ` +
    `Of ${seeds} fold seed${seeds === 1 ? "" : "s"}, images resampled.`;
}

/** The answer of the README to whether the circuit helps; undefined where nothing is compared yet. */
export function doesItHelp(comparisons: readonly Comparison[], name: string): string | undefined {
  const own = byArgmax(comparisons, name);
  if (own.length === 0) return undefined;
  const parts = own.map(({ figure, difference, interval: [low, high] }) =>
    `${NAMES[figure]} ${signed(difference)} (${range(low, high)})`
  );
  const sure = own.filter(excludesZero);
  const verdict = sure.length === 0
    ? "no difference is shown"
    : `the interval of ${namesOf(sure)} excludes zero`;
  const [{ seeds }] = own;
  return `On RetinaMNIST (5-fold cross-validation, ${seeds} fold seed${
    seeds === 1 ? "" : "s"
  }) the ` +
    `4-qubit ensemble against its matched classical control: ${parts.join(", ")}; ${verdict}.`;
}

/** Whether a configuration is not below its control by more than two standard errors on any figure. */
export function isNotBelow(comparisons: readonly Comparison[], name: string): boolean | null {
  const own = byArgmax(comparisons, name);
  if (own.length === 0) return null;
  return own.every(({ difference, standardError }) => difference >= -2 * standardError);
}

function byArgmax(comparisons: readonly Comparison[], name: string): Comparison[] {
  return comparisons.filter((one) => one.name === name && one.rule === "argmax");
}

function excludesZero({ interval: [low, high] }: Comparison): boolean {
  return low > 0 || high < 0;
}

function namesOf(comparisons: readonly Comparison[]): string {
  return comparisons.map(({ figure }) => NAMES[figure]).join(" and ");
}

function range(low: number, high: number): string {
  return `95 % interval ${signed(low)} to ${signed(high)}`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
