import assert from "node:assert/strict";
import { bypassOf, quantumLayerOf } from "../../src/model/hybrid_model.ts";
import { withAblation } from "../../src/model/with_ablation.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { small, valuesOf } from "./_quantum_head.ts";
import { noiseImages } from "./_small.ts";

const { tf } = await openTensors({ prefer: "wasm" });
const x = tf.tensor4d(noiseImages(4), [4, 12, 12, 3]);

Deno.test("withAblation() leaves out circuit or bypass, and the model as it was", async () => {
  const model = small({ bypass: true });
  const quantum = () => valuesOf(model, { layer: "quantum" });
  const [full, bypass, circuit] = [
    quantum(),
    valuesOf(model, { layer: "quantum_bypass_logits" }),
    valuesOf(model, { layer: "quantum_logits" }),
  ];
  const gate = 1 / (1 + Math.exp(2));
  const noBypass = await withAblation(model, quantum, { off: "bypass" });
  noBypass.forEach((value, i) => assert.ok(Math.abs(value - 0.5 * circuit[i]) < 1e-6));
  const noCircuit = await withAblation(model, quantum, { off: "circuit" });
  // What is left of the circuit is one bias for each class, zero at first.
  noCircuit.forEach((value, i) => assert.ok(Math.abs(value - gate * bypass[i]) < 1e-6));
  assert.notDeepEqual(noBypass, full);
  assert.notDeepEqual(noCircuit, full);
  assert.deepEqual(quantum(), full);
});

Deno.test("withAblation() without circuit runs none, and answers all images alike without bypass", async () => {
  for (const readOut of ["z", "probabilities"] as const) {
    const model = small({ readOut });
    const layer = quantumLayerOf(model);
    const { simulator } = layer;
    layer.simulator = {
      ...simulator,
      forward: () => {
        throw new Error("the circuit ran");
      },
    };
    const values = await withAblation(model, () => valuesOf(model, {}), { off: "circuit" });
    for (let row = 1; row < 4; row++) {
      assert.deepEqual(values.slice(5 * row, 5 * row + 5), values.slice(0, 5));
    }
    assert.throws(() => valuesOf(model, {}), /the circuit ran/);
  }
});

Deno.test("withAblation() restores after an error, refuses a second one, and names what is missing", async () => {
  const model = small({ bypass: true });
  const fails = () => Promise.reject(new Error("no data"));
  await assert.rejects(() => withAblation(model, fails, { off: "bypass" }), /no data/);
  assert.equal(bypassOf(model)?.bypassOff, false);
  const second = () => withAblation(model, () => 1, { off: "bypass" });
  await assert.rejects(() => withAblation(model, second, { off: "circuit" }), /is going on/);
  assert.equal(await withAblation(model, () => 1, { off: "circuit" }), 1);
  const plain = small({});
  await assert.rejects(() => withAblation(plain, () => 1, { off: "bypass" }), /has no bypass/);
  const wrong = { off: "circut" } as never;
  await assert.rejects(() => withAblation(plain, () => 1, wrong), /Did you mean "circuit"/);
});

Deno.test("a bypass that is off is not even computed", async () => {
  const model = small({ bypass: true });
  await withAblation(model, () => {
    // Replaced by numbers that could not be added: 4 rows of 7.
    const replace = { quantum_bypass_logits: tf.zeros([4, 7]) };
    runLayers(model.network, x, { outputs: ["quantum"], replace });
    assert.equal(bypassOf(model)?.usesInput(1), false);
  }, { off: "bypass" });
});
