import { relative, resolve } from "node:path";
import { ReportError } from "../report/run_record.ts";
import { saveComparison } from "../report/save_comparison.ts";
import { saveReport } from "../report/save_report.ts";
import { findRun, RunNotFoundError } from "../runs/find_run.ts";
import { checkWritable } from "./check_writable.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { rootOption } from "./runs_options.ts";
import { parseCommand, textOption, UsageError } from "./usage.ts";

const COMMAND = "runs report";

/** `qsight runs report`: the HTML page of a run, or of several side by side. */
export async function runsReportCommand(
  args: string[],
  context: CommandContext,
): Promise<number> {
  const parsed = parseCommand(args, {
    command: COMMAND,
    options: {
      root: { type: "string" },
      out: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const { cwd, stdout } = context;
  const names = parsed.positionals, out = textOption(parsed, "out");
  if (names.length === 0) {
    throw new UsageError(
      `qsight ${COMMAND}: found no run; name one or more: an id, latest or a path`,
    );
  }
  if (names.length === 1 && out !== undefined) {
    throw new UsageError(
      `qsight ${COMMAND}: --out is for several runs; the page of one run stands in its folder, in ` +
        "reports/index.html, where its links lead to the pictures. Leave --out away",
    );
  }
  const root = rootOption(parsed, context);
  const folders = await findRuns(names, { root, cwd });
  const page = await asUsage(async () => {
    if (folders.length === 1) return await saveReport(folders[0]);
    const path = resolve(cwd, out ?? `${root}/comparison.html`);
    if (out !== undefined) {
      await checkWritable({ option: `qsight ${COMMAND}: --out`, path, kind: "file" });
    }
    return await saveComparison(folders, { out: path });
  });
  const shown = relative(cwd, page) || page;
  const report = { schema: "qsight.runs_report/1", page: shown, runs: folders };
  stdout.write(parsed.values.json === true ? `${JSON.stringify(report, null, 2)}\n` : `${shown}\n`);
  return EXIT.ok;
}

async function findRuns(
  names: readonly string[],
  { root, cwd }: { readonly root: string; readonly cwd: string },
): Promise<string[]> {
  const folders: string[] = [];
  for (const name of names) {
    const folder = resolve(await asUsage(() => findRun(root, name, { from: cwd })));
    if (folders.includes(folder)) {
      throw new UsageError(`qsight ${COMMAND}: ${name} names a run that was named before`);
    }
    folders.push(folder);
  }
  return folders;
}

/** What a person named wrongly is no fault of the program. */
async function asUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isArgument = error instanceof RunNotFoundError || error instanceof ReportError ||
      error instanceof RangeError;
    if (!isArgument) throw error;
    throw new UsageError(`qsight ${COMMAND}: ${error.message}`);
  }
}
