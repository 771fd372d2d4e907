import { openStatusLine, type StatusLine } from "../display/status_line.ts";
import { stripAnsi } from "../runner/runner_errors.ts";
import type { SuiteHooks } from "../runner/suite/suite_options.ts";
import { countVerdicts, type NotebookVerdict } from "../runner/suite/suite_result.ts";
import type { CommandContext } from "./command.ts";

/** Options of {@linkcode TestProgress}. */
export interface TestProgressOptions {
  /** Where verdicts go: stdout, unless a report has it for itself. */
  readonly print: (text: string) => void;
}

/** Shows a suite while it runs: a line for each verdict, and on a terminal which cells run now. */
export class TestProgress {
  readonly #context: CommandContext;
  readonly #options: TestProgressOptions;
  readonly #running = new Map<string, { number: number; cells: number }>();
  #verdicts: NotebookVerdict[] = [];
  #total = 0;
  #line: StatusLine | undefined;

  constructor(context: CommandContext, options: TestProgressOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Hooks of the suite. */
  get hooks(): SuiteHooks {
    return {
      onStart: ({ paths }) => {
        this.#total = paths.length;
        this.#verdicts = [];
      },
      onNotebookStart: ({ path, cells }) => {
        this.#running.set(path, { number: 0, cells });
        this.#update();
      },
      onCellStart: ({ path, number }) => {
        const { cells } = this.#running.get(path) ?? { cells: 0 };
        this.#running.set(path, { number, cells });
        this.#update();
      },
      onVerdict: async (verdict) => {
        this.#running.delete(verdict.path);
        this.#verdicts.push(verdict);
        if (verdict.verdict !== "skipped") this.print(await this.#text(verdict));
        this.#update();
      },
    };
  }

  /** Prints text above the line of progress. */
  print(text: string): void {
    if (this.#line !== undefined) this.#context.stderr.write("\r\x1b[K");
    this.#options.print(this.#context.isTerminal ? text : stripAnsi(text));
  }

  /** Ends the line of progress and leaves nothing of it. */
  async close(): Promise<void> {
    this.#running.clear();
    if (this.#line === undefined) return;
    this.#line.update("");
    await this.#line.close();
    this.#line = undefined;
  }

  /** What is said about a notebook: a line, and why it did not pass. */
  async #text(one: NotebookVerdict): Promise<string> {
    const { verdict, path, status, durationMs, warnings } = one;
    const head = `${verdict.padEnd(6)} ${path} (${status}, ${(durationMs / 1000).toFixed(1)} s)`;
    const lines = [head, ...[...warnings, ...await this.#reasons(one)].map(indent)];
    return lines.map((line) => `${line}\n`).join("");
  }

  async #reasons({ verdict, status, message, differences }: NotebookVerdict): Promise<string[]> {
    if (verdict === "cached" || message === undefined) return [];
    // An update has said itself what it took over.
    const said = status === "differs" ? [] : [message];
    if (verdict === "passed" || differences.length === 0) return said;
    const { differenceText } = await import("../runner/compare/difference_text.ts");
    const text = await differenceText(differences.slice(0, MOST_DIFFERENCES), {
      colour: this.#context.isTerminal,
      width: Math.max(40, (this.#context.stderr.columns || 100) - INDENT.length),
    });
    const more = differences.length - MOST_DIFFERENCES;
    const rest = more > 0 ? [`… ${more} more differences; --html F shows all`] : [];
    return [...said, text, ...rest];
  }

  #update(): void {
    const { stderr, isTerminal } = this.#context;
    if (!isTerminal) return;
    // A terminal that does not know its width says 0.
    const columns = stderr.columns || undefined;
    this.#line ??= openStatusLine({
      output: { write: (text) => stderr.write(text), isTTY: true, columns },
    });
    const { failed, fault } = countVerdicts(this.#verdicts);
    const bad = failed + fault === 0 ? "" : ` ${failed + fault} failed`;
    const running = [...this.#running].map(([path, { number, cells }]) =>
      ` · ${path} ${number}/${cells}`
    );
    this.#line.update(`[${this.#verdicts.length}/${this.#total}]${bad}${running.join("")}`);
  }
}

/** Differences that are shown of one notebook. */
const MOST_DIFFERENCES = 10;
const INDENT = "    ";

function indent(text: string): string {
  return text.trimEnd().split("\n").map((line) => line === "" ? "" : INDENT + line).join("\n");
}
