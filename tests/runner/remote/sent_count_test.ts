import assert from "node:assert/strict";
import { SentCount } from "../../../src/runner/remote/sent_count.ts";

function message(msg_type: string, content: Record<string, unknown> = {}) {
  const header = { msg_id: "", session: "", msg_type, username: "", date: "", version: "5.3" };
  return { header, parentHeader: {}, metadata: {}, content, buffers: [] };
}

Deno.test("SentCount compares what came with what a mark says was sent, the mark included", () => {
  const count = new SentCount();
  const note = (type: string, sent?: number) => count.note(message(type, { sent }));
  assert.equal(count.isKnown, false);
  assert.equal(note("stream"), undefined);
  // Said by the kernel beside its queue.
  for (const type of ["status", "execute_input", "error"]) assert.equal(note(type), undefined);
  assert.equal(note("qsight-mark-1", 2), 0);
  assert.equal(count.isKnown, true);
  assert.equal(note("display_data"), undefined);
  assert.equal(note("qsight-mark-1", 6), 2);
  // What is told once is not told again.
  assert.equal(note("qsight-mark-1", 7), 0);
});

Deno.test("SentCount takes no other message for a mark", () => {
  const count = new SentCount();
  assert.equal(count.note(message("display_data", { sent: 9 })), undefined);
  assert.equal(count.note(message("qsight-mark-1", {})), undefined);
  assert.equal(count.isKnown, false);
});
