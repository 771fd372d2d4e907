import type { CodeCell } from "../notebook/nbformat.ts";
import type { Message } from "../protocol/message_codec.ts";

/** Writes when a cell was begun and done into `metadata.execution`, with the keys of Jupyter. */
export class CellTimes {
  readonly #times: Record<string, string>;

  constructor(cell: CodeCell) {
    this.#times = {};
    cell.metadata.execution = this.#times;
  }

  /** A message of the iopub channel that is about the cell. */
  saw({ header: { msg_type }, content }: Message, now: number): void {
    if (msg_type === "execute_input") this.#write("iopub.execute_input", now);
    else if (msg_type === "status") this.#write(`iopub.status.${content.execution_state}`, now);
  }

  /** The reply has come. */
  replied(now: number): void {
    this.#write("shell.execute_reply", now);
  }

  #write(key: string, now: number): void {
    this.#times[key] = new Date(now).toISOString();
  }
}
