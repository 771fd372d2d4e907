import type { Message } from "../protocol/message_codec.ts";

/**
 * What the kernel said about requests that are not ours. A server asks it on the control channel
 * when a connection comes back ("nudge"), keeps the answer, and swallows the first message that it
 * hears: numbers that never come here, and yet nothing is lost.
 */
export class ForeignRequests {
  readonly #begun = new Set<string>();
  /** The numbers of their ends, and whether their begin was seen. */
  readonly #ended: { readonly number: number; readonly begun: boolean }[] = [];

  /** A message of the iopub channel in the name of a request that is not ours. */
  note({ header: { msg_type }, parentHeader, content }: Message, number: number): void {
    const id = parentHeader.msg_id;
    if (msg_type !== "status" || id === undefined) return;
    if (content.execution_state === "busy") this.#begun.add(id);
    if (content.execution_state !== "idle") return;
    this.#ended.push({ number, begun: this.#begun.has(id) });
  }

  /** How many numbers between `from` and `to` were theirs and could not come. */
  unseen(from: number, to: number): number {
    return this.#ended.filter(({ number }) => number > from && number <= to)
      // The answer goes to whoever asked.
      .reduce((sum, { begun }) => sum + (begun ? 1 : 2), 0);
  }

  /** What is settled is not kept. */
  forget(): void {
    this.#begun.clear();
    this.#ended.length = 0;
  }
}
