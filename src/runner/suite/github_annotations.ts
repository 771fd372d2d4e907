import { checkOptions } from "../../_internal/check_options.ts";
import { stripAnsi } from "../runner_errors.ts";
import { differenceLine, typeFaultLine } from "./verdict_text.ts";
import type { NotebookVerdict, SuiteResult } from "./suite_result.ts";

/** Options of {@linkcode githubAnnotations}. */
export interface GithubAnnotationsOptions {
  /** Where the suite's paths start, seen from the root of the repository. @default {""} */
  readonly folder?: string;
}

/**
 * Workflow commands that make GitHub show failures beside the notebooks' lines: an `::error` for
 * each notebook that did not pass, a `::warning` for each warning. Empty where all is well.
 *
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { githubAnnotations } from "@qsight/qsight/runner";
 *
 * const nothing = { cells: [], differences: [], typeFaults: [], warnings: [], durationMs: 12 };
 * const verdict = { path: "a.ipynb", verdict: "failed", status: "error", line: 7, ...nothing } as const;
 * assert.equal(
 *   githubAnnotations({ verdicts: [verdict], durationMs: 12, found: 1, warnings: [] }),
 *   "::error file=a.ipynb,line=7,title=a.ipynb%3A error::error\n",
 * );
 * ```
 */
export function githubAnnotations(
  { verdicts, warnings }: SuiteResult,
  options: GithubAnnotationsOptions = {},
): string {
  checkOptions("githubAnnotations", options, ["folder"]);
  const fileOf = (path: string) => options.folder ? `${options.folder}/${path}` : path;
  const lines = [
    ...warnings.map((warning) => command("warning", { title: "qsight test" }, warning)),
    ...verdicts.flatMap((verdict) => [
      ...verdict.warnings.map((warning) =>
        command("warning", { file: fileOf(verdict.path), title: verdict.path }, warning)
      ),
      ...errorOf(verdict, fileOf(verdict.path)),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function errorOf(verdict: NotebookVerdict, file: string): string[] {
  if (verdict.verdict !== "failed" && verdict.verdict !== "fault") return [];
  const { path, line = 1, cellIndex, status, message = status } = verdict;
  const place = cellIndex === undefined ? "" : `, cell ${cellIndex}`;
  const details = [
    ...verdict.typeFaults.map(typeFaultLine),
    ...verdict.differences.map(differenceLine),
  ].filter((detail) => !message.includes(detail));
  const title = `${path}${place}: ${status}`;
  return [command("error", { file, line, title }, [message, ...details].join("\n"))];
}

function command(
  name: "error" | "warning",
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) =>
    `${key}=${escape(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`
  );
  return `::${name} ${list.join(",")}::${escape(stripAnsi(message))}`;
}

/** As GitHub reads it: a line break would end the command. */
function escape(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
