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

Deno.test("ForeignRequests knows the answers that go to others, and begins that they swallow", () => {
  const foreign = new ForeignRequests();
  // Number 5 was the answer.
  foreign.note(status("busy", "a"), 4);
  foreign.note(status("idle", "a"), 6);
  assert.equal(foreign.among([5]), 1);
  // Numbers 7 and 8 were begin and answer.
  foreign.note(status("idle", "b"), 9);
  assert.equal(foreign.among([5, 7, 8]), 3);
  assert.equal(foreign.among([7, 8]), 2);
  assert.equal(foreign.among([10, 11]), 0);
});

Deno.test("ForeignRequests takes no lost output for a message of others", () => {
  const foreign = new ForeignRequests();
  // Their begin and answer came, or lie before what is asked about: nothing of theirs is missing.
  foreign.note(status("idle", "a"), 7);
  foreign.note(status("busy", "b"), 8);
  foreign.note(status("idle", "b"), 10);
  assert.equal(foreign.among([300]), 0);
  // One output went in the same moment.
  assert.equal(foreign.among([9, 300]), 1);
  foreign.note(status("idle", "c"), 2000);
  assert.equal(foreign.among([300, 1998, 1999]), 2);
  // Told twice, it is still one request.
  foreign.note(status("idle", "c"), 2000);
  assert.equal(foreign.among([1997, 1998, 1999]), 2);
});

Deno.test("ForeignRequests takes no output for a sign of others", () => {
  const foreign = new ForeignRequests();
  const printed = status("idle", "a");
  foreign.note({ ...printed, header: { ...printed.header, msg_type: "stream" } }, 4);
  foreign.note(status("busy", "a"), 5);
  assert.equal(foreign.among([1, 2, 3]), 0);
});
