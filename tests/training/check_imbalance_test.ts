import assert from "node:assert/strict";
import { checkImbalance } from "../../src/training/check_imbalance.ts";

Deno.test("checkImbalance() lets one correction pass and names it", () => {
  assert.deepEqual(checkImbalance({ loss: "cross_entropy" }), []);
  assert.deepEqual(checkImbalance({ loss: "corn", imbalance: "none" }), []);
  assert.deepEqual(checkImbalance({ loss: "class_balanced" }), ['loss "class_balanced"']);
  assert.deepEqual(checkImbalance({ loss: "squared_emd", imbalance: "sampler" }), [
    'imbalance "sampler"',
  ]);
  assert.deepEqual(
    checkImbalance({ loss: "cross_entropy", imbalance: ["none", "class_weights"] }),
    ['imbalance "class_weights"'],
  );
});

Deno.test("checkImbalance() refuses two, from the loss or from a list, unless they are meant", () => {
  const pairs = [
    { loss: "class_balanced", imbalance: "class_weights" },
    { loss: "focal_class_balanced", imbalance: "sampler" },
    { loss: "cross_entropy", imbalance: ["class_weights", "sampler"] },
  ] as const;
  for (const pair of pairs) {
    assert.throws(() => checkImbalance(pair), /found 2 corrections.*allowSeveral: true/s);
    assert.equal(checkImbalance({ ...pair, allowSeveral: true }).length, 2);
  }
  const three = { loss: "class_balanced", imbalance: ["class_weights", "sampler"] } as const;
  assert.throws(() => checkImbalance(three), /found 3 corrections/);
});

Deno.test("checkImbalance() refuses unknown names", () => {
  assert.throws(
    () => checkImbalance({ loss: "corn", imbalance: "samplr" as never }),
    /Did you mean "sampler"/,
  );
  assert.throws(() => checkImbalance({ loss: "corn", imbalanced: "none" } as never), TypeError);
});

Deno.test("checkImbalance() refuses two that choose the images, even where several are meant", () => {
  const imbalance = ["sampler", "balanced_batches"] as const;
  assert.throws(
    () => checkImbalance({ loss: "cross_entropy", imbalance, allowSeveral: true }),
    /found imbalance "sampler" and "balanced_batches", wanted one of them/,
  );
});
