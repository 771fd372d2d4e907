import assert from "node:assert/strict";
import { availableStages, defaultStages, defineStages, PLANS } from "../../src/stages/mod.ts";

const heads = ["classical_a", "classical_b", "quantum"];

Deno.test("availableStages() leaves a plan alone whose heads are all there", () => {
  for (const build of Object.values(PLANS)) {
    const plan = build();
    assert.deepEqual(availableStages(plan, { heads, available: heads }), {
      declarations: plan,
      changes: [],
    });
  }
});

Deno.test("availableStages() skips a quantum stage without a quantum head, and says why", () => {
  const available = ["classical_a", "classical_b"];
  const { declarations, changes } = availableStages(defaultStages(), { heads, available });
  const stages = defineStages(declarations, { heads: available });
  assert.deepEqual(stages.map(({ name }) => name), ["classical", "ensemble"]);
  assert.deepEqual(stages[1].lossWeights, { classical_a: 0.5, classical_b: 0.5, ensemble: 1 });
  assert.deepEqual(changes, [
    { stage: "quantum", skipped: true, reason: "quantum is not available" },
    {
      stage: "ensemble",
      skipped: false,
      reason: "quantum is not available; the stage goes on with classical_a, classical_b",
    },
  ]);
});

Deno.test("availableStages() takes an absent head out of train and monitor", () => {
  const plan = [{
    name: "full",
    epochs: 1,
    train: ["encoder", "quantum", "quantum_*"],
    heads: ["classical_a", "quantum"],
    monitor: "quantum/balanced_accuracy",
  }];
  const { declarations } = availableStages(plan, { heads, available: ["classical_a"] });
  assert.deepEqual(declarations, [
    { name: "full", epochs: 1, train: ["encoder"], heads: ["classical_a"] },
  ]);
});

Deno.test("availableStages() takes a misspelt head for a mistake, not for an absence", () => {
  const plan = [{ name: "q", epochs: 1, train: ["quantum"], heads: ["quantun"] }];
  assert.throws(
    () => availableStages(plan, { heads, available: heads }),
    /stage "q": unknown head "quantun". Did you mean "quantum"/,
  );
});
