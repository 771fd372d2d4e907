import { PUBLISHED } from "./published.ts";
import { isNotBelow, whatItAdds } from "./sentences.ts";
import type { Comparison, Figure, Line } from "./tabulate.ts";

/** Everything that the bench found, as text: a Markdown table of each kind, and sentences. */
export function tableText(
  { lines, comparisons }: {
    readonly lines: readonly Line[];
    readonly comparisons: readonly Comparison[];
  },
): string {
  const named = [...new Set(comparisons.map(({ name }) => name))];
  return [
    table(HEADER, lines.map(lineCells)),
    "",
    table(
      ["configuration", "less", "figure", "rule", "difference", "95 %", "SE", "p", "seeds"],
      comparisons.map((one) => [
        ...[one.name, one.control, one.figure, one.rule],
        ...[one.difference.toFixed(3), one.interval.map((x) => x.toFixed(3)).join(" to ")],
        ...[one.standardError.toFixed(3), one.pValue.toFixed(3), String(one.seeds)],
      ]),
    ),
    "",
    table(
      ["published, on test", "AUC", "accuracy", "source"],
      PUBLISHED.map(({ method, auc, accuracy, source }) => [
        ...[method, auc === null ? "n/a" : auc.toFixed(3), accuracy.toFixed(3), source],
      ]),
    ),
    "",
    ...named.map((name) => {
      const sentence = whatItAdds(comparisons, name);
      return isNotBelow(comparisons, name)
        ? `${sentence} It is not below by two standard errors on any.`
        : `${sentence} It is below by more than two standard errors on at least one.`;
    }),
  ].join("\n");
}

const HEADER = [
  ...["configuration", "on", "answer", "rule", "seeds", "accuracy", "kappa", "AUC"],
  ...["recall of 0 to 4", "ECE", "s", "parameters"],
];

function lineCells(line: Line): string[] {
  const { figures, parameters: { classical, quantum } } = line;
  const recalls = [0, 1, 2, 3, 4].map((c) => short(figures[`recall ${c}`].mean, 2));
  return [
    ...[line.name, line.on, line.answer, line.rule, String(line.seeds)],
    figure(figures.accuracy),
    figure(figures.quadraticWeightedKappa),
    figure(figures.macroAuc),
    recalls.join(" "),
    short(figures.expectedCalibrationError.mean, 3),
    line.seconds.toFixed(0),
    quantum === 0 ? String(classical) : `${classical} + ${quantum}`,
  ];
}

function figure({ mean, sd, interval }: Figure): string {
  const spread = sd === null ? "" : ` ± ${sd.toFixed(3)}`;
  const range = interval === null ? "" : ` (${interval.map((x) => x.toFixed(2)).join(" to ")})`;
  return `${short(mean, 3)}${spread}${range}`;
}

function short(value: number | null, digits: number): string {
  return value === null ? "n/a" : value.toFixed(digits);
}

/** Columns of equal width, as `deno fmt` would write them. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => row[i].length))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}
