import type { KernelClient } from "../protocol/kernel_client.ts";
import type { Message } from "../protocol/message_codec.ts";

/** What a message means for the notebook. */
export type RoutedMessage =
  | { readonly kind: "output"; readonly cellIndex: number; readonly message: Message }
  /** What has come for later cells so far was put out by this one. */
  | { readonly kind: "move"; readonly toCell: number };

/** Says which cell a message of the iopub channel belongs to. One for each kernel. */
export interface OutputRouter {
  /** Code that the kernel runs silently before the first cell. */
  readonly prelude?: string;
  /** The prelude ran: without it (another version of the kernel) outputs are only sure after a barrier. */
  preludeDone?(isOk: boolean): void;
  /** Outputs may come under the name of a later request, so that each cell needs a barrier. */
  readonly needsBarrier: boolean;
  /** A cell was sent as this request. */
  cellSent(requestId: string, cellIndex: number): void;
  /** What the message means; nothing when it is not about a cell. */
  route(message: Message): readonly RoutedMessage[];
  /**
   * A question that the prelude asks, not the cell: resolves with the answer when it may go on.
   * Undefined for any other question.
   */
  answer?(request: Message): Promise<string> | undefined;
  /** Resolves when everything that was put out so far has been routed. */
  barrier(client: KernelClient): Promise<void>;
}

/** For kernels that keep their word: each message names the request that caused it. */
export function parentRouter(): OutputRouter {
  const cellOf = new Map<string, number>();
  return {
    needsBarrier: false,
    cellSent: (requestId, cellIndex) => void cellOf.set(requestId, cellIndex),
    route: (message) => {
      const cellIndex = cellOf.get(message.parentHeader.msg_id ?? "");
      return cellIndex === undefined ? [] : [{ kind: "output", cellIndex, message }];
    },
    barrier: (client) => client.request("kernel_info_request").idle,
  };
}
