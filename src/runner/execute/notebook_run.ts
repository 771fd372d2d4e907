import type {
  CellResult,
  CellStatus,
  ExecuteNotebookOptions,
  RunOutcome,
  RunStatus,
} from "./execute_options.ts";
import type { Kernel } from "../kernels/kernel.ts";
import type { KernelRequest } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { NotebookOutputs } from "./notebook_outputs.ts";
import { cellTags } from "../notebook/parameters.ts";
import { errorOf, outputSize } from "./cell_errors.ts";
import { type Deadlines, type Ending, type PatientDeadlines, RunStop } from "./run_stop.ts";
import { CellExecutionError } from "../runner_errors.ts";

type Options = ExecuteNotebookOptions & { readonly clock: () => number };

/** Milliseconds: how long a reply's idle, an interrupt and a barrier may take. */
const IDLE_WAIT = 5000, INTERRUPT_WAIT = 2000, BARRIER_WAIT = 30_000;
/** Above this size the Deno kernel may write into its own message when asked for more. */
const LARGE_OUTPUT = 2 ** 20, LARGE_QUIET = 400;

/** A cell that runs. */
interface CellRun {
  readonly cellIndex: number;
  readonly cell: CodeCell;
  readonly limits: Deadlines;
}

/** One pass through the cells of a notebook with a ready kernel. */
export class NotebookRun {
  readonly #kernel: Kernel;
  readonly #notebook: Notebook;
  readonly #options: Options;
  readonly #outputs: NotebookOutputs;
  /** Which cell a message belongs to, by the id of the request that caused it. */
  readonly #cellOf = new Map<string, number>();
  readonly #warnings: string[] = [];
  readonly #stop: RunStop;
  #hookFault: { error: unknown } | undefined;
  #askedForInput = false;

