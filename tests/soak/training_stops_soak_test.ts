import assert from "node:assert/strict";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { stopInKernel } from "../training/_kernel_stops.ts";

const STOPS = 100;

testOrSkip(
  `a Deno kernel outlives ${STOPS} stops of a training, with the state of all cells`,
  Deno.build.os === "windows" ? "Windows has no SIGINT to send" : undefined,
  async () => {
    const took = await stopInKernel({ stops: STOPS, seed: 100 });
    assert.equal(took.length, STOPS);
  },
);
