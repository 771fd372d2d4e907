import { basename } from "node:path";
import { pinRun, unpinRun } from "../runs/pin_run.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { onlyRun } from "./runs_options.ts";
import { parseCommand } from "./usage.ts";

/** `qsight runs pin`: keeps a run from being pruned. */
export async function runsPinCommand(args: string[], context: CommandContext): Promise<number> {
  const folder = await onlyRun(parse(args, "runs pin"), "pin", context);
  await pinRun(folder);
  context.stdout.write(`${basename(folder)} is pinned: nothing prunes it\n`);
  return EXIT.ok;
}

/** `qsight runs unpin`: takes that back. */
export async function runsUnpinCommand(args: string[], context: CommandContext): Promise<number> {
  const folder = await onlyRun(parse(args, "runs unpin"), "unpin", context);
  await unpinRun(folder);
  context.stdout.write(`${basename(folder)} is not pinned\n`);
  return EXIT.ok;
}

function parse(args: readonly string[], command: string) {
  return parseCommand(args, { command, options: { root: { type: "string" } } });
}
