import type { Message } from "../protocol/message_codec.ts";

/** A request of another that has no begin here began so few messages before its end. */
const NEAR = 500;

/**
 * What the kernel said about requests that are not ours. A server asks it on the control channel
 * when a connection comes back ("nudge"), keeps the answer, and swallows the first message that it
 * hears: numbers that never come here, and yet nothing is lost.
 */
export class ForeignRequests {
  /** The number of each begin that was seen. */
  readonly #begun = new Map<string, number>();
  /** For each end: the numbers between which its answer lies, and its begin unless that was seen. */
  readonly #ended = new Map<string, { after: number; before: number; most: number }>();

  /** A message of the iopub channel in the name of a request that is not ours. */
  note({ header: { msg_type }, parentHeader, content }: Message, number: number): void {
    const id = parentHeader.msg_id;
    if (msg_type !== "status" || id === undefined) return;
    if (content.execution_state === "busy") this.#begun.set(id, number);
    if (content.execution_state !== "idle") return;
    const begun = this.#begun.get(id);
    // The answer goes to whoever asked.
    this.#ended.set(
      id,
      begun === undefined
        ? { after: number - NEAR, before: number, most: 2 }
        : { after: begun, before: number, most: 1 },
    );
  }

  /**
   * How many of the numbers that have not come were theirs. Only such as lie where theirs must be: a
   * number too many would hide an output that was lost.
   */
  among(missing: readonly number[]): number {
    const theirs = new Set<number>();
    for (const { after, before, most } of this.#ended.values()) {
      missing.filter((number) => number > after && number < before && !theirs.has(number))
        .slice(-most).forEach((number) => theirs.add(number));
    }
    return theirs.size;
  }

  /** What is settled is not kept. */
  forget(): void {
    this.#begun.clear();
    this.#ended.clear();
  }
}
