import { CellExecutionError } from "../../../src/runner/runner_errors.ts";
import type { NotebookVerdict, SuiteResult } from "../../../src/runner/suite/suite_result.ts";

const NOTHING = { durationMs: 0, cells: [], differences: [], typeFaults: [], warnings: [] };
const ESC = "\x1b";

/** A suite in which everything has happened that a report can be about. */
export function everything(): SuiteResult {
  const place = { cellIndex: 1, source: 'throw new TypeError("<wrong>");' };
  const info = { ename: "TypeError", evalue: `${ESC}[31m<wrong> & "so"`, traceback: [] };
  const error = new CellExecutionError(info, place);
  const verdicts: NotebookVerdict[] = [
    {
      ...NOTHING,
      path: "a.ipynb",
      verdict: "passed",
      status: "ok",
      durationMs: 1500,
      cells: [
        { cellIndex: 0, source: "0", status: "ok", durationMs: 1000 },
        { cellIndex: 2, source: "2", status: "allowed_error", durationMs: 1 },
        { cellIndex: 3, source: "3", status: "skipped", durationMs: 0 },
      ],
      warnings: ["Careful: 100%"],
    },
    {
      ...NOTHING,
      path: "in,b:c.ipynb",
      verdict: "failed",
      status: "error",
      cells: [
        { cellIndex: 0, source: "0", status: "ok", durationMs: 1 },
        { cellIndex: 1, source: "1", status: "error", durationMs: 2, error },
        { cellIndex: 2, source: "2", status: "not_run", durationMs: 0 },
      ],
      message: error.message,
      cellIndex: 1,
      line: 12,
    },
    {
      ...NOTHING,
      path: "c.ipynb",
      verdict: "failed",
      status: "differs",
      cells: [{ cellIndex: 1, source: "1", status: "ok", durationMs: 1 }],
      differences: [{
        cellIndex: 0,
        executedIndex: 1,
        part: "image/png",
        kind: "image",
        message: "3 % of the pixels differ",
        image: { stored: new Uint8Array(9), fresh: new Uint8Array(7), share: 0.03 },
      }],
      message: "Cell 1, image/png: 3 % of the pixels differ",
    },
    {
      ...NOTHING,
      path: "d.ipynb",
      verdict: "failed",
      status: "types",
      cells: [{ cellIndex: 0, source: "0", status: "ok", durationMs: 1 }],
      typeFaults: [
        {
          ...{ path: "d.ipynb", cellIndex: 0, cellId: "x", line: 2, column: 3, kind: "type" },
          ...{ code: "TS2322", message: "Type 'string' is not assignable.\nMore." },
        } as const,
      ],
      message: "Cell 0, line 2:3: TS2322: Type 'string' is not assignable.",
    },
    {
      ...NOTHING,
      path: "e.ipynb",
      verdict: "failed",
      status: "NotebookError",
      message: "not JSON",
    },
    { ...NOTHING, path: "f.ipynb", verdict: "fault", status: "KernelStartError", message: "none" },
    { ...NOTHING, path: "g.ipynb", verdict: "interrupted", status: "aborted", message: "Ctrl-C" },
    { ...NOTHING, path: "h.ipynb", verdict: "skipped", status: "not_run", message: "Not run: …" },
    { ...NOTHING, path: "i.ipynb", verdict: "cached", status: "unchanged", message: "Unchanged" },
    {
      ...NOTHING,
      path: "j.ipynb",
      verdict: "failed",
      status: "memory",
      cells: [{
        cellIndex: 0,
        source: "0",
        status: "memory",
        durationMs: 9,
        error: new Error("over 100 MiB"),
      }],
      message: "over 100 MiB",
    },
  ];
  return { verdicts, durationMs: 2500, found: 12, warnings: ["The cache is torn"] };
}
