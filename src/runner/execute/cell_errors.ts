import type { Kernel } from "../kernels/kernel.ts";
import type { Message } from "../protocol/message_codec.ts";
import type { CodeCell } from "../notebook/nbformat.ts";
import {
  type CellErrorInfo,
  type CellPlace,
  CellTimeoutError,
  DeadKernelError,
  MemoryLimitError,
  OutputLimitError,
  stripAnsi,
} from "../runner_errors.ts";

const NO_INPUT: CellErrorInfo = {
  ename: "StdinNotAllowedError",
  evalue: "The cell asked for input, and nobody is there to answer. " +
    "Give the value as a parameter instead of asking for it",
  traceback: [],
};

/** The Deno kernel says no more when a cell cannot even be compiled. */
const NO_REASON = "Execution failed";

/** What is known about a failed cell besides its outputs. */
export interface FailedCell {
  readonly reply: Message | undefined;
  readonly askedForInput: boolean;
  /** The kernel tells of errors on stderr only. */
  readonly errorsOnStderr: boolean;
}

/**
 * The error of a failed cell. Deno reports some only in the reply; then the output that a reader
 * of the notebook needs is added to the cell.
 */
export function errorOf(
  cell: CodeCell,
  { reply, askedForInput, errorsOnStderr }: FailedCell,
): CellErrorInfo {
  const said = cell.outputs.findLast((output) => output.output_type === "error");
  if (said !== undefined && !askedForInput) return said;
  const printed = errorsOnStderr && !askedForInput ? printedError(cell) : undefined;
  if (printed !== undefined) return printed;
  const info = askedForInput ? NO_INPUT : replyError(reply);
  const output = { output_type: "error" as const, ...info, traceback: [...info.traceback] };
  if (said !== undefined) Object.assign(said, output);
  else cell.outputs.push(output);
  return info;
}

/** The error that a cell printed last, as Node prints errors and tslab its type errors. */
function printedError(cell: CodeCell): CellErrorInfo | undefined {
  const printed = cell.outputs.findLast((output) =>
    output.output_type === "stream" && output.name === "stderr"
  );
  if (printed?.output_type !== "stream") return undefined;
  const lines = stripAnsi(printed.text).trimEnd().split("\n");
  const named = /^(?:Uncaught )?([A-Z]\w*(?:Error|Exception)|Error)(?: \[\w+\])?(?:: (.*))?$/;
  const start = lines.findLastIndex((line) => named.test(line));
  const [, ename = "Error", evalue = lines.at(-1) ?? ""] = named.exec(lines[start] ?? "") ?? [];
  return { ename, evalue, traceback: lines.slice(Math.max(0, start)) };
}

function replyError(reply: Message | undefined): CellErrorInfo {
  const { ename = "", evalue = "", traceback = [] } = (reply?.content ?? {}) as Partial<
    CellErrorInfo
  >;
  if (evalue !== NO_REASON || traceback.length > 0) return { ename, evalue, traceback };
  const hint = "the kernel gives no reason, as for a syntax error: check the cell in an editor";
  return { ename, evalue: `${evalue} (${hint})`, traceback };
}

/** How the kernel ended, in which cell, and what it last wrote to stderr. */
export function deadKernelError(
  { exit, stderr, spec }: Pick<Kernel, "exit" | "stderr" | "spec">,
  cellIndex: number,
): DeadKernelError {
  const how = exit?.reason ?? exit?.signal ?? `exit code ${exit?.code ?? "unknown"}`;
  const said = stderr.trim() === "" ? "" : `\nIts stderr:\n${stderr.trim()}`;
  return new DeadKernelError(
    `Kernel "${spec.name}" ended (${how}) in cell ${cellIndex}. ` +
      `Look for an exit call, a crash of a native package or too little memory${said}`,
  );
}

/** Which limit a cell met. */
export type Deadline = "cell deadline" | "notebook deadline" | "quiet deadline";

/** The error of a cell that met a limit. */
export function timeoutError(
  limit: Deadline,
  { timeout, notebookTimeout, quietTimeout, ...place }: CellPlace & {
    readonly timeout?: number;
    readonly notebookTimeout?: number;
    readonly quietTimeout?: number;
  },
): CellTimeoutError {
  const { cellIndex } = place;
  const messages: Record<Deadline, string> = {
    "cell deadline": `Cell ${cellIndex} took longer than the timeout of ${timeout} ms`,
    "notebook deadline":
      `The notebook took longer than its notebookTimeout of ${notebookTimeout} ms, in cell ${cellIndex}`,
    "quiet deadline":
      `Cell ${cellIndex} put out nothing for longer than the quietTimeout of ${quietTimeout} ms`,
  };
  return new CellTimeoutError(`${messages[limit]}. Raise the limit or shorten the cell`, place);
}

/** The outputs of a notebook passed the limit in this cell. */
export function outputLimitError(
  { cellIndex, maxOutputBytes }: { readonly cellIndex: number; readonly maxOutputBytes: number },
): OutputLimitError {
  return new OutputLimitError(
    `The outputs passed maxOutputBytes (${maxOutputBytes}) in cell ${cellIndex}. ` +
      "Print less, write large results to files, or raise maxOutputBytes",
  );
}

/** The kernel was killed for its memory in this cell. */
export function memoryLimitError(
  { cellIndex, bytes, maxMemoryBytes }: {
    readonly cellIndex: number;
    readonly bytes: number;
    readonly maxMemoryBytes: number;
  },
): MemoryLimitError {
  const mebibytes = (value: number) => `${Math.ceil(value / 2 ** 20)} MiB`;
  return new MemoryLimitError(
    `The kernel and what it started held ${mebibytes(bytes)} of memory in cell ${cellIndex}, ` +
      `allowed are ${mebibytes(maxMemoryBytes)}, so they were killed. ` +
      "Use smaller batches, free what is not needed, or raise maxMemoryBytes (--max-memory)",
  );
}

/** The signal's reason as an error. */
export function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason));
}
