import assert from "node:assert/strict";
import { MessageNumbers } from "../../../src/runner/remote/message_numbers.ts";

function message(msg_id: string, session: string) {
  const header = { msg_id, session, msg_type: "stream", username: "", date: "", version: "5.3" };
  return { header, parentHeader: {}, metadata: {}, content: {}, buffers: [] };
}

Deno.test("MessageNumbers counts what never came, in whatever order the rest came", () => {
  const numbers = new MessageNumbers();
  for (const number of [4, 6, 5, 9]) numbers.note(message(`s_12_${number}`, "s"));
  assert.equal(numbers.last, 9);
  assert.equal(numbers.missing(3, 9).length, 2);
  numbers.note(message("s_12_7", "s"));
  assert.equal(numbers.missing(3, 9).length, 1);
  assert.deepEqual(numbers.missing(3, 6), []);
});

Deno.test("MessageNumbers passes over messages of others and without a number", () => {
  const numbers = new MessageNumbers();
  assert.equal(numbers.note(message("s_12_4", "s")), 4);
  // A server that speaks in between, a kernel that gives random names, a forked process.
  assert.equal(numbers.note(message("s_12_5", "other")), undefined);
  assert.equal(numbers.note(message("0b1c2d3e-aaaa-bbbb-cccc-123456789012", "s")), undefined);
  assert.equal(numbers.note(message("s_13_5", "s")), undefined);
  assert.equal(numbers.last, 4);
});
