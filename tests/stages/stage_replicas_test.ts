import assert from "node:assert/strict";
import { replicaPolicy } from "../../src/sampler_lock/mod.ts";
import { defineStages, stageReplicas } from "../../src/stages/mod.ts";

const HEADS = ["classical_a", "classical_b", "quantum"];

for (let bits = 1; bits < 8; bits++) {
  const heads = HEADS.filter((_, i) => bits >> i & 1);
  Deno.test(`stageReplicas() lets the policy see the heads of the stage: ${heads}`, () => {
    const [auto, four] = defineStages([
      { name: "auto", epochs: 1, train: ["*"], heads },
      { name: "four", epochs: 1, train: ["*"], heads, replicas: 4 },
    ]);
    const used = (reentrant: boolean) =>
      replicaPolicy({ ...stageReplicas(four), reentrant }).replicas;
    assert.equal(used(false), heads.includes("quantum") ? 1 : 4);
    assert.equal(used(true), 4);
    assert.deepEqual(stageReplicas(auto), { activeHeads: heads });
  });
}
