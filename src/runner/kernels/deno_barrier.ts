import { randomUUID } from "node:crypto";
import type { KernelClient } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";
import { createGate } from "../wait.ts";

/** A mark on its way through the kernel, behind everything printed and displayed before it. */
export interface DenoBarrier {
  /** Both marks and the reply have come. */
  readonly passed: Promise<void>;
  /** Takes a message that was sent in the name of the barrier; false for any other. */
  take(message: Message): boolean;
}

/**
 * The Deno kernel prints through a queue that a task of its own empties: after a burst most lines
 * leave when their cell is idle already, and each carries the name of the request that runs then,
 * not of the one that printed it. So a silent request prints and displays a mark. What comes in its
 * name before the marks was printed by the cell before, and is handed to `onLate`.
 */
export function startDenoBarrier(
  client: KernelClient,
  onLate: (message: Message) => void,
): DenoBarrier {
  const mark = `qsight-barrier-${randomUUID()}`;
  const request = client.request("execute_request", {
    // console.debug prints as console.log does, and is less often replaced by a notebook.
    code: `console.debug("${mark}"); await Deno.jupyter.broadcast("display_data", ` +
      `{ data: { "text/plain": "${mark}" }, metadata: {}, transient: {} });`,
    silent: true,
    store_history: false,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: false,
  });
  const printed = createGate();
  const displayed = createGate();
  const take = (message: Message): boolean => {
    if (message.parentHeader.msg_id !== request.id) return false;
    const { header: { msg_type }, content } = message;
    if (msg_type === "stream" && String(content.text).includes(mark)) {
      const rest = String(content.text).replace(`${mark}\n`, "");
      if (rest !== "") onLate({ ...message, content: { ...content, text: rest } });
      printed.open();
    } else if (
      msg_type === "display_data" &&
      (content.data as Record<string, unknown>)["text/plain"] === mark
    ) displayed.open();
    else if (!OWN.has(msg_type)) onLate(message);
    return true;
  };
  const passed = Promise.all([printed.opened, displayed.opened, request.reply]);
  return { passed: passed.then(() => undefined), take };
}

/** Messages about the barrier itself. */
const OWN = new Set(["status", "execute_input", "execute_result", "error"]);
