import { runFreshKernels } from "../runner/execute/fresh_kernels.ts";

Deno.test("executeNotebook() loses and misplaces no output in 300 fresh kernels", async () => {
  await runFreshKernels(300);
});
