import { runFreshKernels } from "./fresh_kernels.ts";

// tests/soak runs 300 of them.
Deno.test("executeNotebook() loses and misplaces no output in 10 fresh kernels", async () => {
  await runFreshKernels(10, "deno");
});
