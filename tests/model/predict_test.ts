import assert from "node:assert/strict";
import { setActiveHeads } from "../../src/model/hybrid_model.ts";
import { predict } from "../../src/model/predict.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import { smallModel } from "./_small.ts";

const image = { width: 12, height: 12, data: new Uint8Array(12 * 12 * 3).map((_, i) => i % 251) };

Deno.test("predict() answers null for a head that does not vote, and weights that sum to 1", async () => {
  const model = await smallModel();
  setActiveHeads(model, ["classical_a", "quantum"]);
  const [found] = await predict(model, [image]);
  assert.equal(found.heads.classical_b, null);
  assert.equal(found.fusionWeights.classical_b, null);
  const weights = Object.values(found.fusionWeights).map((weight) => weight ?? 0);
  assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6);
  const sum = found.probabilities.reduce((total, p) => total + p, 0);
  assert.ok(Math.abs(sum - 1) < 1e-6);
  assert.equal(found.label, model.classes[found.class]);
});

Deno.test("predict() answers an empty list for no image and names the wanted size otherwise", async () => {
  const model = await smallModel();
  assert.deepEqual(await predict(model, []), []);
  const wide = { width: 16, height: 12, data: new Uint8Array(16 * 12 * 3) };
  await assert.rejects(() => predict(model, [wide]), /image 0 is 16x12, the model takes 12x12/);
});

Deno.test("predict() leaks no tensor", async () => {
  const model = await smallModel();
  await predict(model, [image]);
  const before = tfjs().memory().numTensors;
  await predict(model, [image, image]);
  assert.equal(tfjs().memory().numTensors, before);
});
