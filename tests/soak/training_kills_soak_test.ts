import assert from "node:assert/strict";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { killTrainings } from "../training/_kill_training.ts";

const KILLS = 50;

testOrSkip(
  `a training that is killed and resumed ends with the same bytes, ${KILLS} kills long`,
  Deno.build.os === "windows" ? "Windows has no SIGKILL" : undefined,
  async () => {
    const { running, torn } = await killTrainings({ kills: KILLS, seed: 50 });
    assert.ok(running > KILLS / 2, `only ${running} trainings were still running`);
    // Without one the kills missed the checkpoint writes, and the test showed nothing.
    assert.ok(torn > 0, "no write was ever cut short");
  },
);
