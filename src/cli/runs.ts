import { unknownName } from "../_internal/check_options.ts";
import type { Command, CommandContext } from "./command.ts";
import { UsageError } from "./usage.ts";

/** What comes after `qsight runs`: file beside this one and function, imported only when asked for. */
const SUBCOMMANDS: Readonly<Record<string, { readonly file: string; readonly entry: string }>> = {
  list: { file: "./runs_list.ts", entry: "runsListCommand" },
  show: { file: "./runs_show.ts", entry: "runsShowCommand" },
  report: { file: "./runs_report.ts", entry: "runsReportCommand" },
  export: { file: "./runs_export.ts", entry: "runsExportCommand" },
  prune: { file: "./runs_prune.ts", entry: "runsPruneCommand" },
  restore: { file: "./runs_restore.ts", entry: "runsRestoreCommand" },
  pin: { file: "./runs_pin.ts", entry: "runsPinCommand" },
  unpin: { file: "./runs_pin.ts", entry: "runsUnpinCommand" },
  verify: { file: "./runs_verify.ts", entry: "runsVerifyCommand" },
};

/** `qsight runs`: what lies in the run folders, and what shall stay there. */
export async function runsCommand(args: string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  const known = Object.keys(SUBCOMMANDS);
  if (name === undefined || name.startsWith("-")) {
    throw new UsageError(`qsight runs: say what to do: ${known.join(", ")}`);
  }
  if (!Object.hasOwn(SUBCOMMANDS, name)) {
    throw new UsageError(unknownName("qsight runs", "command", name, known));
  }
  const { file, entry } = SUBCOMMANDS[name];
  const module: Record<string, Command> = await import(new URL(file, import.meta.url).href);
  return await module[entry](rest, context);
}
