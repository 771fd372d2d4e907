// A crowd that keeps one lock busy for long.
import { assertOrderly, runCrowd } from "../sampler_lock/_crowd.ts";

Deno.test("20000 forward and gradient calls with random aborts all come out right", async () => {
  assertOrderly(await runCrowd(20_000, true), 20_000);
});
