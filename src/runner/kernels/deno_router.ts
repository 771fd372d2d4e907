import { randomUUID } from "node:crypto";
import type { KernelClient } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import { createGate, type Gate, within } from "../wait.ts";
import { denoPrelude } from "./deno_prelude.ts";
import type { OutputRouter, RoutedMessage } from "./output_router.ts";

/** What the kernel sends through its queue, under the name of whatever request runs by then. */
const QUEUED = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "clear_output",
]);

/** Milliseconds that a cell with large outputs is held back when its marks do not come. */
const HOLD = 30_000;

/** Options of {@linkcode DenoRouter}. */
export interface DenoRouterOptions {
  /** Bytes that one cell may print or display. */
  readonly maxOutputBytes: number;
}

/**
 * Reads the marks that the prelude sets (see deno_prelude.ts): what came before the mark of a cell
 * was put out by that cell or an earlier one, whatever request it names.
 */
export class DenoRouter implements OutputRouter {
  readonly prelude: string;
  needsBarrier = true;
  readonly #nonce = `qsight-mark-${randomUUID()}`;
  readonly #cellOf = new Map<string, number>();
  /** By the execution count, which results and marks carry. */
  readonly #cellOfCount = new Map<string, number>();
  readonly #printed = new Map<string, Gate>();
  readonly #shown = new Map<string, Gate>();
  #lastCell: number | undefined;

  constructor({ maxOutputBytes }: DenoRouterOptions) {
    this.prelude = denoPrelude({ nonce: this.#nonce, maxOutputBytes });
  }

  preludeDone(isOk: boolean): void {
    this.needsBarrier = !isOk;
  }

  cellSent(requestId: string, cellIndex: number): void {
    this.#cellOf.set(requestId, cellIndex);
    this.#lastCell = cellIndex;
  }

  route(message: Message): readonly RoutedMessage[] {
    const { header: { msg_type }, content } = message;
    if (msg_type === this.#nonce) return this.#mark(String(content.id));
    if (msg_type === "stream" && String(content.text).includes(this.#nonce)) {
      return this.#printedMark(message);
    }
    const named = this.#cellOf.get(message.parentHeader.msg_id ?? "");
    if (msg_type === "execute_input" && named !== undefined) {
      this.#cellOfCount.set(String(content.execution_count), named);
    }
    const { execution_count } = content;
    const owner = msg_type === "execute_result"
      ? this.#cellOfCount.get(String(execution_count))
      : undefined;
    // A barrier's name says nothing: the last cell put it out, or a mark will tell.
    const cellIndex = owner ?? named ?? (QUEUED.has(msg_type) ? this.#lastCell : undefined);
    if (cellIndex === undefined) return [];
    const output: RoutedMessage = { kind: "output", cellIndex, message };
    // A result that comes late is a mark as well: what came before it is late, too.
    const isLate = owner !== undefined && owner !== named;
    return isLate ? [{ kind: "move", toCell: owner }, output] : [output];
  }

  answer(request: Message): Promise<string> | undefined {
    const [nonce, id] = String(request.content.prompt).split(" ");
    if (nonce !== this.#nonce) return undefined;
    return within(gateOf(this.#shown, id).opened, HOLD).then(() => "");
  }

  /** A silent request sets a mark behind everything so far. */
  async barrier(client: KernelClient): Promise<void> {
    const id = `barrier-${randomUUID()}`;
    // Without the prelude prints and displays have a queue each. console.debug prints as
    // console.log does, and is less often replaced by a notebook.
    const bare = `console.debug("${this.#nonce} ${id}"); ` +
      `Deno.jupyter.broadcast("${this.#nonce}", { id: "${id}" });`;
    const code = `globalThis[Symbol.for("${this.#nonce}")]("${id}");`;
    const { reply } = client.request("execute_request", {
      code: this.needsBarrier ? bare : code,
      silent: true,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
    const shown = gateOf(this.#shown, id).opened;
    const printed = this.needsBarrier ? gateOf(this.#printed, id).opened : undefined;
    await Promise.all([shown, printed, reply]);
  }

  #mark(id: string): readonly RoutedMessage[] {
    gateOf(this.#shown, id).open();
    const toCell = this.#cellOfCount.get(id);
    return toCell === undefined ? [] : [{ kind: "move", toCell }];
  }

  /** A mark may have been joined with the prints around it. */
  #printedMark(message: Message): readonly RoutedMessage[] {
    const text = String(message.content.text);
    const start = text.indexOf(this.#nonce);
    const end = text.indexOf("\n", start);
    if (end < 0) return [];
    gateOf(this.#printed, text.slice(start + this.#nonce.length + 1, end)).open();
    const rest = text.slice(0, start) + text.slice(end + 1);
    if (rest === "") return [];
    return this.route({ ...message, content: { ...message.content, text: rest } });
  }
}

function gateOf(gates: Map<string, Gate>, id: string): Gate {
  const gate = gates.get(id) ?? createGate();
  gates.set(id, gate);
  return gate;
}
