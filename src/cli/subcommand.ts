import { unknownName } from "../_internal/check_options.ts";
import { ownModule } from "../_internal/own_module.ts";
import type { Command, CommandContext } from "./command.ts";
import { UsageError } from "./usage.ts";

/** File beside this one and the function in it; imported only when it is asked for. */
export type Subcommands = Readonly<
  Record<string, { readonly file: string; readonly entry: string }>
>;

/**
 * Calls what comes after a command that has commands of its own.
 *
 * @throws {UsageError} when that is missing or unknown
 */
export async function callSubcommand(
  command: string,
  subcommands: Subcommands,
  { args, context }: { readonly args: readonly string[]; readonly context: CommandContext },
): Promise<number> {
  const [name, ...rest] = args;
  const known = Object.keys(subcommands);
  if (name === undefined || name.startsWith("-")) {
    throw new UsageError(`qsight ${command}: say what to do: ${known.join(", ")}`);
  }
  if (!Object.hasOwn(subcommands, name)) {
    throw new UsageError(unknownName(`qsight ${command}`, "command", name, known));
  }
  const { file, entry } = subcommands[name];
  const module: Record<string, Command> = await import(ownModule(file, import.meta.url));
  return await module[entry](rest, context);
}
