import type { CommandContext } from "./command.ts";
import { callSubcommand, type Subcommands } from "./subcommand.ts";

/** What comes after `qsight runs`. */
const SUBCOMMANDS: Subcommands = {
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
  return await callSubcommand("runs", SUBCOMMANDS, { args, context });
}
