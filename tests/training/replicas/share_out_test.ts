import assert from "node:assert/strict";
import { lossShareOf, shareOut } from "../../../src/training/replicas/share_out.ts";
import { StepLayout } from "../../../src/training/replicas/step_layout.ts";

const each = lossShareOf("cross_entropy", 3);

Deno.test("shareOut() gives each replica rows that differ by one at most, weighed by their number", () => {
  const parts = shareOut(new Int32Array(8), { count: 3, lossShare: each });
  assert.deepEqual(parts.map(({ rows, count }) => [rows.first, count]), [[0, 3], [3, 3], [6, 2]]);
  assert.deepEqual(parts.map(({ share }) => share), [3 / 8, 3 / 8, 2 / 8]);
  assert.ok(parts.every(({ rows }) => rows.total === 8));
});

Deno.test("shareOut() leaves a batch of fewer than two rows a replica to the first", () => {
  const parts = shareOut(new Int32Array(5), { count: 3, lossShare: each });
  assert.deepEqual(parts.map(({ count, share }) => [count, share]), [[5, 1], [0, 0], [0, 0]]);
});

Deno.test("shareOut() weighs by tasks where the loss is a mean over tasks", () => {
  const labels = Int32Array.of(0, 0, 2, 1);
  const [first, second] = shareOut(labels, { count: 2, lossShare: lossShareOf("corn", 3) });
  // Of three grades the lowest takes part in one task, the others in two.
  assert.deepEqual([first.share, second.share], [2 / 6, 4 / 6]);
});

Deno.test("StepLayout joins parts: sums, rows one after the other, no gradient where nobody has one", () => {
  const layout = new StepLayout({ outputs: 2, classes: 2, sizes: [2, 1, 1] });
  const part = (losses: number[], gradients: (number[] | null)[], logits: number[][]) => ({
    losses,
    gradients: gradients.map((x) => x && Float32Array.from(x)),
    logits: logits.map((x) => Float32Array.from(x)),
  });
  const packed = [
    layout.pack(part([1, 2], [[1, 2], null, [7]], [[1, 2, 3, 4], [5, 6, 7, 8]]), 0xdeadbeef),
    layout.pack(null, 0xffffffff),
    layout.pack(part([0.5, 0], [[10, 20], null, [1]], [[9, 10], [11, 12]]), 1),
  ];
  assert.deepEqual(packed.map((x) => layout.fingerprint(x)), [0xdeadbeef, 0xffffffff, 1]);
  const whole = layout.combine(packed);
  assert.deepEqual(whole.losses, [1.5, 2]);
  assert.deepEqual(whole.gradients.map((x) => x && [...x]), [[11, 22], null, [8]]);
  assert.deepEqual(whole.logits.map((x) => [...x]), [[1, 2, 3, 4, 9, 10], [5, 6, 7, 8, 11, 12]]);
});
