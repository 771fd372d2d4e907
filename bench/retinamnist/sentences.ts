// What the comparison says, in words.
import type { Comparison } from "./tabulate.ts";

const NAMES: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  quadraticWeightedKappa: "quadratic weighted kappa",
  macroAuc: "macro AUC",
};

/** What one configuration adds to its control, and whether the intervals exclude zero. */
export function whatItAdds(comparisons: readonly Comparison[], name: string): string {
  const own = comparisons.filter((one) => one.name === name && one.rule === "argmax");
  if (own.length === 0) {
    return `Nothing can be said of ${name} yet: no seed of it and its control is whole.`;
  }
  const [{ control, seeds }] = own;
  const parts = own.map(({ figure, difference, interval: [low, high] }) =>
    `${signed(difference)} ${NAMES[figure]} (95 % interval ${signed(low)} to ${signed(high)})`
  );
  const sure = own.filter(({ interval: [low, high] }) => low > 0 || high < 0);
  const verdict = sure.length === 0
    ? "all intervals include zero, so no difference is shown"
    : `${sure.map(({ figure }) => NAMES[figure]).join(" and ")}: the interval excludes zero`;
  return `Against ${control}, ${name} has ${parts.join(", ")}; ${verdict}. ` +
    `Of ${seeds} fold seed${seeds === 1 ? "" : "s"}, images resampled.`;
}

/** The answer of the README to whether the circuit helps; undefined where nothing is compared yet. */
export function doesItHelp(comparisons: readonly Comparison[], name: string): string | undefined {
  const own = comparisons.filter((one) => one.name === name && one.rule === "argmax");
  if (own.length === 0) return undefined;
  const parts = own.map(({ figure, difference, interval: [low, high] }) =>
    `${NAMES[figure]} ${signed(difference)} (95 % interval ${signed(low)} to ${signed(high)})`
  );
  const sure = own.filter(({ interval: [low, high] }) => low > 0 || high < 0);
  const verdict = sure.length === 0
    ? "no difference is shown"
    : `the interval of ${sure.map(({ figure }) => NAMES[figure]).join(" and ")} excludes zero`;
  const [{ seeds }] = own;
  return `On RetinaMNIST (5-fold cross-validation, ${seeds} fold seed${
    seeds === 1 ? "" : "s"
  }) the ` +
    `4-qubit ensemble against its matched classical control: ${parts.join(", ")}; ${verdict}.`;
}

/** Whether a configuration is not below its control by more than two standard errors on any figure. */
export function isNotBelow(comparisons: readonly Comparison[], name: string): boolean | null {
  const own = comparisons.filter((one) => one.name === name && one.rule === "argmax");
  if (own.length === 0) return null;
  return own.every(({ difference, standardError }) => difference >= -2 * standardError);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
