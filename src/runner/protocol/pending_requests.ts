import type { KernelRequest } from "./kernel_client.ts";
import type { Message } from "./message_codec.ts";

interface Pending {
  reply(message: Message): void;
  idle(): void;
  /** What has not come yet. */
  readonly missing: Set<"reply" | "idle">;
}

/** The requests of a client whose reply or idle is still to come. */
export class PendingRequests {
  readonly #pending = new Map<string, Pending>();

  /** How many still miss something. */
  get size(): number {
    return this.#pending.size;
  }

  /** Starts to wait for the answers to a request. */
  add(id: string): KernelRequest {
    const pending: Pending = {
      reply: () => {},
      idle: () => {},
      missing: new Set(["reply", "idle"] as const),
    };
    const idle = new Promise<void>((resolve) => pending.idle = resolve);
    const reply = new Promise<Message>((resolve) => pending.reply = resolve);
    this.#pending.set(id, pending);
    return { id, reply, idle };
  }

  /** A message of the shell or the control channel. */
  replied(message: Message): void {
    this.#take(message, "reply")?.reply(message);
  }

  /** A message of the iopub channel; only the word that a request is done matters. */
  published(message: Message): void {
    const { header: { msg_type }, content } = message;
    if (msg_type !== "status" || content.execution_state !== "idle") return;
    this.#take(message, "idle")?.idle();
  }

  /** The request that the message answers; with its last part it is no longer kept. */
  #take({ parentHeader }: Message, part: "reply" | "idle"): Pending | undefined {
    const id = parentHeader.msg_id ?? "";
    const pending = this.#pending.get(id);
    pending?.missing.delete(part);
    if (pending?.missing.size === 0) this.#pending.delete(id);
    return pending;
  }
}
