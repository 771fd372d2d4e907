import { openStatusLine, type StatusLine } from "../display/status_line.ts";
import type { CellResult, ExecuteHooks } from "../runner/execute/execute_options.ts";
import type { Notebook } from "../runner/notebook/nbformat.ts";
import type { OutputChange } from "../runner/execute/notebook_outputs.ts";
import { stripAnsi } from "../runner/runner_errors.ts";
import type { CommandContext } from "./command.ts";

/** What of a figure's text is shown; the whole is in the executed notebook. */
const MAX_LINES = 40;

/** Options of {@linkcode notebookProgress}. */
export interface NotebookProgressOptions {
  /** Milliseconds between two lines of progress. @default {100} on a terminal, {5000} in a log */
  readonly interval?: number;
}

/** Hooks that show a running notebook: its cells, what it prints, and its lines of progress. */
export function notebookProgress(
  context: CommandContext,
  options: NotebookProgressOptions = {},
): Required<ExecuteHooks> {
  const view = new NotebookView(context, options);
  return {
    onStart: ({ notebook }) => view.start(notebook),
    onCellStart: ({ cellIndex, source }) => view.cell(cellIndex, source),
    onOutput: (change) => view.output(change),
    onCellComplete: (result) => view.complete(result),
  };
}

class NotebookView {
  readonly #context: CommandContext;
  readonly #options: NotebookProgressOptions;
  /** Which of how many code cells, by the index among all cells. */
  #numbers = new Map<number, string>();
  /** The heading above a cell, by the same index. */
  #headings = new Map<number, string>();
  #line: StatusLine | undefined;

  constructor(context: CommandContext, options: NotebookProgressOptions) {
    this.#context = context;
    this.#options = options;
  }

  start({ cells }: Notebook): void {
    const code = [...cells.keys()].filter((index) => cells[index].cell_type === "code");
    this.#numbers = new Map(code.map((index, i) => [index, `[${i + 1}/${code.length}]`]));
    this.#headings = new Map(code.flatMap((index) => {
      const above = cells[index - 1];
      const heading = above?.cell_type === "markdown" ? headingOf(above.source) : undefined;
      return heading === undefined ? [] : [[index, heading]];
    }));
  }

  cell(cellIndex: number, source: string): void {
    const first = source.split("\n").find((line) => line.trim() !== "") ?? "";
    const text = this.#headings.get(cellIndex) ?? first.trim();
    const title = Array.from(text).slice(0, 72).join("");
    this.#context.stderr.write(`${this.#numbers.get(cellIndex) ?? ""} ${title}\n`);
  }

  output({ output, displayId }: OutputChange): void {
    if (output.output_type === "stream") {
      this.#print(output.name === "stderr" ? "stderr" : "stdout", output.text);
    } else if ("data" in output) {
      const text = output.data["text/plain"];
      if (typeof text !== "string" || text === "") return;
      const isLine = displayId !== undefined && !text.trimEnd().includes("\n");
      if (isLine) this.#status(text.trimEnd());
      else this.#print("stdout", `${shorten(text)}\n`);
    }
    // Errors are shown by the command, together with the cell.
  }

  complete({ cellIndex, status, durationMs }: CellResult): void {
    this.#closeLine();
    const seconds = (durationMs / 1000).toFixed(1);
    this.#context.stderr.write(`${this.#numbers.get(cellIndex) ?? ""} ${status} ${seconds} s\n`);
  }

  /** A line of progress: redrawn on a terminal, now and then a new line in a log. */
  #status(text: string): void {
    const { stderr, isTerminal } = this.#context;
    const { interval } = this.#options;
    this.#line ??= openStatusLine({
      output: { write: (part) => stderr.write(part), isTTY: isTerminal, columns: stderr.columns },
      ...(interval === undefined ? {} : { interval }),
    });
    this.#line.update(stripAnsi(text));
  }

  #print(stream: "stdout" | "stderr", text: string): void {
    // On a terminal the text would go on behind the line of progress.
    if (this.#context.isTerminal) this.#closeLine();
    this.#context[stream].write(this.#context.isTerminal ? text : stripAnsi(text));
  }

  #closeLine(): void {
    // Outside a kernel a line is written at once: there is nothing to wait for.
    void this.#line?.close();
    this.#line = undefined;
  }
}

/** The last heading of a markdown cell, without its marks. */
function headingOf(source: string): string | undefined {
  return [...source.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].at(-1)?.[1];
}

function shorten(text: string): string {
  const lines = text.trimEnd().split("\n");
  if (lines.length <= MAX_LINES) return lines.join("\n");
  return [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines`].join("\n");
}
