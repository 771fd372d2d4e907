import { relative } from "node:path";
import process from "node:process";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { githubAnnotations } from "../runner/suite/github_annotations.ts";
import { jsonReport } from "../runner/suite/json_report.ts";
import { junitReport } from "../runner/suite/junit_report.ts";
import type { SuiteResult } from "../runner/suite/suite_result.ts";
import type { CommandContext } from "./command.ts";
import type { ReportName, TestRequest } from "./test_options.ts";

const REPORTS: Readonly<Record<ReportName, (result: SuiteResult) => string | Promise<string>>> = {
  json: jsonReport,
  junit: junitReport,
  html: async (result) => (await import("../runner/suite/html_report.ts")).htmlReport(result),
};

/** Writes the reports that were asked for. */
export async function writeReports(
  result: SuiteResult,
  { request, context, print }: {
    readonly request: TestRequest;
    readonly context: CommandContext;
    readonly print: (text: string) => void;
  },
): Promise<void> {
  for (const [name, path] of Object.entries(request.reports) as [ReportName, string][]) {
    const text = await REPORTS[name](result);
    if (path === "-") context.stdout.write(text);
    else await writeAtomic(path, text);
  }
  const isAction = process.env.GITHUB_ACTIONS === "true";
  if (!(request.github ?? isAction)) return;
  // GitHub knows files by their path in the repository, wherever the command was called.
  const root = process.env.GITHUB_WORKSPACE ?? context.cwd;
  print(githubAnnotations(result, { folder: relative(root, context.cwd) }));
}
