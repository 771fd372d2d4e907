import { relative } from "node:path";
import { DiskFullError } from "../_internal/disk_full_error.ts";
import { renderPng } from "../images/render_png.ts";
import { fitTemperature } from "../metrics/fit_temperature.ts";
import { calibrateModel } from "../model/calibrate_model.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { openRun } from "../runs/open_run.ts";
import { followRun } from "../runs/export/follow_run.ts";
import type { Outbox } from "../runs/export/outbox.ts";
import type { RetentionOutcome, Run } from "../runs/run.ts";
import { verifyRun } from "../runs/verify_run.ts";
import { finishTraining } from "../training/finish_training.ts";
import type { FitOptions } from "../training/fit_options.ts";
import type { FitResult } from "../training/fit_result.ts";
import { preflight } from "../training/preflight.ts";
import { saveFigures } from "../training/save_figures.ts";
import { showProgress } from "../training/show_progress.ts";
import { startFit } from "../training/start_fit.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { explainsItself } from "./own_error.ts";
import { reportLines } from "./runs_prune.ts";
import { sayFollowed } from "./train_follow.ts";
import { readTrainPlan, type TrainPlan } from "./train_plan.ts";
import { closingLines } from "./train_report.ts";
import { openTask, type TrainTask } from "./train_task.ts";
import { UsageError } from "./usage.ts";

/** `qsight train`: trains a hybrid classifier into a run folder, or goes on with one. */
export async function trainCommand(args: string[], context: CommandContext): Promise<number> {
  const plan = await readTrainPlan(args, context.cwd);
  try {
    return await train(plan, context);
  } catch (error) {
    const isOwn = error instanceof Error && explainsItself(error.name);
    if (!isOwn || error instanceof UsageError) throw error;
    context.stderr.write(`${error.name}: ${error.message}\n`);
    return EXIT.failures;
  }
}

async function train(plan: TrainPlan, context: CommandContext): Promise<number> {
  // A package or a permission that figures lack is noticed now, not after the first epoch.
  await renderPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
  const task = await openTask(plan);
  const { config, seed } = plan;
  const options = { ...config.fit, stages: config.stages, seed, lock: task.lock };
  sayWhat(task, plan, context);
  if (!await passes(task, options, context)) return EXIT.failures;
  if (context.signal.aborted) return EXIT.interrupted;
  const outbox = plan.follow && followRun({ remote: plan.follow });
  const run = await openTrainRun(plan, task, { outbox, context });
  const shown = relative(context.cwd, run.folder) || run.folder;
  try {
    return await trainInto(run, { task, options, plan, shown }, context);
  } catch (error) {
    if (!(error instanceof DiskFullError)) throw error;
    context.stderr.write(
      `${error.name}: ${error.message}.\n` +
        `See what could go with: qsight runs prune --keep-last 5\n` +
        `Go on with: qsight train --resume ${shown}\n`,
    );
    return EXIT.failures;
  } finally {
    await sayFollowed(outbox, shown, context);
  }
}

async function trainInto(
  run: Run,
  { task, options, plan, shown }: TrainInto,
  context: CommandContext,
): Promise<number> {
  const { result, notes } = await fitUntilStopped(run, { task, options, plan }, context);
  const { stopped } = result;
  if (stopped !== null) {
    const { stage, epoch, step } = stopped;
    context.stderr.write(
      `Stopped in stage "${stage}" after ${epoch} epochs and ${step} batches; nothing is lost.\n` +
        `Go on with: qsight train --resume ${shown}\n`,
    );
    return EXIT.interrupted;
  }
  const { data, backend, sampler, lock } = task;
  const model = calibrated(task.model, result);
  const finish = { model, data, result, backend, sampler, lock: lock.stats(), seed: plan.seed };
  await finishTraining(run, finish);
  for (const note of notes) context.stderr.write(`${note}\n`);
  const damaged = await verifyRun(run.folder);
  for (const finding of damaged) context.stderr.write(`${shown}: ${JSON.stringify(finding)}\n`);
  context.stdout.write(await closingLines(run.folder, { cwd: context.cwd }));
  return damaged.length === 0 ? EXIT.ok : EXIT.failures;
}

