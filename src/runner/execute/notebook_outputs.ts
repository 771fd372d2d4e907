import type { Message } from "../protocol/message_codec.ts";
import type { CodeCell, MimeBundle, Output } from "../notebook/nbformat.ts";

/** What a message changed. */
export interface OutputChange {
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** The output as it is now; of a stream only the new text. */
  readonly output: Output;
  /** True when an output that stood already was replaced through its display id. */
  readonly updated: boolean;
  /** The display id that the output stands under, if any: a line or figure that is updated. */
  readonly displayId?: string;
}

type Content = Readonly<Record<string, unknown>>;

/** Files messages of the iopub channel as outputs of the cells that caused them. */
export class NotebookOutputs {
  readonly #cells: ReadonlyMap<number, CodeCell>;
  /** Outputs that show one display id, wherever they stand. */
  readonly #displays = new Map<string, { data: MimeBundle; metadata: Content }[]>();
  readonly #clearOnNext = new Set<number>();

  constructor(cells: ReadonlyMap<number, CodeCell>) {
    this.#cells = cells;
  }

  /** Applies a message to its cell and returns what changed, if something visible did. */
  apply(cellIndex: number, { header, content }: Message): OutputChange[] {
    const cell = this.#cells.get(cellIndex);
    if (cell === undefined) return [];
    switch (header.msg_type) {
      case "execute_input":
        cell.execution_count = Number(content.execution_count ?? 0) || null;
        return [];
      case "clear_output":
        if (content.wait === true) this.#clearOnNext.add(cellIndex);
        else cell.outputs.length = 0;
        return [];
      case "update_display_data":
        return this.#update(cellIndex, content);
      case "stream":
      case "display_data":
      case "execute_result":
      case "error":
        return this.#append(cellIndex, cell, toOutput(header.msg_type, content), content);
      default:
        return [];
    }
  }

  #append(cellIndex: number, cell: CodeCell, output: Output, content: Content): OutputChange[] {
    if (this.#clearOnNext.delete(cellIndex)) cell.outputs.length = 0;
    const updates = this.#update(cellIndex, content);
    const last = cell.outputs.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name
    ) {
      last.text += output.text;
      return [{ cellIndex, output, updated: false }];
    }
    // The stored copy: a stream grows with later messages, the reported one does not.
    const stored = output.output_type === "stream" ? { ...output } : output;
    cell.outputs.push(stored);
    const id = displayId(content);
    if (id !== undefined && "data" in stored) {
      this.#displays.set(id, [...(this.#displays.get(id) ?? []), stored]);
    }
    const change = { cellIndex, output, updated: false };
    return [...updates, id === undefined ? change : { ...change, displayId: id }];
  }

  /** Replaces what stands under the message's display id. */
  #update(cellIndex: number, content: Content): OutputChange[] {
    const id = displayId(content);
    const shown = id === undefined ? [] : this.#displays.get(id) ?? [];
    if (shown.length === 0) return [];
    for (const output of shown) {
      output.data = structuredClone(content.data ?? {}) as MimeBundle;
      output.metadata = structuredClone(content.metadata ?? {}) as Content;
    }
    return [{ cellIndex, output: { ...shown[0] } as Output, updated: true, displayId: id }];
  }

  /** Text of streams as a terminal would leave it: carriage returns and backspaces are applied. */
  finish(): void {
    for (const cell of this.#cells.values()) {
      for (const output of cell.outputs) {
        if (output.output_type === "stream") output.text = settleText(output.text);
      }
    }
  }
}

/**
 * Applies backspaces and carriage returns as nbclient's `coalesce_streams` does, in a time that
 * grows with the length of the text alone: a line may be megabytes long.
 */
export function settleText(text: string): string {
  const erased = text.includes("\b") ? applyBackspaces(text) : text;
  if (!erased.includes("\r")) return erased;
  return erased.split("\n").map(applyCarriageReturns).join("\n");
}

/** Each backspace takes the character before it away, but never the end of a line. */
function applyBackspaces(text: string): string {
  const kept: string[] = [];
  for (const character of text) {
    const last = kept.at(-1);
    const erases = character === "\b" && last !== undefined && last !== "\n" && last !== "\b";
    if (erases) kept.pop();
    else kept.push(character);
  }
  return kept.join("");
}

/** A carriage return before the line's end lets the rest of the line overwrite what stood there. */
function applyCarriageReturns(line: string): string {
  return line.slice(line.slice(0, -1).lastIndexOf("\r") + 1);
}

function displayId(content: Content): string | undefined {
  const id = (content.transient as { display_id?: unknown } | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}

function toOutput(type: "stream" | "display_data" | "execute_result" | "error", content: Content) {
  const data = (content.data ?? {}) as MimeBundle;
  const metadata = (content.metadata ?? {}) as Record<string, unknown>;
  const outputs: Record<typeof type, () => Output> = {
    stream: () => ({
      output_type: "stream",
      name: String(content.name ?? "stdout"),
      text: String(content.text ?? ""),
    }),
    display_data: () => ({ output_type: "display_data", data, metadata }),
    execute_result: () => ({
      output_type: "execute_result",
      data,
      metadata,
      execution_count: typeof content.execution_count === "number" ? content.execution_count : null,
    }),
    error: () => ({
      output_type: "error",
      ename: String(content.ename ?? ""),
      evalue: String(content.evalue ?? ""),
      traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
    }),
  };
  return outputs[type]();
}
