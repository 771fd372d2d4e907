import { basename, relative, resolve } from "node:path";
import { unknownName } from "../_internal/check_options.ts";
import { checkWritable } from "./check_writable.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { onlyRun } from "./runs_options.ts";
import { parseCommand, textOption, UsageError } from "./usage.ts";
import { requireWandbKey } from "./wandb_key.ts";

const TARGETS = ["tensorboard", "wandb"];

/** `qsight runs export`: a run as event files for TensorBoard, or sent to W&B. */
export async function runsExportCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "runs export",
    options: {
      root: { type: "string" },
      to: { type: "string" },
      out: { type: "string" },
      project: { type: "string" },
      entity: { type: "string" },
    },
  });
  const to = textOption(parsed, "to");
  if (to === undefined) {
    throw new UsageError("qsight runs export: say where to: --to tensorboard or --to wandb");
  }
  if (!TARGETS.includes(to)) throw new UsageError(unknownName("--to", "target", to, TARGETS));
  const [out, project, entity] = ["out", "project", "entity"].map((name) =>
    textOption(parsed, name)
  );
  if (to === "tensorboard" && (project ?? entity) !== undefined) {
    throw new UsageError("qsight runs export: --project and --entity are for --to wandb");
  }
  if (to === "wandb" && out !== undefined) {
    throw new UsageError("qsight runs export: --out is for --to tensorboard");
  }
  const folder = await onlyRun(parsed, "export", context);
  return to === "wandb"
    ? await sendToWandb(folder, { project, entity, context })
    : await writeTensorboard(folder, { out, context });
}

async function writeTensorboard(
  run: string,
  { out, context }: { readonly out: string | undefined; readonly context: CommandContext },
): Promise<number> {
  const { exportTensorboard } = await import("../runs/export/export_tensorboard.ts");
  const log = out === undefined ? undefined : resolve(context.cwd, out);
  if (log !== undefined) {
    await checkWritable({ option: "qsight runs export: --out", path: log, kind: "folder" });
  }
  const { folder, epochs, scalars, images, skipped } = await exportTensorboard(run, { out: log });
  for (const { path, reason } of skipped) context.stderr.write(`${path}: left out, ${reason}\n`);
  const shown = log ?? folder;
  context.stdout.write(
    `${basename(run)}: ${epochs} epochs, ${scalars} numbers, ${images} pictures in ` +
      `${relative(context.cwd, folder) || "."}\n` +
      `tensorboard --logdir ${JSON.stringify(relative(context.cwd, shown) || ".")} ` +
      `--samples_per_plugin images=0\n`,
  );
  return EXIT.ok;
}

async function sendToWandb(
  run: string,
  { project, entity, context }: {
    readonly project: string | undefined;
    readonly entity: string | undefined;
    readonly context: CommandContext;
  },
): Promise<number> {
  requireWandbKey("runs export");
  const { replayRun } = await import("../runs/export/replay_run.ts");
  const { wandbRemote } = await import("../runs/export/wandb_remote.ts");
  const remote = wandbRemote({ project, entity });
  const { signal, stdout, stderr } = context;
  const report = await replayRun(run, { remote, signal });
  for (const { path, reason } of report.skipped) stderr.write(`${path}: left out, ${reason}\n`);
  for (const { path, reason } of report.failed) stderr.write(`${path}: ${reason}\n`);
  const { sent, pending, stopped } = report;
  const left = pending === 0 ? "everything is there" : `${pending} are still to be sent`;
  stdout.write(`${basename(run)}: ${sent} items sent to ${remote.where}; ${left}\n`);
  if (stopped !== null) stderr.write(`${stopped}\n`);
  if (pending > 0) stderr.write("Call this again to send the rest; nothing is sent twice\n");
  if (signal.aborted) return EXIT.interrupted;
  return pending === 0 && stopped === null ? EXIT.ok : EXIT.fault;
}
