import type { CommandContext } from "./command.ts";
import { callSubcommand, type Subcommands } from "./subcommand.ts";

/** What comes after `qsight data`. */
const SUBCOMMANDS: Subcommands = {
  list: { file: "./data_list.ts", entry: "dataListCommand" },
  check: { file: "./data_check.ts", entry: "dataCheckCommand" },
  fetch: { file: "./data_fetch.ts", entry: "dataFetchCommand" },
};

/** `qsight data`: which data there are, whether they are sound, and how to get them. */
export async function dataCommand(args: string[], context: CommandContext): Promise<number> {
  return await callSubcommand("data", SUBCOMMANDS, { args, context });
}
