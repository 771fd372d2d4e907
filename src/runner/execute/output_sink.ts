import type { Kernel } from "../kernels/kernel.ts";
import type { RoutedMessage } from "../kernels/output_router.ts";
import { MAX_OUTPUT_BYTES } from "../kernels/start_kernel.ts";
import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import type { Message } from "../protocol/message_codec.ts";
import { outputLimitError } from "./cell_errors.ts";
import { CellTimes } from "./cell_times.ts";
import type { RunContext } from "./execute_options.ts";
import { NotebookOutputs, toOutput } from "./notebook_outputs.ts";
import type { RunStop } from "./run_stop.ts";
import { WidgetState } from "./widget_state.ts";

/** What a sink works with. */
export interface OutputSinkOptions {
  readonly kernel: Kernel;
  readonly context: RunContext;
  readonly stop: RunStop;
}

/** Takes what the kernel puts out while a notebook runs: outputs, widgets, times. */
export class OutputSink {
  readonly #notebook: Notebook;
  readonly #options: OutputSinkOptions;
  readonly #outputs: NotebookOutputs;
  readonly #widgets: WidgetState;
  #running = -1;
  #times: CellTimes | undefined;
  #hookFault: { error: unknown } | undefined;

  constructor(notebook: Notebook, options: OutputSinkOptions) {
    this.#notebook = notebook;
    this.#options = options;
    const cells = [...notebook.cells.entries()];
    this.#outputs = new NotebookOutputs(
      new Map(cells.filter((entry): entry is [number, CodeCell] => entry[1].cell_type === "code")),
    );
    this.#widgets = new WidgetState(options.kernel.client);
  }

  /** A cell is about to be sent. */
  begin(cellIndex: number): void {
    const { context: { recordTiming } } = this.#options;
    this.#running = cellIndex;
    const cell = this.#notebook.cells[cellIndex] as CodeCell;
    this.#times = recordTiming ? new CellTimes(cell) : undefined;
  }

  /** The reply to the cell has come. */
  replied(): void {
    this.#times?.replied(this.#options.context.clock());
  }

  /** Files a message, tells the hook, and stops the run when there is too much. */
  take(routed: RoutedMessage): void {
    if (routed.kind === "move") return this.#outputs.move(routed.toCell);
    const { cellIndex, message } = routed;
    const { context, stop } = this.#options;
    if (cellIndex === this.#running) this.#times?.saw(message, context.clock());
    if (message.header.msg_type === "status") return;
    stop.sawOutput();
    if (this.#widgets.take(message) || this.#captured(message)) return;
    if (stop.limitError !== undefined) return;
    for (const change of this.#outputs.apply(cellIndex, message)) {
      try {
        context.hooks?.onOutput?.(change);
      } catch (error) {
        this.hookFailed(error);
      }
    }
    const { maxOutputBytes = MAX_OUTPUT_BYTES } = context;
    if (this.#outputs.bytes <= maxOutputBytes) return;
    stop.trip(outputLimitError({ cellIndex, maxOutputBytes }));
  }

  /** Kept until the end of the cell: thrown at once it would look like a fault of the connection. */
  hookFailed(error: unknown): void {
    this.#hookFault ??= { error };
  }

  /** Throws what a hook has thrown. */
  throwHookFault(): void {
    if (this.#hookFault !== undefined) throw this.#hookFault.error;
  }

  /** The run is over: brings outputs and widgets into their last form. */
  finish(): void {
    this.#outputs.finish({ errorsLast: this.#options.kernel.adapter.errorsFirst });
    this.#widgets.store(this.#notebook);
    this.throwHookFault();
  }

  /** An output widget shows the message instead of the cell. */
  #captured({ header: { msg_type }, parentHeader, content }: Message): boolean {
    const request = parentHeader.msg_id ?? "";
    if (msg_type === "clear_output") return this.#widgets.capture(request, "clear");
    const isOutput = msg_type === "stream" || msg_type === "display_data" ||
      msg_type === "execute_result" || msg_type === "error";
    return isOutput && this.#widgets.capture(request, toOutput(msg_type, content));
  }
}
