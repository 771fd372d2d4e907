import type { CellResult } from "../runner/execute/execute_options.ts";
import { stripAnsi } from "../runner/runner_errors.ts";

/** The verdict about one notebook. */
export interface NotebookVerdict {
  /** Path as shown to the user. */
  readonly path: string;
  readonly verdict: "passed" | "failed" | "fault" | "interrupted";
  /** Status of the run, or the name of the error that kept it from running. */
  readonly status: string;
  readonly durationMs: number;
  readonly cells: readonly CellResult[];
  readonly message?: string;
}

/** The report of `qsight test --json`. */
export function jsonReport(verdicts: readonly NotebookVerdict[]): string {
  const notebooks = verdicts.map(({ cells, ...rest }) => ({
    ...rest,
    cells: cells.map(({ error, ...cell }) =>
      error === undefined ? cell : { ...cell, error: { name: error.name, message: error.message } }
    ),
  }));
  const count = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).length;
  const summary = {
    passed: count("passed"),
    failed: count("failed"),
    faults: count("fault"),
    interrupted: count("interrupted"),
  };
  return JSON.stringify({ schema: "qsight.test/1", summary, notebooks }, undefined, 2) + "\n";
}

/** The report of `qsight test --junit`: a suite a notebook, a test case a code cell. */
export function junitReport(verdicts: readonly NotebookVerdict[]): string {
  const suites = verdicts.map((verdict) => {
    const cases = testCases(verdict);
    const count = (kind: string) => cases.filter((one) => one.kind === kind).length;
    const attributes = xmlAttributes({
      name: verdict.path,
      tests: cases.length,
      failures: count("failure"),
      errors: count("error"),
      skipped: count("skipped"),
      time: (verdict.durationMs / 1000).toFixed(3),
    });
    const lines = cases.map((one) => `    ${caseXml(verdict.path, one)}`);
    return [`  <testsuite${attributes}>`, ...lines, "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""]
    .join("\n");
}

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly kind: "passed" | "failure" | "error" | "skipped";
  readonly message: string;
}

function testCases({ verdict, cells, durationMs, message = "" }: NotebookVerdict): TestCase[] {
  const cases = cells.map(({ cellIndex, status, durationMs, error }): TestCase => ({
    name: `cell ${cellIndex}`,
    seconds: durationMs / 1000,
    kind: status === "ok" || status === "allowed_error"
      ? "passed"
      : status === "skipped" || status === "not_run"
      ? "skipped"
      : "failure",
    message: error?.message ?? status,
  }));
  // A notebook that fails without a failing cell must not look green.
  const shown = verdict === "passed" || cases.some((one) => one.kind === "failure");
  if (shown) return cases;
  return [{ name: "notebook", seconds: durationMs / 1000, kind: "error", message }, ...cases];
}

function caseXml(path: string, { name, seconds, kind, message }: TestCase): string {
  const head = `<testcase${xmlAttributes({ classname: path, name, time: seconds.toFixed(3) })}`;
  if (kind === "passed") return `${head}/>`;
  const first = xmlAttributes({ message: message.split("\n")[0] });
  const inner = kind === "skipped"
    ? `<skipped${first}/>`
    : `<${kind}${first}>${xmlText(message)}</${kind}>`;
  return `${head}>${inner}</testcase>`;
}

function xmlAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

/** Escaped, and without the control characters that XML 1.0 forbids even when escaped. */
function xmlText(text: string): string {
  return stripAnsi(text)
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .toWellFormed()
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
