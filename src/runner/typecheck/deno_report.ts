import { stripAnsi } from "../runner_errors.ts";

/** A place that Deno names. */
export interface ReportedPlace {
  /** URL of the module. */
  readonly module: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** One message of the compiler. */
export interface Diagnostic {
  /** TypeScript's number. */
  readonly code: number;
  readonly message: string;
  /** Absent where it is about the whole program. */
  readonly place?: ReportedPlace;
}

/** What `deno check` wrote. */
export interface DenoReport {
  readonly diagnostics: readonly Diagnostic[];
  /** Why it ended without checking anything, if it did. */
  readonly fatal?: { readonly message: string; readonly place?: ReportedPlace };
}

/** Reads what `deno check` wrote to its error stream. */
export function parseDenoReport(output: string): DenoReport {
  const text = stripAnsi(output).replaceAll("\r\n", "\n").replace(
    /\nStack backtrace:\n[^]*$/,
    "\n",
  );
  const parts = text.split(/^(?=TS\d+ \[|error: )/m);
  const fatal = parts.find((part) =>
    part.startsWith("error: ") && !/^error: Type checking failed/.test(part)
  );
  return {
    diagnostics: parts.flatMap(diagnosticOf),
    ...(fatal === undefined ? {} : { fatal: fatalOf(fatal.slice("error: ".length)) }),
  };
}

const PLACE = /^ {4}at (\S+):(\d+):(\d+)$/;

function diagnosticOf(part: string): Diagnostic[] {
  const [, code, rest] = /^TS(\d+) \[[A-Z]+\]: ([^]*)$/.exec(part) ?? [];
  if (code === undefined) return [];
  const lines = rest.split("\n");
  const end = lines.findIndex((line) => PLACE.test(line));
  // More indented places belong to hints; a hint may have a number of its own.
  if (end < 0 && lines.some((line) => /^\s+at \S+:\d+:\d+$/.test(line))) return [];
  const said = lines.slice(0, end < 0 ? lines.findIndex((line) => line === "") : end);
  const isQuoted = said.length > 2 && /^\s*[~^]+\s*$/.test(said[said.length - 1]);
  const message = (isQuoted ? said.slice(0, -2) : said).join("\n").trim();
  return [{ code: Number(code), message, ...(end < 0 ? {} : { place: placeOf(lines[end]) }) }];
}

function fatalOf(part: string): { message: string; place?: ReportedPlace } {
  const lines = part.split("\n");
  const at = lines.find((line) => PLACE.test(line));
  // Below a syntax error stands the quoted line.
  const said = lines.slice(
    0,
    lines.findIndex((line) => line === "" || /^\s*\||^\s+at /.test(line)),
  );
  return { message: said.join("\n").trim(), ...(at === undefined ? {} : { place: placeOf(at) }) };
}

function placeOf(line: string): ReportedPlace {
  const [, module, row, column] = PLACE.exec(line) ?? [];
  return { module, line: Number(row), column: Number(column) };
}
