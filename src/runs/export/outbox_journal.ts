import { appendLines, endLines } from "../json_lines.ts";
import type { OutboxItem } from "./remote.ts";
import { wholeLines } from "./whole_lines.ts";

/** One line of the journal. */
type Line =
  | { readonly schema: "qsight.outbox/1"; readonly run: string; readonly remote: string }
  | { readonly item: OutboxItem }
  | { readonly sent: number }
  | { readonly failed: number; readonly reason: string }
  | { readonly dropped: number; readonly item: DroppedItem; readonly reason: string };

type DroppedItem = Pick<OutboxItem, "kind" | "path" | "sha256">;

/** How many waiting items are held in memory; the others wait on the disk. */
const WINDOW = 128;

/**
 * The append-only journal of an outbox: items in the order in which they are to be sent, and what
 * became of them. It is the only truth about what was sent; a last line that a kill has torn is
 * passed over, and cut off by the next write.
 */
export class OutboxJournal {
  readonly path: string;
  /** Items so far. */
  items = 0;
  /** Items without an outcome, those that were refused included. */
  pending = 0;
  /** Where to look for the next items in the file, and the last that was taken from there. */
  #from = 0;
  #taken = 0;
  #window: OutboxItem[] = [];
  /** Refused in an earlier process: sent again before all others. */
  #again: OutboxItem[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens or begins a journal.
   *
   * @param onItem hears of each item that it holds, in their order; `onDropped` of those that were
   * @throws {Error} when it is the journal of another run
   */
  static async open(
    path: string,
    { run, remote, onItem, onDropped }: {
      readonly run: string;
      readonly remote: string;
      readonly onItem: (item: OutboxItem) => void;
      readonly onDropped: (item: DroppedItem) => void;
    },
  ): Promise<OutboxJournal> {
    const journal = new OutboxJournal(path);
    await endLines(path);
    const failed = new Set<number>();
    // Outcomes come in the order of the items, but for those that were refused.
    let settled = 0, begun = false;
    for await (const { text } of wholeLines(path)) {
      const line: Line = JSON.parse(text);
      begun = true;
      if ("schema" in line && line.run !== run) {
        throw new Error(
          `Outbox ${path} is of run ${line.run}, wanted ${run}: move it back to its run, or delete it`,
        );
      }
      if ("dropped" in line) onDropped(line.item);
      if (isItem(line)) {
        journal.items = line.item.seq;
        onItem(line.item);
      } else if ("failed" in line) {
        failed.add(line.failed);
        settled = Math.max(settled, line.failed);
      } else if ("sent" in line || "dropped" in line) {
        const seq = "sent" in line ? line.sent : line.dropped;
        failed.delete(seq);
        settled = Math.max(settled, seq);
      }
    }
    journal.#taken = settled;
    journal.pending = journal.items - settled + failed.size;
    if (failed.size > 0) {
      for await (const { text } of wholeLines(path)) {
        const line: Line = JSON.parse(text);
        if (isItem(line) && failed.has(line.item.seq)) journal.#again.push(line.item);
      }
    }
    if (!begun) await journal.#append([{ schema: "qsight.outbox/1", run, remote }]);
    return journal;
  }

  /** Adds items; on disk when the promise resolves. */
  async add(items: readonly Omit<OutboxItem, "seq">[]): Promise<void> {
    const numbered = items.map((item, i) => ({ seq: this.items + 1 + i, ...item }));
    await this.#append(numbered.map((item) => ({ item })));
    this.items += items.length;
    this.pending += items.length;
  }

  /** The next item to send; undefined when there is none now. */
  async next(): Promise<OutboxItem | undefined> {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    if (this.#window.length === 0 && this.#taken < this.items) {
      for await (const { text, end } of wholeLines(this.path, this.#from)) {
        this.#from = end;
        const line: Line = JSON.parse(text);
        if (!isItem(line) || line.item.seq <= this.#taken) continue;
        if (this.#window.push(line.item) === WINDOW) break;
      }
      this.#taken = this.#window.at(-1)?.seq ?? this.#taken;
    }
    return this.#window.shift();
  }

  /** The item has arrived. */
  async sent({ seq }: OutboxItem): Promise<void> {
    await this.#append([{ sent: seq }]);
    this.pending--;
  }

  /** The item need not be sent any more. */
  async dropped({ seq, kind, path, sha256 }: OutboxItem, reason: string): Promise<void> {
    await this.#append([{ dropped: seq, item: { kind, path, sha256 }, reason }]);
    this.pending--;
  }

  /** The item was refused; the next process tries it again. */
  async failed({ seq }: OutboxItem, reason: string): Promise<void> {
    await this.#append([{ failed: seq, reason }]);
  }

  async #append(lines: readonly Line[]): Promise<void> {
    const texts = lines.map((line) => JSON.stringify(line));
    const turn = this.#queue.then(() => appendLines(this.path, texts));
    this.#queue = turn.catch(() => {});
    await turn;
  }
}

function isItem(line: Line): line is { readonly item: OutboxItem } {
  return "item" in line && !("dropped" in line);
}
