import { basename, relative } from "node:path";
import {
  applyRetention,
  type RetentionReport,
  type RetentionStep,
} from "../runs/retention/apply_retention.ts";
import type { RetentionEntry, RetentionPlan } from "../runs/retention/plan.ts";
import { planRetention } from "../runs/retention/plan_retention.ts";
import type { RetentionPolicy } from "../runs/retention/policy.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { bytesText, columns } from "./runs_format.ts";
import { metricOption, rootOption, sizeOption } from "./runs_options.ts";
import { numberOption, parseCommand, type ParsedCommand, UsageError } from "./usage.ts";

const text = { type: "string" } as const, flag = { type: "boolean" } as const;

/** The options of `qsight runs prune`, as parseArgs knows them. */
export const PRUNE_OPTIONS = {
  ...{ root: text, "keep-last": text, "keep-best": text, metric: text, every: text },
  ...{ "older-than": text, "max-bytes": text },
  ...{ archive: flag, unended: flag, apply: flag, json: flag },
};

/** `qsight runs prune`: says which runs would go, and lets them go with `--apply`. */
export async function runsPruneCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, { command: "runs prune", options: PRUNE_OPTIONS });
  if (parsed.positionals.length > 0) {
    throw new UsageError(
      `qsight runs prune: found ${
        parsed.positionals[0]
      }, wanted rules only; a run that shall stay ` +
        `is pinned with qsight runs pin`,
    );
  }
  const { json, apply } = parsed.values;
  const plan = await planRetention(rootOption(parsed, context), policyOf(parsed));
  if (json !== true) context.stdout.write(planLines(plan));
  let report: RetentionReport | undefined;
  if (apply === true) {
    const { signal } = context;
    const onStep = (step: RetentionStep, id: string) => {
      if (context.isTerminal) context.stderr.write(`${id}: ${step}\n`);
    };
    report = await applyRetention(plan, { signal, onStep });
  }
  if (json === true) {
    const result = { schema: "qsight.runs/1", applied: apply === true, plan, report };
    context.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    context.stdout.write(report === undefined ? dryLines(plan) : reportLines(report, context));
  }
  if (context.signal.aborted) return EXIT.interrupted;
  const isDone = report?.results.every(({ outcome }) => outcome === "done") ?? true;
  return isDone ? EXIT.ok : EXIT.failures;
}

function policyOf(parsed: ParsedCommand): RetentionPolicy {
  const count = (name: string, least: number) => numberOption(parsed, name, { least, whole: true });
  const { archive, unended, metric } = parsed.values;
  const policy = {
    keepLast: count("keep-last", 0),
    keepBest: count("keep-best", 0),
    metric: metric === undefined ? undefined : metricOption(parsed),
    every: count("every", 1),
    olderThanDays: numberOption(parsed, "older-than", { least: 0 }),
    maxBytes: sizeOption(parsed, "max-bytes"),
    archive: archive === true ? true : undefined,
    unended: unended === true ? true : undefined,
  };
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}

function planLines({ entries, leftovers, notes }: RetentionPlan): string {
  const rows = entries.map((entry) => [
    entry.id,
    entry.epochs.length > 0 ? "keep, fewer epochs" : entry.action,
    bytesText(entry.bytes),
    entry.frees === 0 ? "" : bytesText(entry.frees),
    reasonText(entry),
  ]);
  const left = leftovers.map((path) => [path, "remove", "", "", "left by a killed process"]);
  return [
    rows.length + left.length === 0
      ? "No runs\n"
      : columns(["id", "action", "size", "frees", "reason"], [...rows, ...left]),
    ...notes.map((note) => `${note}\n`),
  ].join("");
}

function reasonText({ reason, epochs }: RetentionEntry): string {
  if (epochs.length === 0) return reason;
  const names = epochs.map((path) => basename(path)).slice(0, 3).join(", ");
  const count = epochs.length === 1
    ? "1 folder of an epoch goes"
    : `${epochs.length} folders of epochs go`;
  return `${reason}; ${count}: ${names}${epochs.length > 3 ? ", …" : ""}`;
}

function dryLines(plan: RetentionPlan): string {
  const { keepLast, keepBest, olderThanDays, maxBytes, every, unended } = plan.policy;
  const rules = [keepLast, keepBest, olderThanDays, maxBytes, every, unended];
  if (rules.every((rule) => rule === undefined)) {
    return "No rule, so all runs stay; give one such as --keep-last 10\n";
  }
  return `Would free ${bytesText(plan.frees)} of ${bytesText(plan.bytes)}. Nothing was changed; ` +
    `--apply does it\n`;
}

/** What retention did, for a person. */
export function reportLines(
  { results, freed }: RetentionReport,
  { cwd }: Pick<CommandContext, "cwd">,
): string {
  const lines = results.flatMap(({ id, outcome, reason, archive }) => {
    if (outcome !== "done") return [`${outcome} ${id}: ${reason}\n`];
    return archive === undefined ? [] : [`archived ${relative(cwd, archive)}\n`];
  });
  return [...lines, `Freed ${bytesText(freed)}\n`].join("");
}
