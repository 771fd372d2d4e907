import assert from "node:assert/strict";
import { ForeignRequests } from "../../../src/runner/remote/foreign_requests.ts";

function status(execution_state: string, msg_id: string) {
  const header = {
    ...{ msg_id: "", session: "", msg_type: "status", username: "", date: "", version: "" },
  };
  return {
    header,
    parentHeader: { msg_id },
    metadata: {},
    content: { execution_state },
    buffers: [],
  };
}

Deno.test("ForeignRequests counts the answers that go to others, and begins that they swallow", () => {
  const foreign = new ForeignRequests();
  // Number 5 was the answer.
  foreign.note(status("busy", "a"), 4);
  foreign.note(status("idle", "a"), 6);
  assert.equal(foreign.unseen(3, 9), 1);
  // Numbers 7 and 8 were begin and answer.
  foreign.note(status("idle", "b"), 9);
  assert.equal(foreign.unseen(3, 9), 3);
  assert.equal(foreign.unseen(6, 9), 2);
  assert.equal(foreign.unseen(9, 20), 0);
});

Deno.test("ForeignRequests takes no output for a sign of others", () => {
  const foreign = new ForeignRequests();
  const printed = status("idle", "a");
  foreign.note({ ...printed, header: { ...printed.header, msg_type: "stream" } }, 4);
  foreign.note(status("busy", "a"), 5);
  assert.equal(foreign.unseen(0, 9), 0);
});
