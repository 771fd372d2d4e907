import { escapeMarkup } from "../../_internal/escape_markup.ts";
import type { CellResult } from "../execute/execute_options.ts";
import { stripAnsi } from "../runner_errors.ts";
import { differenceLine, typeFaultLine } from "./verdict_text.ts";
import type { NotebookVerdict, SuiteResult } from "./suite_result.ts";

/**
 * The JUnit report of a suite: a `testsuite` a notebook, a `testcase` a code cell. A notebook that
 * did not pass has a failing case in any event, one that was left out a skipped one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { junitReport } from "@qsight/qsight/runner";
 *
 * const xml = junitReport({ verdicts: [], durationMs: 0, found: 0, warnings: [] });
 * assert.match(xml, /<testsuites name="qsight test" tests="0" failures="0"/);
 * ```
 */
export function junitReport({ verdicts, durationMs }: SuiteResult): string {
  const suites = verdicts.map((verdict) => ({ verdict, cases: testCases(verdict) }));
  const all = suites.flatMap(({ cases }) => cases);
  const lines = suites.flatMap(({ verdict, cases }) => [
    `  <testsuite${totals({ name: verdict.path }, cases, verdict.durationMs)}>`,
    ...cases.map((one) => `    ${caseXml(verdict, one)}`),
    ...(verdict.warnings.length === 0
      ? []
      : [`    <system-err>${xmlText(verdict.warnings.join("\n"))}</system-err>`]),
    "  </testsuite>",
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals({ name: "qsight test" }, all, durationMs)}>`,
    ...lines,
    "</testsuites>",
    "",
  ].join("\n");
}

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly kind: "passed" | "failure" | "error" | "skipped";
  readonly message: string;
}

function testCases(verdict: NotebookVerdict): TestCase[] {
  const { cells, durationMs, message = verdict.status } = verdict;
  const cases = cells.map((cell) => cellCase(cell, verdict));
  // A notebook that fails without a failing cell must not look green, nor one that was not run.
  const isGreen = verdict.verdict === "passed";
  if (isGreen || cases.some(({ kind }) => kind === "failure")) return cases;
  const isSkipped = verdict.verdict === "skipped" || verdict.verdict === "cached";
  const kind = isSkipped ? "skipped" : "error";
  return [{ name: "notebook", seconds: durationMs / 1000, kind, message }, ...cases];
}

function cellCase(
  { cellIndex, status, durationMs, error }: CellResult,
  { differences, typeFaults, status: outcome, verdict, cellIndex: blamed, message }:
    NotebookVerdict,
): TestCase {
  const name = `cell ${cellIndex}`;
  const seconds = durationMs / 1000;
  const isMistyped = typeFaults.some((fault) => fault.cellIndex === cellIndex);
  if (status === "skipped" || (status === "not_run" && !isMistyped)) {
    return { name, seconds, kind: "skipped", message: status };
  }
  const isOk = status === "ok" || status === "allowed_error" || isMistyped;
  const found = [
    // Over the memory limit the kernel only ended; the verdict knows why.
    ...(isOk ? [] : [outcome === "memory" && blamed === cellIndex ? message : error?.message]),
    ...(verdict === "passed" ? [] : [
      ...typeFaults.filter((fault) => fault.cellIndex === cellIndex).map(typeFaultLine),
      ...differences.filter((one) => (one.executedIndex ?? one.cellIndex) === cellIndex).map(
        differenceLine,
      ),
    ]),
  ];
  const text = found.map((line) => line ?? status).join("\n");
  return { name, seconds, kind: found.length === 0 ? "passed" : "failure", message: text };
}

function totals(names: { readonly name: string }, cases: readonly TestCase[], durationMs: number) {
  const count = (kind: TestCase["kind"]) => cases.filter((one) => one.kind === kind).length;
  return xmlAttributes({
    ...names,
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: (durationMs / 1000).toFixed(3),
  });
}

function caseXml({ path }: NotebookVerdict, { name, seconds, kind, message }: TestCase): string {
  const attributes = { classname: path, name, file: path, time: seconds.toFixed(3) };
  const head = `<testcase${xmlAttributes(attributes)}`;
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
  const allowed = stripAnsi(text)
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .toWellFormed();
  return escapeMarkup(allowed);
}
