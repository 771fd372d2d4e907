import assert from "node:assert/strict";
import { assertOrderly, runCrowd } from "./_crowd.ts";

Deno.test("D1.1 D1.2 D1.5 1000 forward and gradient calls with random aborts all come out right", async () => {
  assertOrderly(await runCrowd(1000, true), 1000);
});

Deno.test("D1.6 control: without the lock the same 1000 calls take each other's numbers", async () => {
  const crowd = await runCrowd(1000, false);
  assert.ok(crowd.wrong > 500, `${crowd.wrong} wrong results`);
  assert.ok(crowd.peak > 1);
  assert.throws(() => assertOrderly(crowd, 1000));
});
