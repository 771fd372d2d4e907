import type { Message } from "../protocol/message_codec.ts";
import { type CodeCell, isJsonType, type MimeBundle, type Output } from "../notebook/nbformat.ts";
import { outputSize } from "./output_size.ts";
import { settleText } from "./settle_text.ts";

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

type Display = Extract<Output, { data: MimeBundle }>;

/** From this length on the text of a stream is settled while it grows. */
const SETTLE_LENGTH = 2 ** 20;

/** Files messages of the iopub channel as outputs of the cells that caused them. */
export class NotebookOutputs {
  readonly #cells: ReadonlyMap<number, CodeCell>;
  /** Outputs that show one display id, wherever they stand. */
  readonly #displays = new Map<string, Display[]>();
  readonly #clearOnNext = new Set<number>();
  /** Cells cleared by a message that may turn out to be an earlier cell's. */
  readonly #cleared = new Set<number>();
  readonly #settleAt = new Map<CodeCell, number>();
  /** About how many bytes of memory all outputs take. */
  bytes = 0;

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
        else this.#clear(cell);
        this.#cleared.add(cellIndex);
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

  /** Gives a cell what has come for later cells so far: it was late, and named one of them. */
  move(toCell: number): void {
    const target = this.#cells.get(toCell);
    if (target === undefined) return;
    for (const [cellIndex, cell] of this.#cells) {
      if (cellIndex <= toCell) continue;
      this.#moveClear(cellIndex, toCell, target);
      const moved = cell.outputs.filter((output) => !isError(output));
      if (moved.length === 0) continue;
      cell.outputs = cell.outputs.filter(isError);
      for (const output of moved) if (!joinStream(target, output)) target.outputs.push(output);
    }
    this.#cleared.delete(toCell);
  }

  #moveClear(cellIndex: number, toCell: number, target: CodeCell): void {
    if (!this.#cleared.delete(cellIndex)) return;
    if (this.#clearOnNext.delete(cellIndex)) this.#clearOnNext.add(toCell);
    else this.#clear(target);
  }

  #clear(cell: CodeCell): void {
    for (const output of cell.outputs) this.bytes -= outputSize(output);
    cell.outputs = [];
  }

  #append(cellIndex: number, cell: CodeCell, output: Output, content: Content): OutputChange[] {
    if (this.#clearOnNext.delete(cellIndex)) this.#clear(cell);
    const updates = this.#update(cellIndex, content);
    this.bytes += outputSize(output);
    if (joinStream(cell, output)) {
      this.#settleLong(cell);
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
      this.bytes -= outputSize(output);
      output.data = structuredClone(storableBundle((content.data ?? {}) as MimeBundle));
      output.metadata = structuredClone(content.metadata ?? {}) as Record<string, unknown>;
      this.bytes += outputSize(output);
    }
    return [{ cellIndex, output: { ...shown[0] } as Output, updated: true, displayId: id }];
  }

  /** A bar that is redrawn all day would grow without bound otherwise. */
  #settleLong(cell: CodeCell): void {
    const last = cell.outputs.at(-1);
    if (last?.output_type !== "stream") return;
    if (last.text.length < (this.#settleAt.get(cell) ?? SETTLE_LENGTH)) return;
    this.bytes -= outputSize(last);
    last.text = settleText(last.text);
    this.bytes += outputSize(last);
    this.#settleAt.set(cell, Math.max(SETTLE_LENGTH, 2 * last.text.length));
  }

  /** Text of streams as a terminal would leave it, and errors last where they overtake prints. */
  finish({ errorsLast }: { readonly errorsLast: boolean }): void {
    for (const cell of this.#cells.values()) {
      for (const output of cell.outputs) {
        if (output.output_type === "stream") output.text = settleText(output.text);
      }
      if (!errorsLast) continue;
      cell.outputs = [...cell.outputs.filter((o) => !isError(o)), ...cell.outputs.filter(isError)];
    }
  }
}

function isError({ output_type }: Output): boolean {
  return output_type === "error";
}

/** Adds a print to the print of the same stream that ends the cell so far, if one does. */
function joinStream(cell: CodeCell, output: Output): boolean {
  const last = cell.outputs.at(-1);
  if (output.output_type !== "stream" || last?.output_type !== "stream") return false;
  if (last.name !== output.name) return false;
  last.text += output.text;
  return true;
}

function displayId(content: Content): string | undefined {
  const id = (content.transient as { display_id?: unknown } | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}

/** Only JSON types may hold something else than text in a notebook. */
function storableBundle(data: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [
      mime,
      typeof value === "string" || isJsonType(mime) ? value : JSON.stringify(value),
    ]),
  );
}

/** The output that a message stands for. */
export function toOutput(
  type: "stream" | "display_data" | "execute_result" | "error",
  content: Content,
) {
  const data = storableBundle((content.data ?? {}) as MimeBundle);
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
