import { unknownName } from "../_internal/check_options.ts";
import type { Command, CommandContext } from "./command.ts";
import { UsageError } from "./usage.ts";

/** What comes after `qsight data`: file beside this one and function, imported only when asked for. */
const SUBCOMMANDS: Readonly<Record<string, { readonly file: string; readonly entry: string }>> = {
  list: { file: "./data_list.ts", entry: "dataListCommand" },
  check: { file: "./data_check.ts", entry: "dataCheckCommand" },
  fetch: { file: "./data_fetch.ts", entry: "dataFetchCommand" },
};

/** `qsight data`: which data there are, whether they are sound, and how to get them. */
export async function dataCommand(args: string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  const known = Object.keys(SUBCOMMANDS);
  if (name === undefined || name.startsWith("-")) {
    throw new UsageError(`qsight data: say what to do: ${known.join(", ")}`);
  }
  if (!Object.hasOwn(SUBCOMMANDS, name)) {
    throw new UsageError(unknownName("qsight data", "command", name, known));
  }
  const { file, entry } = SUBCOMMANDS[name];
  const module: Record<string, Command> = await import(new URL(file, import.meta.url).href);
  return await module[entry](rest, context);
}
