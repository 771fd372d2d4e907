import { NotebookError } from "../runner/runner_errors.ts";
import type { SuiteHooks } from "../runner/suite/suite_options.ts";
import { countVerdicts, type SuiteResult } from "../runner/suite/suite_result.ts";
import { testNotebooks } from "../runner/suite/test_notebooks.ts";
import { watchNotebooks } from "../runner/suite/watch_notebooks.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { readTestRequest, type TestRequest } from "./test_options.ts";
import { TestProgress } from "./test_progress.ts";
import { writeReports } from "./test_reports.ts";
import { UsageError } from "./usage.ts";

/** `qsight test`: executes notebooks as tests, one verdict each. */
export async function testCommand(args: string[], context: CommandContext): Promise<number> {
  const request = await readTestRequest(args, context);
  const { json, junit } = request.reports;
  // A report on stdout has it for itself.
  const stream = json === "-" || junit === "-" ? context.stderr : context.stdout;
  const print = (text: string) => void stream.write(text);
  const progress = new TestProgress(context, { print });
  let hasStarted = false;
  const hooks: SuiteHooks = {
    ...progress.hooks,
    onStart: (event) => {
      hasStarted = true;
      progress.hooks.onStart?.(event);
    },
  };
  const finish = async (result: SuiteResult) => {
    await progress.close();
    print(summaryText(result, request));
    await writeReports(result, { request, context, print });
  };
  try {
    if (request.watch) return await watch(request, { context, hooks, print, finish });
    const result = await testNotebooks(request.patterns, { ...request.options, hooks });
    await finish(result);
    return exitCodeOf(result, request);
  } catch (error) {
    // What is wrong with the arguments as a whole, seen only when the notebooks are known.
    const isUsage = error instanceof NotebookError || error instanceof RangeError ||
      error instanceof TypeError && error.message.startsWith("update: ");
    throw isUsage && !hasStarted ? new UsageError(`qsight test: ${error.message}`) : error;
  } finally {
    await progress.close();
  }
}

/** Ctrl-C is how a watch ends: 0 while it waits, whatever the verdicts were; 2 in the middle of a run. */
async function watch(
  request: TestRequest,
  { context, hooks, print, finish }: {
    readonly context: CommandContext;
    readonly hooks: SuiteHooks;
    readonly print: (text: string) => void;
    readonly finish: (result: SuiteResult) => Promise<void>;
  },
): Promise<number> {
  let isCutOff = false;
  await watchNotebooks(request.patterns, {
    ...request.options,
    signal: context.signal,
    hooks,
    onRound: async (result) => {
      await finish(result);
      isCutOff = exitCodeOf(result, request) === EXIT.interrupted;
      if (!isCutOff) print(`Watching ${result.found} notebook(s); Ctrl-C ends\n`);
    },
  });
  return isCutOff ? EXIT.interrupted : EXIT.ok;
}

/** The closing line, and what is to be said about the suite as a whole. */
function summaryText(
  { verdicts, found, warnings, durationMs }: SuiteResult,
  { options }: TestRequest,
): string {
  const { passed, failed, fault, interrupted, cached, skipped } = countVerdicts(verdicts);
  const rest = [[fault, "at fault"], [interrupted, "interrupted"], [cached, "unchanged"], [
    skipped,
    "not run",
  ]] as const;
  const parts = [`${passed} passed`, `${failed} failed`];
  for (const [count, word] of rest) if (count > 0) parts.push(`${count} ${word}`);
  const none = verdicts.length > 0
    ? ""
    : found === 0
    ? "No notebook matches. "
    : `None of ${found} notebook(s) matches ${
      options.filter === undefined ? "the shard" : "the filter"
    }. `;
  const lines = warnings.map((warning) => `Warning: ${warning}\n`);
  return `${lines.join("")}${none}${parts.join(", ")} in ${(durationMs / 1000).toFixed(1)} s\n`;
}

/**
 * The exit code of a suite. A shard without a notebook is no fault of the suite: there are more
 * machines than notebooks.
 */
function exitCodeOf({ verdicts, found }: SuiteResult, { options }: TestRequest): number {
  const { failed, fault, interrupted, skipped } = countVerdicts(verdicts);
  if (verdicts.length === 0) {
    return found > 0 && options.shard !== undefined && options.filter === undefined
      ? EXIT.ok
      : EXIT.nothing;
  }
  if (interrupted > 0 || skipped > 0 && failed + fault === 0) return EXIT.interrupted;
  if (fault > 0) return EXIT.fault;
  return failed > 0 ? EXIT.failures : EXIT.ok;
}
