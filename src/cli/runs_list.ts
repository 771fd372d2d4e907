import { relative } from "node:path";
import { type ListedRun, listRuns } from "../runs/list_runs.ts";
import { chosenBackend } from "../runs/manifest.ts";
import { type CompleteMetric, runFigure, stageEpochs } from "../runs/run_figures.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { bytesText, columns, durationText, figureText, timeText } from "./runs_format.ts";
import { metricOption, rootOption } from "./runs_options.ts";
import { parseCommand, UsageError } from "./usage.ts";

/** One run as `--json` gives it. */
interface RunRow {
  readonly id: string;
  readonly name: string | null;
  readonly kind: "run" | "model" | null;
  readonly status: ListedRun["status"];
  readonly started: string | null;
  readonly seconds: number | null;
  /** Epochs by stage. */
  readonly stages: Readonly<Record<string, number>>;
  readonly figure: number | null;
  readonly bytes: number;
  readonly pinned: boolean;
  readonly latest: boolean;
  readonly backend: string | null;
  readonly synthetic: boolean | null;
  readonly seed: number | null;
}

/** `qsight runs list`: all runs below the root, newest first. */
export async function runsListCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "runs list",
    options: { root: { type: "string" }, metric: { type: "string" }, json: { type: "boolean" } },
  });
  if (parsed.positionals.length > 0) {
    throw new UsageError(
      `qsight runs list: found ${parsed.positionals[0]}, wanted options only; runs below another ` +
        `folder are listed with --root DIR`,
    );
  }
  const metric = metricOption(parsed);
  const root = rootOption(parsed, context);
  const runs = await listRuns(root);
  const rows = await Promise.all(runs.map((run) => rowOf(run, metric)));
  if (parsed.values.json === true) {
    const report = { schema: "qsight.runs/1", root, metric, runs: rows };
    context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return EXIT.ok;
  }
  const shown = relative(context.cwd, root) || ".";
  context.stdout.write(
    rows.length === 0
      ? `No runs below ${shown}; begin one with qsight train, or name another folder with --root\n`
      : table(rows, metric),
  );
  return EXIT.ok;
}

async function rowOf(run: ListedRun, metric: CompleteMetric): Promise<RunRow> {
  const { id, status, manifest, started, bytes, pinned, latest } = run;
  return {
    id,
    name: manifest?.name ?? null,
    kind: manifest?.kind ?? null,
    status,
    started,
    seconds: manifest?.duration.actualSeconds ?? null,
    stages: manifest === null ? {} : Object.fromEntries(stageEpochs(manifest)),
    figure: await runFigure(run, metric),
    bytes,
    pinned,
    latest,
    backend: chosenBackend(manifest?.backend),
    synthetic: manifest?.synthetic ?? null,
    seed: manifest?.seed ?? null,
  };
}

/** A status for a person. */
export function statusText({ status, kind }: Pick<RunRow, "status" | "kind">): string {
  if (status === "unended") return "ended without manifest";
  if (status === "damaged") return "manifest damaged";
  return kind === "model" ? "model" : status;
}

function table(rows: readonly RunRow[], metric: CompleteMetric): string {
  const header = ["id", "status", "started", "took", "epochs"];
  const more = [`${metric.head} ${metric.name}`, "size", "pinned", "backend"];
  const lines = rows.map((row) => [
    row.id,
    statusText(row) + (row.latest ? ", latest" : ""),
    timeText(row.started),
    row.seconds === null ? "" : durationText(row.seconds),
    Object.entries(row.stages).map(([stage, epochs]) => `${stage} ${epochs}`).join(", "),
    figureText(row.figure),
    bytesText(row.bytes),
    row.pinned ? "pinned" : "",
    row.backend ?? "",
  ]);
  return columns([...header, ...more], lines);
}
