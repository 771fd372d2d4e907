import type { Kernel } from "../kernels/kernel.ts";
import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { cellTags } from "../notebook/parameters.ts";
import type { KernelRequest } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import { CellExecutionError } from "../runner_errors.ts";
import { delay, within } from "../wait.ts";
import { errorOf } from "./cell_errors.ts";
import type {
  CellResult,
  CellStatus,
  CellTreatment,
  RunContext,
  RunOutcome,
  RunStatus,
} from "./execute_options.ts";
import { OutputSink } from "./output_sink.ts";
import {
  type Deadlines,
  type Ending,
  limitStatus,
  type PatientDeadlines,
  RunStop,
} from "./run_stop.ts";
import { stdinAnswers } from "./stdin_script.ts";

/** Milliseconds: how long a reply's idle, an interrupt and a barrier may take. */
const IDLE_WAIT = 5000, INTERRUPT_WAIT = 2000, BARRIER_WAIT = 30_000;
/** tslab turns requests away for a while after an error. */
const ABORT_PAUSE = 50, ABORT_TRIES = 100;

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
  readonly #context: RunContext;
  readonly #sink: OutputSink;
  readonly #answer: ReturnType<typeof stdinAnswers>;
  readonly #warnings: string[] = [];
  readonly #stop: RunStop;
  #running = -1;
  #refusedInput = false;

  constructor(notebook: Notebook, kernel: Kernel, context: RunContext) {
    this.#notebook = notebook;
    this.#kernel = kernel;
    this.#context = context;
    this.#answer = stdinAnswers(context.stdin);
    this.#stop = new RunStop(kernel, context);
    this.#sink = new OutputSink(notebook, { kernel, context, stop: this.#stop });
    kernel.onOutput = (routed) => this.#sink.take(routed);
    kernel.onInput = (request) => this.#onInput(request);
  }

  /** Index of the cell that runs, or ran last; -1 before the first. */
  get running(): number {
    return this.#running;
  }

  /** Ends the run for a limit that was met outside. */
  trip(error: Error): void {
    this.#stop.trip(error);
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
    const deadline = this.#context.clock() + (this.#context.notebookTimeout ?? Infinity);
    let failed: Pick<CellResult, "status" | "error"> | undefined;
    for (const [cellIndex, cell] of this.#notebook.cells.entries()) {
      if (cell.cell_type !== "code") continue;
      const result = failed !== undefined
        ? { cellIndex, status: "not_run" as const, durationMs: 0 }
        : await this.#cell(cellIndex, cell, deadline);
      results.push(result);
      if (!["ok", "allowed_error", "skipped", "not_run"].includes(result.status)) failed ??= result;
    }
    if (failed === undefined && this.#running >= 0) {
      const cell = this.#context.clock() + (this.#context.timeout ?? Infinity);
      const ending = await this.#collect({ cell, notebook: deadline });
      const { source } = this.#notebook.cells[this.#running];
      const place = { cellIndex: this.#running, source };
      if (ending !== "done") failed = this.#stop.verdict(ending, place);
    }
    this.#sink.finish();
    const error = failed?.error ?? this.#stop.limitError;
    const status = failed?.status ?? (error === undefined ? "ok" : limitStatus(error));
    return {
      ...{ status: status as RunStatus, cells: results, warnings: this.#warnings },
      ...(error === undefined ? {} : { error }),
    };
  }

  async #cell(cellIndex: number, cell: CodeCell, deadline: number): Promise<CellResult> {
    const treatment = (this.#context.treatment ?? treatmentByTags)(cell);
    if (treatment.skip || cell.source.trim() === "") {
      return { cellIndex, status: "skipped", durationMs: 0 };
    }
    const { clock, hooks, timeout = Infinity, quietTimeout } = this.#context;
    const start = clock();
    this.#refusedInput = false;
    this.#running = cellIndex;
    this.#sink.begin(cellIndex);
    hooks?.onCellStart?.({ cellIndex, source: cell.source });
    this.#stop.sawOutput();
    const limits = {
      ...{ cell: start + timeout, notebook: deadline },
      ...(quietTimeout === undefined ? {} : { quiet: quietTimeout }),
    };
    const { status, error } = await this.#verdict({ cellIndex, cell, limits }, treatment);
    const result: CellResult = {
      ...{ cellIndex, status, durationMs: clock() - start },
      ...(error === undefined ? {} : { error }),
    };
    this.#sink.throwHookFault();
    hooks?.onCellComplete?.(result);
    return result;
  }

  /** Sends the cell, waits until it and its outputs are complete, and judges it. */
  async #verdict(
    at: CellRun,
    treatment: CellTreatment,
  ): Promise<{ status: CellStatus; error?: Error }> {
    const { cellIndex, cell, limits } = at;
    const place = { cellIndex, source: cell.source };
    const { request, reply, ending: replied } = await this.#send(at);
    const ending = replied === "done" ? await this.#finished(request, reply!, limits) : replied;
    if (/deadline$/.test(ending)) await this.#interrupt(request);
    if (ending !== "done") return this.#stop.verdict(ending, place);
    if (isOk(reply) && !this.#refusedInput) return { status: "ok" };
    const { errorsOnStderr } = this.#kernel.adapter;
    const info = errorOf(cell, { reply, askedForInput: this.#refusedInput, errorsOnStderr });
    const error = new CellExecutionError(info, place);
    const { allowErrors, allowErrorNames = [] } = this.#context;
    const allowed = allowErrors || treatment.mayRaise || allowErrorNames.includes(info.ename);
    return { status: allowed ? "allowed_error" : "error", error };
  }

  /** Sends a cell until the kernel takes it, and waits for the reply. */
  async #send(
    { cellIndex, cell, limits }: CellRun,
  ): Promise<{ request: KernelRequest; reply?: Message; ending: Ending }> {
    for (let tries = 1;; tries++) {
      const request = this.#kernel.execute({
        ...{ cellIndex, code: cell.source },
        allowStdin: this.#context.stdin !== undefined,
      });
      let reply: Message | undefined;
      const ending = await this.#stop.until(request.reply.then((it) => reply = it), limits);
      const turnedAway = /^abort/.test(String(reply?.content.status));
      if (ending !== "done" || !turnedAway || tries === ABORT_TRIES) {
        this.#sink.replied();
        return { request, ending, ...(reply === undefined ? {} : { reply }) };
      }
      await delay(ABORT_PAUSE);
    }
  }

  /**
   * Waits for the idle of a cell, and for its outputs where they may come later than that; for a
   * failing cell everything that the kernel said about it is awaited.
   */
  async #finished({ idle }: KernelRequest, reply: Message, limits: Deadlines): Promise<Ending> {
    const idled = await this.#stop.until(idle, { ...limits, patience: IDLE_WAIT });
    if (idled === "no answer") {
      const warning = `The kernel did not say that cell ${this.#running} is done; outputs may miss`;
      this.#warnings.push(warning);
    } else if (idled !== "done") return idled;
    const isSure = !this.#kernel.needsBarrier && isOk(reply) && !this.#refusedInput;
    const collected = isSure ? "done" : await this.#collect(limits);
    return collected === "done" && this.#stop.limitError !== undefined ? "limit" : collected;
  }

  /** Stops a cell that runs too long, and gathers what it printed. */
  async #interrupt({ reply }: KernelRequest): Promise<void> {
    void this.#kernel.interrupt();
    const limits = { cell: Infinity, notebook: Infinity, patience: INTERRUPT_WAIT };
    if (await this.#stop.until(reply, limits) === "done") await this.#collect(limits);
    else await this.#stop.pause(100, limits);
  }

  /** Waits until all outputs so far have arrived. */
  async #collect(limits: Deadlines & Partial<PatientDeadlines>): Promise<Ending> {
    const passed = this.#kernel.barrier();
    this.#stop.sawOutput();
    // As long as outputs come, there is sense in waiting.
    const waits: PatientDeadlines = { patience: Infinity, ...limits, quiet: BARRIER_WAIT };
    const ending = await this.#stop.until(passed, waits);
    if (ending !== "no answer" && ending !== "quiet deadline") return ending;
    this.#warnings.push("The kernel did not confirm that all outputs were sent; some may miss");
    return "done";
  }

  /**
   * Answers from the script, or refuses: the interrupt ends the cell, then the answer frees its wait.
   * Were the cell free before, the interrupt of a Deno kernel could hit what comes after its end, and
   * then its reply is lost.
   */
  #onInput(request: Message): void {
    const { prompt = "", password = false } = request.content;
    const cellIndex = this.#running;
    let answer: string | undefined;
    try {
      answer = this.#answer({ prompt: String(prompt), password: password === true, cellIndex });
    } catch (error) {
      this.#sink.hookFailed(error);
    }
    const reply = () => this.#kernel.client.replyInput(answer ?? "", request);
    if (answer !== undefined) return reply();
    this.#refusedInput = true;
    void within(this.#kernel.interrupt(), INTERRUPT_WAIT).then(reply);
  }
}

/** How the tags that all of Jupyter knows want a cell treated. */
export function treatmentByTags(cell: Notebook["cells"][number]): CellTreatment {
  const tags = cellTags(cell);
  return { skip: tags.includes("skip-execution"), mayRaise: tags.includes("raises-exception") };
}

function isOk(reply: Message | undefined): boolean {
  return reply?.content.status === "ok";
}
