import type { Message } from "../protocol/message_codec.ts";

/**
 * The numbers that a kernel gives its messages, as those built on jupyter_client do
 * (`<session>_<process>_<number>`): a number that never came is a message that was lost.
 */
export class MessageNumbers {
  readonly #seen = new Set<number>();
  #series = "";
  #last = -1;

  /** The number of the message, or undefined where the kernel does not number them. */
  note({ header: { msg_id, session } }: Message): number | undefined {
    const found = /^(.*)_(\d+)$/.exec(msg_id);
    // The server itself says something now and then, in a session of its own.
    if (found === null || !found[1].startsWith(session)) return undefined;
    if (this.#series === "") this.#series = found[1];
    if (found[1] !== this.#series) return undefined;
    const number = Number(found[2]);
    this.#seen.add(number);
    this.#last = Math.max(this.#last, number);
    return number;
  }

  /** The highest number so far. */
  get last(): number {
    return this.#last;
  }

  /** Those after `from`, up to `to`, that have not come. */
  missing(from: number, to: number): number[] {
    const out: number[] = [];
    for (let number = from + 1; number <= to; number++) {
      if (!this.#seen.has(number)) out.push(number);
    }
    return out;
  }

  /** What is settled is not kept. */
  forget(): void {
    this.#seen.clear();
  }
}
