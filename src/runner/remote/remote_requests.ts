import type { KernelRequest } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import { ForeignRequests } from "./foreign_requests.ts";
import { MessageNumbers } from "./message_numbers.ts";
import type { ChannelMessage } from "./wire.ts";

/** A request whose reply or idle is still to come. */
export interface OpenRequest {
  readonly sent: ChannelMessage;
  /** What has not come yet. */
  readonly missing: Set<"reply" | "idle">;
  /** The kernel's highest number when it was sent. */
  readonly from: number;
  /** Anything came in its name, so the kernel has got it. */
  begun: boolean;
  /** It was under way when the connection was lost. */
  cut: boolean;
  /** The number of its idle, where the kernel numbers its messages. */
  end: number | undefined;
  reply(message: Message): void;
  idle(): void;
}

/**
 * The requests under way on a connection that may be lost and come back. Of those that lived through
 * it, `onSurvivor` hears how many messages of the kernel are missing, or undefined where that cannot
 * be known.
 */
export class RemoteRequests {
  readonly #open = new Map<string, OpenRequest>();
  readonly #numbers = new MessageNumbers();
  readonly #foreign = new ForeignRequests();
  readonly #onSurvivor: (request: OpenRequest, missing: number | undefined) => void;

  constructor(onSurvivor: (request: OpenRequest, missing: number | undefined) => void) {
    this.#onSurvivor = onSurvivor;
  }

  /** How many still miss something. */
  get size(): number {
    return this.#open.size;
  }

  /** Starts to wait for the answers to a request. */
  add(sent: ChannelMessage): KernelRequest {
    // Nothing is under way, so that what came so far is of no use any more.
    if (this.#open.size === 0) {
      this.#numbers.forget();
      this.#foreign.forget();
    }
    const id = sent.message.header.msg_id;
    let resolveReply!: (message: Message) => void, resolveIdle!: () => void;
    const reply = new Promise<Message>((resolve) => resolveReply = resolve);
    const idle = new Promise<void>((resolve) => resolveIdle = resolve);
    this.#open.set(id, {
      ...{ sent, missing: new Set(["reply", "idle"] as const), from: this.#numbers.last },
      ...{ begun: false, cut: false, end: undefined, reply: resolveReply, idle: resolveIdle },
    });
    return { id, reply, idle };
  }

  /** The connection is lost. What is sent without one waits elsewhere and is no part of the loss. */
  cutAll(): void {
    for (const request of this.#open.values()) request.cut = true;
  }

  /** Those of them that still miss something. */
  get cut(): OpenRequest[] {
    return [...this.#open.values()].filter((request) => request.cut);
  }

  /** A message of any channel; answers the request that it names. */
  take({ channel, message }: ChannelMessage): void {
    const number = this.#numbers.note(message);
    const request = this.#open.get(message.parentHeader.msg_id ?? "");
    if (request === undefined) {
      if (number !== undefined && channel === "iopub") this.#foreign.note(message, number);
      return;
    }
    request.begun = true;
    const { header: { msg_type }, content } = message;
    if (channel === "shell" || channel === "control") {
      request.missing.delete("reply");
      request.reply(message);
    } else if (msg_type === "status" && content.execution_state === "idle") {
      request.end = number;
      request.missing.delete("idle");
      request.idle();
    }
    if (request.missing.size > 0) return;
    this.#open.delete(request.sent.message.header.msg_id);
    if (request.cut) this.#onSurvivor(request, this.#missing(request));
  }

  /** All that it put out has a lower number than its end; reply and end may come in either order. */
  #missing({ from, end }: OpenRequest): number | undefined {
    if (end === undefined) return undefined;
    const missing = this.#numbers.missing(from, end);
    return missing.length - this.#foreign.among(missing);
  }
}

/** It runs none of the notebook's code, so that it may be sent twice. */
export function isHarmless({ sent: { message: { header, content } } }: OpenRequest): boolean {
  return header.msg_type !== "execute_request" || content.silent === true;
}
