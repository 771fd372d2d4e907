import type {
  CellResult,
  CellStatus,
  ExecuteNotebookOptions,
  RunOutcome,
  RunStatus,
} from "./execute_options.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelRequest } from "./kernel_client.ts";
import type { Message } from "./message_codec.ts";
import type { CodeCell, Notebook } from "./nbformat.ts";
import { NotebookOutputs } from "./notebook_outputs.ts";
import { cellTags } from "./parameters.ts";
import { abortReason, deadKernelError, errorOf, outputSize, timeoutError } from "./cell_errors.ts";
import { CellExecutionError } from "./runner_errors.ts";
import { delay, within } from "./wait.ts";

type Options = ExecuteNotebookOptions & { readonly clock: () => number };

/** Why the wait for a cell ended. */
type Ending = "done" | "cell deadline" | "notebook deadline" | "dead" | "corrupt" | "aborted";

/** Milliseconds: how long a reply's idle, an interrupt and a barrier may take. */
const IDLE_WAIT = 5000, INTERRUPT_WAIT = 2000, BARRIER_WAIT = 30_000;
/** Above this size the Deno kernel may write into its own message when asked for more. */
const LARGE_OUTPUT = 2 ** 20, LARGE_QUIET = 400;

/** One pass through the cells of a notebook with a ready kernel. */
export class NotebookRun {
  readonly #kernel: Kernel;
  readonly #notebook: Notebook;
  readonly #options: Options;
  readonly #outputs: NotebookOutputs;
  /** Which cell a message belongs to, by the id of the request that caused it. */
  readonly #cellOf = new Map<string, number>();
  readonly #warnings: string[] = [];
  readonly #stopped: Promise<Ending>;
  #hookFault: { error: unknown } | undefined;
  #askedForInput = false;
  #streamError: Error | undefined;

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
    this.#stopped = this.#watch();
  }

  /** Runs the cells until one fails or all are done. */
  async execute(): Promise<RunOutcome> {
    const results: CellResult[] = [];
    const deadline = this.#options.clock() + (this.#options.notebookTimeout ?? Infinity);
    let failed: CellResult | undefined;
    for (const [cellIndex, cell] of this.#notebook.cells.entries()) {
      if (cell.cell_type !== "code") continue;
      const result = failed !== undefined
        ? { cellIndex, status: "not_run" as const, durationMs: 0 }
        : await this.#cell(cellIndex, cell, deadline);
      results.push(result);
      if (!["ok", "allowed_error", "skipped", "not_run"].includes(result.status)) failed ??= result;
    }
    if (failed === undefined && results.length > 0) await this.#collect(results.at(-1)!.cellIndex);
    this.#outputs.finish();
    if (this.#hookFault !== undefined) throw this.#hookFault.error;
    const error = failed?.error ?? this.#streamError;
    const status = failed?.status ?? (error === undefined ? "ok" : "kernel_fault");
    return {
      ...{ status: status as RunStatus, cells: results, warnings: this.#warnings },
      ...(error === undefined ? {} : { error }),
    };
  }

  /** The first thing that ends the whole run from outside. */
  #watch(): Promise<Ending> {
    const { signal } = this.#options;
    const aborted = new Promise<Ending>((resolve) => {
      if (signal?.aborted) resolve("aborted");
      signal?.addEventListener("abort", () => resolve("aborted"), { once: true });
    });
    const fault = this.#kernel.client.fault.then((error): Ending => {
      this.#streamError = error;
      return "corrupt";
    });
    return Promise.race([aborted, fault, this.#kernel.exited.then((): Ending => "dead")]);
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
    const { ending, reply } = await this.#finished(request, cellIndex, {
      cell: timeout,
      notebook: deadline - start,
    });
    const { status, error } = await this.#verdict({ ending, reply, cellIndex, cell });
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

  /** Waits for the reply and the idle of a cell, or for what ends it before that. */
  async #finished(
    request: KernelRequest,
    cellIndex: number,
    limits: { readonly cell: number; readonly notebook: number },
  ): Promise<{ ending: Ending; reply?: Message }> {
    let reply: Message | undefined;
    const done = request.reply.then(async (message): Promise<Ending> => {
      reply = message;
      const idle = await within(request.idle.then(() => true), IDLE_WAIT);
      if (idle !== true) {
        this.#warnings.push(`The kernel did not say that cell ${cellIndex} is done`);
      }
      return "done";
    });
    const first = await within(
      Promise.race([done, this.#stopped]),
      Math.min(limits.cell, limits.notebook),
    );
    if (first !== undefined && first !== "dead") return { ending: first, reply };
    if (first === "dead") {
      // What it sent before its end is still in the socket.
      for (let i = 0; i < 40 && !this.#kernel.client.iopubClosed; i++) await delay(5);
      return { ending: "dead" };
    }
    if (reply === undefined) await this.#interrupt(request, cellIndex);
    // The reply came before the deadline, only its idle did not: the cell is done.
    else return { ending: "done", reply };
    return {
      ending: limits.cell <= limits.notebook ? "cell deadline" : "notebook deadline",
      reply,
    };
  }

  /** Stops a cell that runs too long, and gathers what it printed. */
  async #interrupt(request: KernelRequest, cellIndex: number): Promise<void> {
    this.#kernel.interrupt();
    const ended = Promise.race([request.reply.then(() => true), this.#stopped.then(() => false)]);
    if (await within(ended, INTERRUPT_WAIT)) {
      await this.#collect(cellIndex, { timeout: INTERRUPT_WAIT });
    } else await delay(100);
  }

  /** The cell's verdict; for a failing one everything that the kernel said about it is awaited. */
  async #verdict(
    { ending, reply, cellIndex, cell }: {
      readonly ending: Ending;
      readonly reply?: Message;
      readonly cellIndex: number;
      readonly cell: CodeCell;
    },
  ): Promise<{ status: CellStatus; error?: Error }> {
    const place = { cellIndex, source: cell.source };
    if (ending === "aborted") {
      return { status: "aborted", error: abortReason(this.#options.signal) };
    }
    if (ending === "corrupt") return { status: "kernel_fault", error: this.#streamError };
    if (ending === "dead") {
      return { status: "dead_kernel", error: deadKernelError(this.#kernel, cellIndex) };
    }
    if (ending !== "done") {
      return { status: "timeout", error: timeoutError(ending, { ...this.#options, ...place }) };
    }
    await this.#letLargeOutputsPass(cell);
    const isOk = reply?.content.status === "ok" && !this.#askedForInput;
    if (this.#kernel.sendsLate || !isOk) await this.#collect(cellIndex);
    if (this.#streamError !== undefined) {
      return { status: "kernel_fault", error: this.#streamError };
    }
    if (isOk) return { status: "ok" };
    const info = errorOf(cell, { reply, askedForInput: this.#askedForInput });
    const error = new CellExecutionError(info, place);
    const allowed = this.#options.allowErrors || cellTags(cell).includes("raises-exception");
    return { status: allowed ? "allowed_error" : "error", error };
  }

  async #letLargeOutputsPass(cell: CodeCell): Promise<void> {
    const size = outputSize(cell);
    const { client } = this.#kernel;
    if (client.pendingBytes < LARGE_OUTPUT && size < LARGE_OUTPUT) return;
    while (client.pendingBytes > 0 && this.#streamError === undefined) await delay(20);
    await delay(LARGE_QUIET);
  }

  /** Waits until all outputs so far have arrived; those without a name of their own are the cell's. */
  async #collect(
    cellIndex: number,
    { timeout = BARRIER_WAIT }: { readonly timeout?: number } = {},
  ): Promise<void> {
    const onLate = (message: Message) => this.#apply(cellIndex, message);
    if (await this.#kernel.barrier({ timeout, onLate })) return;
    if (this.#kernel.exit === undefined && this.#streamError === undefined) {
      this.#warnings.push("The kernel did not confirm that all outputs were sent; some may miss");
    }
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
