import { resolve } from "node:path";
import { checkData } from "../data/check/check_data.ts";
import type { DataCheck, DataFinding } from "../data/check/data_check.ts";
import { DataError } from "../data/data_error.ts";
import type { DataSplits } from "../data/image_set.ts";
import { loadData, type LoadDataOptions } from "../data/load_data.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { checkLines } from "./data_check_lines.ts";
import { saveCheckFigures } from "./data_check_figures.ts";
import { numberOption, parseCommand, type ParsedCommand, textOption, UsageError } from "./usage.ts";

/** Exit code where images, near copies or patients are in more than one split. */
const LEAKAGE = 2;

const OPTIONS = {
  json: { type: "boolean" },
  output: { type: "string" },
  seed: { type: "string" },
  table: { type: "string" },
  split: { type: "string" },
  distance: { type: "string" },
  correlation: { type: "string" },
  "image-size": { type: "string" },
  "image-column": { type: "string" },
  "label-column": { type: "string" },
  "patient-column": { type: "string" },
} as const;

/** `qsight data check`: what makes results on these data too good or wrong. */
export async function dataCheckCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, { command: "data check", options: OPTIONS });
  const [spec, ...others] = parsed.positionals;
  if (spec === undefined || others.length > 0) {
    throw new UsageError(
      `qsight data check: found ${parsed.positionals.length} specs, wanted one: synthetic, a .npz ` +
        "file or a folder",
    );
  }
  const json = parsed.values.json === true;
  const limits = {
    distance: numberOption(parsed, "distance", { least: 0, most: 256, whole: true }),
    correlation: numberOption(parsed, "correlation", { least: 0, most: 1 }),
  };
  const options = loadOptions(parsed, context.cwd);
  let data: DataSplits;
  try {
    const path = spec === "synthetic" ? spec : resolve(context.cwd, spec);
    data = await loadData(path, options);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new UsageError(`qsight data check: ${error.message}`);
    }
    if (!(error instanceof DataError)) throw error;
    return unusable(error, { spec, json }, context);
  }
  const check = checkData(data, {
    ...limits.distance !== undefined && { distance: limits.distance },
    ...limits.correlation !== undefined && { correlation: limits.correlation },
  });
  const output = textOption(parsed, "output");
  const figures = output === undefined
    ? []
    : await saveCheckFigures(resolve(context.cwd, output), { check, data });
  if (json) context.stdout.write(`${JSON.stringify({ ...check, spec, figures }, null, 2)}\n`);
  else context.stdout.write(checkLines(check));
  if (output !== undefined && !json) {
    context.stdout.write(`Figures in ${output}: ${figures.join(", ")}\n`);
  }
  return exitCode(check);
}

function exitCode({ leakage, findings }: DataCheck): number {
  if (leakage) return LEAKAGE;
  return findings.some(({ level }) => level === "error") ? EXIT.failures : EXIT.ok;
}

/** Data that cannot be loaded at all are a finding, the only one. */
function unusable(
  { message, path }: DataError,
  { spec, json }: { readonly spec: string; readonly json: boolean },
  { stdout, stderr }: CommandContext,
): number {
  const finding: DataFinding = {
    ...{ code: "unusable", level: "error", message, count: 1, examples: [path] },
    fix: "as the message says",
  };
  const report = { schema: "qsight.data/1", spec, leakage: false, findings: [finding] };
  if (json) stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else stderr.write(`${message}\n`);
  return EXIT.failures;
}

function loadOptions(parsed: ParsedCommand, cwd: string): LoadDataOptions {
  const text = (name: keyof typeof OPTIONS) => textOption(parsed, name);
  const imageSize = numberOption(parsed, "image-size", { least: 16, most: 1024, whole: true });
  const seed = numberOption(parsed, "seed", { least: 0, whole: true });
  const split = text("split"), table = text("table");
  const columns = Object.fromEntries(
    (["image", "label", "patient"] as const).flatMap((name) => {
      const column = text(`${name}-column`);
      return column === undefined ? [] : [[name, column]];
    }),
  );
  return {
    onUnreadable: "skip",
    ...imageSize !== undefined && { imageSize },
    ...seed !== undefined && { seed },
    ...table !== undefined && { table },
    ...split !== undefined && { split: resolve(cwd, split) },
    ...Object.keys(columns).length > 0 && { columns },
  };
}