function sayWhat(
  { data, backend }: TrainTask,
  { file }: TrainPlan,
  { cwd, stderr }: CommandContext,
): void {
  const { train, val, classes, synthetic, report } = data;
  stderr.write(
    `${train.count} training and ${val.count} validation images of ${classes.length} classes` +
      `${synthetic ? ", synthetic" : ""}\n${backend.why}\n`,
  );
  // Nobody has to wonder where settings come from that were not on the command line.
  if (file !== undefined) stderr.write(`Configuration of ${relative(cwd, file) || file}\n`);
  for (const note of report.notes) stderr.write(`${note}\n`);
  if (report.ignored.length > 0) stderr.write(`${report.ignored.length} files were not read\n`);
}

/** Says what would go wrong; false when the training should not begin. */
async function passes(
  { model, data }: TrainTask,
  options: FitOptions,
  { stderr }: CommandContext,
): Promise<boolean> {
  const findings = await preflight(model, data, options);
  for (const { level, message, fix } of findings) {
    stderr.write(
      `${level === "error" ? "Error" : "Warning"}: ${message}.\n  To mend it: ${fix}.\n`,
    );
  }
  return findings.every(({ level }) => level !== "error");
}

async function openTrainRun(
  plan: TrainPlan,
  { data }: TrainTask,
  { outbox, context }: { readonly outbox: Outbox | undefined; readonly context: CommandContext },
): Promise<Run> {
  const { config, spec, seed, root, resumed } = plan;
  const retention = Object.keys(config.retention).length === 0 ? undefined : config.retention;
  const begun = {
    command: "train",
    ...config,
    data: { spec, ...config.data },
    seed,
    imageSize: data.train.width,
    classes: data.classes,
  };
  return await openRun({
    root,
    seed,
    synthetic: data.synthetic,
    ...outbox && { onSaved: outbox.onSaved },
    ...retention && { retention, onRetention: (outcome) => sayRetention(outcome, context) },
    ...resumed === undefined ? { config: begun } : { config: resumed.config, reopen: resumed.id },
  });
}

/** Says what became of older runs; nothing when all of them stay. */
function sayRetention({ report, error }: RetentionOutcome, context: CommandContext): void {
  if (error !== undefined) context.stderr.write(`Retention: ${error.message}\n`);
  if (report === undefined || report.results.length === 0) return;
  context.stderr.write(`Retention: ${reportLines(report, context)}`);
}

/** What goes into a run, and how. */
interface TrainInto {
  readonly task: TrainTask;
  readonly options: FitOptions;
  readonly plan: TrainPlan;
  /** The run's folder as the user would write it. */
  readonly shown: string;
}

/** Ctrl-C ends the training after the batch at hand. */
async function fitUntilStopped(
  run: Run,
  { task, options, plan }: Omit<TrainInto, "shown">,
  { stderr, isTerminal, signal }: CommandContext,
): Promise<{ result: FitResult; notes: string[] }> {
  const { model, data } = task;
  const output = {
    write: (text: string) => stderr.write(text),
    isTTY: isTerminal,
    columns: stderr.columns,
  };
  const shown = showProgress({ output });
  const training = startFit(model, data, {
    ...options,
    run,
    onExisting: plan.resumed === undefined ? "error" : "resume",
    allowOtherBackend: plan.resumed?.allowOtherBackend ?? false,
    progress: shown.update,
    // The signal of the command hears of Ctrl-C already, and of SIGTERM.
    stopOnInterrupt: false,
    callbacks: [saveFigures({ run, val: data.val, seed: plan.seed })],
  });
  const stop = () => training.stop();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const result = await training.done;
    const notes = result.collapses.map(({ stage, ...event }) =>
      `Collapse in stage "${stage}": ${JSON.stringify(event)}`
    );
    return { result, notes };
  } finally {
    signal.removeEventListener("abort", stop);
    await shown.close();
  }
}

/** The model with honest probabilities: one temperature for each answer, from the validation split. */
function calibrated(model: HybridModel, { validation }: FitResult): HybridModel {
  const { heads, yTrue, classes: { length: classes } } = validation;
  const temperatures = Object.entries(heads).flatMap(([head, probabilities]) => {
    const { value } = probabilities === null
      ? { value: null }
      : fitTemperature(yTrue, probabilities, { classes });
    return value === null ? [] : [[head, value] as const];
  });
  return calibrateModel(model, Object.fromEntries(temperatures));
}
