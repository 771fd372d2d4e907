// Applies a retention and kills itself at a step, as a machine that fails there would.
import { applyRetention, planRetention } from "../../../src/runs/mod.ts";
import { NOW } from "./_fake_runs.ts";

const [root, policy, fatal] = Deno.args;
const plan = await planRetention(root, JSON.parse(policy), { now: NOW });
await applyRetention(plan, {
  onStep: (step) => {
    if (step === fatal) Deno.kill(Deno.pid, "SIGKILL");
  },
});
