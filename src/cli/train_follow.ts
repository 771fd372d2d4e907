import { unknownName } from "../_internal/check_options.ts";
import type { Outbox } from "../runs/export/outbox.ts";
import type { Remote } from "../runs/export/remote.ts";
import { wandbRemote } from "../runs/export/wandb_remote.ts";
import type { CommandContext } from "./command.ts";
import { type ParsedCommand, textOption, UsageError } from "./usage.ts";
import { requireWandbKey } from "./wandb_key.ts";

/** Options that say who hears of a run while it goes on. */
export const FOLLOW_OPTIONS = {
  follow: { type: "string" },
  project: { type: "string" },
  entity: { type: "string" },
} as const;

const REMOTES = ["wandb"];

/**
 * The remote of `--follow`, before anything starts.
 *
 * @throws {UsageError} for another remote, or where its key is not in the environment
 */
export function followedRemote(parsed: ParsedCommand): Remote | undefined {
  const [follow, project, entity] = Object.keys(FOLLOW_OPTIONS).map((name) =>
    textOption(parsed, name)
  );
  if (follow === undefined) {
    if ((project ?? entity) === undefined) return undefined;
    throw new UsageError("qsight train: --project and --entity are for --follow wandb");
  }
  if (!REMOTES.includes(follow)) {
    throw new UsageError(unknownName("--follow", "remote", follow, REMOTES));
  }
  requireWandbKey("train");
  return wandbRemote({ project, entity });
}

/** Waits a moment for what is not sent yet, and says what was. */
export async function sayFollowed(
  outbox: Outbox | undefined,
  shown: string,
  { signal, stderr }: CommandContext,
): Promise<void> {
  if (outbox === undefined) return;
  const { sent, pending, failed, stopped } = await outbox.close({ signal });
  for (const { path, reason } of failed) stderr.write(`${path}: ${reason}\n`);
  stderr.write(`${sent} items sent to W&B\n`);
  if (stopped !== null) stderr.write(`${stopped}\n`);
  if (pending === 0) return;
  stderr.write(`${pending} are still to be sent: qsight runs export ${shown} --to wandb\n`);
}
