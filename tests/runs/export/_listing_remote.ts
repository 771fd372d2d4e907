import assert from "node:assert/strict";
import type { OutboxItem, Remote } from "../../../src/runs/mod.ts";

/** A remote that keeps what arrives. */
export function listing(
  fault: (item: OutboxItem, attempt: number) => Error | undefined = () => undefined,
) {
  const arrived: OutboxItem[] = [], keys: string[] = [];
  const attempts = new Map<number, number>();
  const remote: Remote = {
    name: "list",
    where: "memory",
    begin: () => Promise.resolve(),
    send(item, { idempotencyKey, content }) {
      const attempt = (attempts.get(item.seq) ?? 0) + 1;
      attempts.set(item.seq, attempt);
      keys.push(idempotencyKey);
      assert.equal(content.length, item.bytes);
      const error = fault(item, attempt);
      if (error !== undefined) return Promise.reject(error);
      arrived.push(item);
      return Promise.resolve();
    },
  };
  return { remote, arrived, keys };
}
