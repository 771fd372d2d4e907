import type { Kernel } from "../kernels/kernel.ts";
import type { Message } from "../protocol/message_codec.ts";
import type { CodeCell } from "../notebook/nbformat.ts";
import {
  type CellErrorInfo,
  type CellPlace,
  CellTimeoutError,
  DeadKernelError,
} from "../runner_errors.ts";

const NO_INPUT: CellErrorInfo = {
  ename: "StdinNotAllowedError",
  evalue: "The cell asked for input, and nobody is there to answer. " +
    "Give the value as a parameter instead of asking for it",
  traceback: [],
};

/** The Deno kernel says no more when a cell cannot even be compiled. */
const NO_REASON = "Execution failed";

/**
 * The error of a failed cell. Deno reports some only in the reply; then the output that a reader
 * of the notebook needs is added to the cell.
 */
export function errorOf(
  cell: CodeCell,
  { reply, askedForInput }: {
    readonly reply: Message | undefined;
    readonly askedForInput: boolean;
  },
): CellErrorInfo {
  const said = cell.outputs.findLast((output) => output.output_type === "error");
  if (said !== undefined && !askedForInput) return said;
  const info = askedForInput ? NO_INPUT : replyError(reply);
  const output = { output_type: "error" as const, ...info, traceback: [...info.traceback] };
  if (said !== undefined) Object.assign(said, output);
  else cell.outputs.push(output);
  return info;
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
  const how = exit?.signal ?? `exit code ${exit?.code ?? "unknown"}`;
  const said = stderr.trim() === "" ? "" : `\nIts stderr:\n${stderr.trim()}`;
  return new DeadKernelError(
    `Kernel "${spec.name}" ended (${how}) in cell ${cellIndex}. ` +
      `Look for an exit call, a crash of a native package or too little memory${said}`,
  );
}

/** About how many characters the outputs of a cell hold. */
export function outputSize(cell: CodeCell): number {
  let size = 0;
  for (const output of cell.outputs) {
    if (output.output_type === "stream") size += output.text.length;
    if (!("data" in output)) continue;
    for (const value of Object.values(output.data)) {
      if (typeof value === "string") size += value.length;
    }
  }
  return size;
}

/** Which limit a cell met. */
export function timeoutError(
  limit: "cell deadline" | "notebook deadline",
  { timeout, notebookTimeout, ...place }: CellPlace & {
    readonly timeout?: number;
    readonly notebookTimeout?: number;
  },
): CellTimeoutError {
  const { cellIndex } = place;
  const message = limit === "cell deadline"
    ? `Cell ${cellIndex} took longer than the timeout of ${timeout} ms`
    : `The notebook took longer than its notebookTimeout of ${notebookTimeout} ms, in cell ${cellIndex}`;
  return new CellTimeoutError(`${message}. Raise the limit or shorten the cell`, place);
}

/** The signal's reason as an error. */
export function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason));
}
