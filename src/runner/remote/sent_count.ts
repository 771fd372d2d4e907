import type { Message } from "../protocol/message_codec.ts";

/** What the kernel itself says about a request, and not through the queue of outputs. */
const UNCOUNTED = new Set(["status", "execute_input", "error", "shutdown_reply"]);

/**
 * Compares what came of a kernel's outputs with the number that its marks hold, where a prelude sets
 * such marks (see kernels/deno_prelude.ts).
 */
export class SentCount {
  #received = 0;
  #isKnown = false;

  /** True when the kernel has such marks. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** For a mark: how many outputs before it have not come. Undefined for all other messages. */
  note({ header: { msg_type }, content }: Message): number | undefined {
    if (UNCOUNTED.has(msg_type)) return undefined;
    this.#received++;
    if (!msg_type.startsWith("qsight-mark-") || typeof content.sent !== "number") return undefined;
    this.#isKnown = true;
    const missing = content.sent - this.#received;
    // What is judged once is not judged again.
    this.#received = content.sent;
    return missing;
  }
}
