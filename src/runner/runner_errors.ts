/** Why a notebook could not be read. */
export type NotebookErrorCode = "missing" | "not_json" | "not_a_notebook" | "unsupported_version";

/** A file that is not a readable notebook; `code` says in which way. */
export class NotebookError extends Error {
  /** The class name. */
  override readonly name = "NotebookError";
  /** In which way the file is no notebook. */
  readonly code: NotebookErrorCode;

  /** The arguments become the message and the fields. */
  constructor(code: NotebookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** No kernel of that name, or it did not become ready. */
export class KernelStartError extends Error {
  /** The class name. */
  override readonly name = "KernelStartError";
}

/** The kernel's process ended while a cell ran. */
export class DeadKernelError extends Error {
  /** The class name. */
  override readonly name = "DeadKernelError";
}

/** The kernel sent bytes that are no message: what follows on that connection is lost. */
export class KernelStreamError extends Error {
  /** The class name. */
  override readonly name = "KernelStreamError";
}

/** The outputs of a notebook are larger than they may be. */
export class OutputLimitError extends Error {
  /** The class name. */
  override readonly name = "OutputLimitError";
}

/** A kernel and what it started took more memory than it may. */
export class MemoryLimitError extends Error {
  /** The class name. */
  override readonly name = "MemoryLimitError";
}

/** A cell, or the whole notebook, took longer than it may. */
export class CellTimeoutError extends Error {
  /** The class name. */
  override readonly name = "CellTimeoutError";
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;

  /** The arguments become the message and the fields. */
  constructor(message: string, { cellIndex, source }: CellPlace) {
    super(`${message}\n${quoteSource(source)}`);
    this.cellIndex = cellIndex;
  }
}

/** Which cell an error is about. */
export interface CellPlace {
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** The text of the cell. */
  readonly source: string;
}

/** What a kernel said about an error: the fields of an `error` output. */
export interface CellErrorInfo {
  /** Name of the error, e.g. TypeError. */
  readonly ename: string;
  /** Its message. */
  readonly evalue: string;
  /** Lines of the stack, as the kernel formats them. */
  readonly traceback: readonly string[];
}

/** A cell raised an error. The message quotes the cell and the traceback. */
export class CellExecutionError extends Error {
  /** The class name. */
  override readonly name = "CellExecutionError";
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** Name of the error, e.g. TypeError. */
  readonly ename: string;
  /** Its message. */
  readonly evalue: string;
  /** Lines of the traceback without ANSI colours. */
  readonly traceback: readonly string[];

  /** The arguments become the message and the fields. */
  constructor({ ename, evalue, traceback }: CellErrorInfo, { cellIndex, source }: CellPlace) {
    const plain = traceback.map(stripAnsi);
    const summary = [ename, evalue].filter((part) => part !== "").map(stripAnsi).join(": ");
    const trace = plain.join("\n").trimEnd();
    const lines = [
      `Cell ${cellIndex} failed${summary === "" ? "" : ` with ${summary}`}`,
      quoteSource(source),
      ...(trace === "" ? [] : [trace]),
    ];
    super(lines.join("\n"));
    this.cellIndex = cellIndex;
    this.ename = ename;
    this.evalue = evalue;
    this.traceback = plain;
  }
}

/** The source between rules; of a long one the first and last five lines. */
function quoteSource(source: string): string {
  const lines = source.split("\n");
  const shown = lines.length <= 10
    ? lines
    : [...lines.slice(0, 5), `… ${lines.length - 10} more lines …`, ...lines.slice(-5)];
  const rule = "-".repeat(18);
  return [rule, ...shown, rule].join("\n");
}

/** The text without ANSI escape sequences (ECMA-48 CSI and OSC). */
export function stripAnsi(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, "");
}
