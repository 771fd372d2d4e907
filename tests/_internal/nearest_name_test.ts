import assert from "node:assert/strict";
import { nearestName } from "../../src/_internal/nearest_name.ts";

const NAMES = ["epochs", "batchSize", "learningRate", "seed"];

Deno.test("nearestName() finds a name with letters swapped, missing or in other case", () => {
  assert.equal(nearestName("epcohs", NAMES), "epochs");
  assert.equal(nearestName("epoch", NAMES), "epochs");
  assert.equal(nearestName("batchsize", NAMES), "batchSize");
  assert.equal(nearestName("learning_rate", NAMES), "learningRate");
});

Deno.test("nearestName() names nothing rather than something far off", () => {
  assert.equal(nearestName("zzzzzzzz", NAMES), undefined);
  assert.equal(nearestName("x", ["learningRate"]), undefined);
  assert.equal(nearestName("epochs", []), undefined);
});

Deno.test("nearestName() prefers the nearer of two and the first of equals", () => {
  assert.equal(nearestName("head_c", ["head_ab", "head_a"]), "head_a");
  assert.equal(nearestName("head_c", ["head_b", "head_a"]), "head_b");
});
