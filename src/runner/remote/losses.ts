import type { Message } from "../protocol/message_codec.ts";
import { ServerConnectionError } from "./server_error.ts";

/** What a server says of its own when it leaves outputs out to spare browsers. */
export function droppedOutputs({ header, content }: Message): string | undefined {
  if (header.msg_type !== "stream") return undefined;
  const found = /^IOPub (message|data) rate exceeded/.exec(String(content.text));
  if (found === null) return undefined;
  const option = `iopub_${found[1] === "data" ? "data" : "msg"}_rate_limit`;
  return `The server dropped outputs: its limit ServerApp.${option} was exceeded. Raise it there, ` +
    "or print less";
}

/** Of a kernel that neither numbers nor counts what it sends. */
export const UNKNOWN_LOSS =
  "The connection to the server was lost for a moment and came back. This " +
  "kernel neither numbers nor counts what it sends, so outputs of that moment may be missing";

/** Outputs that the connection took with it. */
export function lostMessages(count: number): ServerConnectionError {
  return lost(`${count} message${count === 1 ? "" : "s"} of the kernel`);
}

/** A cell that was run, or perhaps was, and whose end nobody knows. */
export function lostAnswer(): ServerConnectionError {
  return lost("the kernel's answer to a cell");
}

function lost(what: string): ServerConnectionError {
  return new ServerConnectionError(
    `The connection to the Jupyter server was lost and came back, but ${what} went with it. ` +
      "Run the notebook again",
  );
}
