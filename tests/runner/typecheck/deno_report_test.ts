import assert from "node:assert/strict";
import { parseDenoReport } from "../../../src/runner/typecheck/deno_report.ts";

const file = "file:///home/me/a.mts";

Deno.test("parseDenoReport() reads messages of one line and of more", () => {
  const report = parseDenoReport(`\
TS2322 [ERROR]: Type 'number' is not assignable to type 'string'.
  const o: Opt = { a: 1, b: { c: 5 } };
                              ^
    at ${file}:4:29

    The expected type comes from property 'c' which is declared here on type '{ c: string; }'
    interface Opt { a: number; b: { c: string } }
                                    ^
        at ${file}:3:33

TS2769 [ERROR]: No overload matches this call.
  Overload 1 of 2, '(a: string): void', gave the following error.
    Argument of type 'boolean' is not assignable to parameter of type 'string'.
over(true);
     ~~~~
    at ${file}:6:6

TS2793 [ERROR]:     The call would have succeeded against this implementation.
    function over(a: string): void;
                  ~~~~
        at ${file}:5:74

TS2307 [ERROR]: Import "bare" not a dependency
  hint: If you want to use the npm package, try running \`deno add npm:bare\`
    at ${file}:1:34

TS2339 [ERROR]: Property 'a' does not exist on type 'B'.
    at ${file}:1:340

Found 4 errors.

error: Type checking failed.

Stack backtrace:
   0: <unknown>
`);
  assert.equal(report.fatal, undefined);
  assert.deepEqual(report.diagnostics, [
    {
      code: 2322,
      message: "Type 'number' is not assignable to type 'string'.",
      place: { module: file, line: 4, column: 29 },
    },
    {
      code: 2769,
      message: "No overload matches this call.\n" +
        "  Overload 1 of 2, '(a: string): void', gave the following error.\n" +
        "    Argument of type 'boolean' is not assignable to parameter of type 'string'.",
      place: { module: file, line: 6, column: 6 },
    },
    {
      code: 2307,
      message: 'Import "bare" not a dependency\n' +
        "  hint: If you want to use the npm package, try running `deno add npm:bare`",
      place: { module: file, line: 1, column: 34 },
    },
    {
      code: 2339,
      message: "Property 'a' does not exist on type 'B'.",
      place: { module: file, line: 1, column: 340 },
    },
  ]);
});

Deno.test("parseDenoReport() reads one error alone, colours and Windows line ends", () => {
  const text =
    "Check a.mts\r\n\x1b[1mTS2304 \x1b[0m[\x1b[31mERROR\x1b[0m]: Cannot find name 'x'.\r\nx\r\n" +
    `\x1b[31m~\x1b[0m\r\n    at \x1b[36m${file}\x1b[0m:\x1b[33m1\x1b[0m:\x1b[33m2\x1b[0m\r\n\r\nerror: Type checking failed.\r\n`;
  assert.deepEqual(parseDenoReport(text), {
    diagnostics: [{
      code: 2304,
      message: "Cannot find name 'x'.",
      place: { module: file, line: 1, column: 2 },
    }],
  });
});

Deno.test("parseDenoReport() reads an error of the whole project, and nothing", () => {
  assert.deepEqual(
    parseDenoReport("TS2318 [ERROR]: Cannot find global type 'Array'.\n\nFound 1 error.\n"),
    {
      diagnostics: [{ code: 2318, message: "Cannot find global type 'Array'." }],
    },
  );
  assert.deepEqual(parseDenoReport(""), { diagnostics: [] });
  assert.deepEqual(parseDenoReport("Download https://x/y\nCheck file:///a.mts\n"), {
    diagnostics: [],
  });
});

Deno.test("parseDenoReport() reads why Deno ended before it checked anything", () => {
  const syntax =
    `error: SyntaxError: Expression expected\n  |\n2 | let x = ;\n  |         ~\n    at ${file}:2:9\n\n` +
    "Stack backtrace:\n   0: <unknown>\n";
  assert.deepEqual(parseDenoReport(syntax).fatal, {
    message: "SyntaxError: Expression expected",
    place: { module: file, line: 2, column: 9 },
  });
  const missing =
    `Download https://x\nerror: npm package 'x' does not exist.\n    at ${file}:3:15\n`;
  assert.deepEqual(parseDenoReport(missing).fatal, {
    message: "npm package 'x' does not exist.",
    place: { module: file, line: 3, column: 15 },
  });
  const nested =
    `error: Import 'http://x' failed.\n    0: no network\n    1: really\n    at ${file}:1:8\n`;
  assert.deepEqual(parseDenoReport(nested).fatal, {
    message: "Import 'http://x' failed.\n    0: no network\n    1: really",
    place: { module: file, line: 1, column: 8 },
  });
  assert.deepEqual(parseDenoReport("error: Unable to parse config file JSON deno.json\n"), {
    diagnostics: [],
    fatal: { message: "Unable to parse config file JSON deno.json" },
  });
});
