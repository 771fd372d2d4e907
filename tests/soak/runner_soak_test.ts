import { runFreshKernels } from "../runner/execute/fresh_kernels.ts";
import { killRunners } from "../runner/kernels/kill_runner.ts";
import { missingTslab, withTslab } from "../runner/kernels/tslab.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

Deno.test("executeNotebook() loses and misplaces no output in 300 fresh Deno kernels", async () => {
  await runFreshKernels(300, "deno");
});

testOrSkip(
  "executeNotebook() loses and misplaces no output in 50 fresh tslab kernels",
  missingTslab,
  () => withTslab(() => runFreshKernels(50, "tslab")),
);

Deno.test("executeNotebook() leaves nothing behind after 50 SIGKILLs at random moments", async () => {
  await killRunners(50);
});
