import type { DataCheck, DataFinding } from "../data/check/data_check.ts";
import { printable } from "../_internal/printable.ts";
import { columns } from "./runs_format.ts";

/** A check for a person: the splits in numbers, then the findings. */
export function checkLines(check: DataCheck): string {
  const { name, classes, size, sizes, splits, synthetic, findings, limits, notes } = check;
  const images = splits.reduce((sum, { count }) => sum + count, 0);
  const kept = sizes.slice(0, 3).map(({ width, height, count }) =>
    `${width} x ${height} (${count})`
  );
  const more = sizes.length > 3 ? ` and ${sizes.length - 3} other sizes` : "";
  const facts = [
    `${name}: ${images} images of ${classes.length} classes, compared at ${size[1]} x ${size[0]}` +
    `${synthetic ? ", synthetic" : ""}`,
    ...sizes.length === 0 ? [] : [`Sizes in the files: ${kept.join(", ")}${more}`],
    ...notes,
  ];
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const rows = splits.map(({ split, count, classCounts, patients, mean, sd, brightness }) => [
    split,
    String(count),
    patients === null ? "unknown" : String(patients),
    ...classCounts.map((one) => `${one} (${percent(count === 0 ? 0 : one / count)})`),
    mean.map((one) => one.toFixed(2)).join(" "),
    sd.map((one) => one.toFixed(2)).join(" "),
    `${brightness.min.toFixed(2)} to ${brightness.max.toFixed(2)}`,
  ]);
  const table = columns(
    ["split", "images", "patients", ...classes, "mean RGB", "sd RGB", "brightness"],
    rows,
  );
  const shown = findings.length === 0 ? ["Nothing found"] : findings.flatMap(findingLines);
  return [
    ...facts.map(printable),
    "",
    table,
    ...shown,
    "",
    `Near duplicates: at most ${limits.distance} of 256 bits of the difference hash apart, and ` +
    `correlated with at least ${limits.correlation}; mirrored and turned copies are not found`,
    "",
  ].join("\n");
}

function findingLines({ level, code, message, fix, examples, count }: DataFinding): string[] {
  const more = count > examples.length && examples.length > 0 ? ", …" : "";
  return [
    `${level === "leakage" ? "LEAKAGE" : level}  ${code}: ${message}`,
    ...examples.length === 0 ? [] : [`    e.g. ${examples.join("; ")}${more}`],
    `    To mend it: ${fix}`,
  ].map(printable);
}