  constructor(notebook: Notebook, kernel: Kernel, options: Options) {
    this.#notebook = notebook;
    this.#kernel = kernel;
    this.#options = options;
    const cells = [...notebook.cells.entries()];
    this.#outputs = new NotebookOutputs(
      new Map(cells.filter((entry): entry is [number, CodeCell] => entry[1].cell_type === "code")),
    );
    kernel.onIopub = (message) => {
      const cellIndex = this.#cellOf.get(message.parentHeader.msg_id ?? "");
      if (cellIndex !== undefined) this.#apply(cellIndex, message);
    };
    kernel.client.listeners.input = (message) => this.#onInput(message);
    this.#stop = new RunStop(kernel, options);
  }

  /** Runs the cells until one fails or all are done. */
  async execute(): Promise<RunOutcome> {
    try {
      return await this.#execute();
    } finally {
      this.#stop.release();
    }
  }

  async #execute(): Promise<RunOutcome> {
    const results: CellResult[] = [];
    const deadline = this.#options.clock() + (this.#options.notebookTimeout ?? Infinity);
    let failed: Pick<CellResult, "status" | "error"> | undefined;
    for (const [cellIndex, cell] of this.#notebook.cells.entries()) {
      if (cell.cell_type !== "code") continue;
      const result = failed !== undefined
        ? { cellIndex, status: "not_run" as const, durationMs: 0 }
        : await this.#cell(cellIndex, cell, deadline);
      results.push(result);
      if (!["ok", "allowed_error", "skipped", "not_run"].includes(result.status)) failed ??= result;
    }
    const last = results.at(-1);
    if (failed === undefined && last !== undefined) {
      const { cellIndex } = last;
      const ending = await this.#collect(cellIndex, { cell: Infinity, notebook: deadline });
      const { source } = this.#notebook.cells[cellIndex];
      if (ending !== "done") failed = this.#stop.verdict(ending, { cellIndex, source });
    }
    this.#outputs.finish();
    if (this.#hookFault !== undefined) throw this.#hookFault.error;
    const error = failed?.error ?? this.#stop.streamError;
    const status = failed?.status ?? (error === undefined ? "ok" : "kernel_fault");
    return {
      ...{ status: status as RunStatus, cells: results, warnings: this.#warnings },
      ...(error === undefined ? {} : { error }),
    };
  }

  async #cell(cellIndex: number, cell: CodeCell, deadline: number): Promise<CellResult> {
    if (cellTags(cell).includes("skip-execution") || cell.source.trim() === "") {
      return { cellIndex, status: "skipped", durationMs: 0 };
    }
    const { clock, hooks, timeout = Infinity, recordTiming } = this.#options;
    const start = clock();
    this.#askedForInput = false;
    hooks?.onCellStart?.({ cellIndex, source: cell.source });
    const request = this.#kernel.client.request("execute_request", {
      code: cell.source,
      silent: false,
      store_history: true,
      user_expressions: {},
      // Without it Deno's prompt() returns null in silence; other kernels raise an error by themselves.
      allow_stdin: this.#kernel.implementation.startsWith("Deno"),
      stop_on_error: true,
    });
    this.#cellOf.set(request.id, cellIndex);
    const limits = { cell: start + timeout, notebook: deadline };
    const { status, error } = await this.#verdict(request, { cellIndex, cell, limits });
    const end = clock();
    if (recordTiming) {
      cell.metadata.execution = {
        "iopub.execute_input": new Date(start).toISOString(),
        "shell.execute_reply": new Date(end).toISOString(),
      };
    }
    const result: CellResult = {
      ...{ cellIndex, status, durationMs: end - start },
      ...(error === undefined ? {} : { error }),
    };
    if (this.#hookFault !== undefined) throw this.#hookFault.error;
    hooks?.onCellComplete?.(result);
    return result;
  }

  /** Waits until the cell and its outputs are complete, and judges it. */
  async #verdict(
    request: KernelRequest,
    at: CellRun,
  ): Promise<{ status: CellStatus; error?: Error }> {
    const { cellIndex, cell } = at;
    const place = { cellIndex, source: cell.source };
    let reply: Message | undefined;
    void request.reply.then((message) => reply = message);
    const ending = await this.#finished(request, at);
    if (ending === "cell deadline" || ending === "notebook deadline") {
      await this.#interrupt(request, cellIndex);
    }
    if (ending !== "done") return this.#stop.verdict(ending, place);
    if (reply?.content.status === "ok" && !this.#askedForInput) return { status: "ok" };
    const info = errorOf(cell, { reply, askedForInput: this.#askedForInput });
    const error = new CellExecutionError(info, place);
    const allowed = this.#options.allowErrors || cellTags(cell).includes("raises-exception");
    return { status: allowed ? "allowed_error" : "error", error };
  }

  /**
   * Waits for the reply and the idle of a cell, and for its outputs where they come later than
   * that; for a failing cell everything that the kernel said about it is awaited.
   */
  async #finished(
    { reply, idle }: KernelRequest,
    { cellIndex, cell, limits }: CellRun,
  ): Promise<Ending> {
    const replied = await this.#stop.until(reply, limits);
    if (replied !== "done") return replied;
    const idled = await this.#stop.until(idle, { ...limits, patience: IDLE_WAIT });
    if (idled === "no answer") {
      this.#warnings.push(`The kernel did not say that cell ${cellIndex} is done`);
    } else if (idled !== "done") return idled;
    const passed = await this.#letLargeOutputsPass(cell, limits);
    if (passed !== "done") return passed;
    const isOk = (await reply).content.status === "ok" && !this.#askedForInput;
    const collected = this.#kernel.sendsLate || !isOk
      ? await this.#collect(cellIndex, limits)
      : "done";
    return collected === "done" && this.#stop.streamError !== undefined ? "corrupt" : collected;
  }

  /** Stops a cell that runs too long, and gathers what it printed. */
  async #interrupt({ reply }: KernelRequest, cellIndex: number): Promise<void> {
    this.#kernel.interrupt();
    const limits = { cell: Infinity, notebook: Infinity };
    const patience = INTERRUPT_WAIT;
    if (await this.#stop.until(reply, { ...limits, patience }) === "done") {
      await this.#collect(cellIndex, { ...limits, patience });
    } else await this.#stop.pause(100, limits);
  }

  async #letLargeOutputsPass(
    cell: CodeCell,
    limits: Deadlines,
  ): Promise<Ending> {
    const { client } = this.#kernel;
    if (client.pendingBytes < LARGE_OUTPUT && outputSize(cell) < LARGE_OUTPUT) return "done";
    // Of a closed connection the rest of a begun message never comes.
    while (client.pendingBytes > 0 && !client.iopubClosed) {
      const ending = await this.#stop.pause(20, limits);
      if (ending !== "done") return ending;
    }
    return await this.#stop.pause(LARGE_QUIET, limits);
  }

  /** Waits until all outputs so far have arrived; those without a name of their own are the cell's. */
  async #collect(
    cellIndex: number,
    limits: Deadlines & Partial<PatientDeadlines>,
  ): Promise<Ending> {
    const passed = this.#kernel.barrier((message) => this.#apply(cellIndex, message));
    const ending = await this.#stop.until(passed, { patience: BARRIER_WAIT, ...limits });
    if (ending !== "no answer") return ending;
    this.#warnings.push("The kernel did not confirm that all outputs were sent; some may miss");
    return "done";
  }

  #apply(cellIndex: number, message: Message): void {
    for (const change of this.#outputs.apply(cellIndex, message)) {
      try {
        this.#options.hooks?.onOutput?.(change);
      } catch (error) {
        // Thrown on at the end of the cell: here it would look like a fault of the connection.
        this.#hookFault ??= { error };
      }
    }
  }

  /** Refuses at once: the interrupt ends the cell, and the answer frees the kernel's wait for it. */
  #onInput(message: Message): void {
    this.#askedForInput = true;
    this.#kernel.interrupt();
    this.#kernel.client.replyInput("", message);
  }
}
