import assert from "node:assert/strict";
import { replicaPolicy } from "../../src/sampler_lock/replica_policy.ts";

const A = "classical_a", B = "classical_b", Q = "quantum";

Deno.test("D1.8 replicaPolicy() runs a stage with an active quantum head alone", () => {
  const cases: [string[], boolean, number][] = [
    [[Q], false, 1], // 001
    [[A, Q], false, 1], // 101
    [[A, B, Q], false, 1], // 111
    [[A, B], false, 4], // 110
    [[], false, 4],
    [[Q], true, 4],
    [[A, B, Q], true, 4],
  ];
  for (const [activeHeads, reentrant, replicas] of cases) {
    const decision = replicaPolicy({ activeHeads, reentrant, asked: 4 });
    assert.equal(decision.replicas, replicas, `${activeHeads} ${reentrant}`);
    assert.equal(decision.warning, undefined);
    assert.match(decision.reason, /quantum|re-entrant/);
  }
});

Deno.test("D1.8 replicaPolicy() obeys force and records it as a warning when it goes against the rule", () => {
  const forced = replicaPolicy({ activeHeads: [A, Q], reentrant: false, asked: 4, force: 2 });
  assert.equal(forced.replicas, 2);
  assert.match(forced.warning ?? "", /not re-entrant/);
  const harmless = replicaPolicy({ activeHeads: [A], reentrant: false, asked: 1, force: 2 });
  assert.deepEqual([harmless.replicas, harmless.warning], [2, undefined]);
  const fewer = replicaPolicy({ activeHeads: [Q], reentrant: true, asked: 4, force: 1 });
  assert.deepEqual([fewer.replicas, fewer.warning], [1, undefined]);
  const single = replicaPolicy({ activeHeads: [Q], reentrant: false, force: 2 });
  assert.match(single.warning ?? "", /not re-entrant/);
});

Deno.test("D1.8 replicaPolicy() takes another name for the quantum head", () => {
  const options = { activeHeads: ["circuit"], reentrant: false, asked: 2 };
  assert.equal(replicaPolicy({ ...options, quantumHead: "circuit" }).replicas, 1);
  assert.equal(replicaPolicy(options).replicas, 2);
});

Deno.test("replicaPolicy() refuses numbers that are not whole", () => {
  const base = { activeHeads: [Q], reentrant: true };
  assert.throws(() => replicaPolicy({ ...base, asked: 0 }), RangeError);
  assert.throws(() => replicaPolicy({ ...base, force: 1.5 }), RangeError);
});
