import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { FrozenWeights } from "../../src/stages/frozen_weights.ts";
import type { PlacedLayer } from "../../src/stages/stage_model.ts";

await tf.setBackend("cpu");

/** A layer with one weight; on WebGPU no weight can be read synchronously. */
function placed(
  { readable }: { readable: boolean },
): { layer: PlacedLayer; variable: tf.Variable } {
  const dense = tf.layers.dense({ units: 2, useBias: false, inputShape: [3], name: "dense" });
  tf.sequential({ layers: [dense] });
  const variable = dense.weights[0].read() as tf.Variable;
  if (!readable) {
    variable.dataSync = () => {
      throw new Error("no synchronous reading here");
    };
  }
  return { layer: { layer: dense, paths: ["dense"] }, variable };
}

for (const readable of [true, false]) {
  const how = readable ? "by its bytes" : "by its buffer where bytes cannot be read";
  Deno.test(`FrozenWeights sees a weight that moved ${how}`, () => {
    const { layer, variable } = placed({ readable });
    const weights = new FrozenWeights([layer], []);
    assert.deepEqual(weights.moved(), []);
    variable.assign(variable.add(1e-6));
    assert.match(weights.moved().join(), /^dense \(.*kernel.*\)$/);
  });
}

Deno.test("FrozenWeights tells 0 from -0 and takes NaN as equal to itself", () => {
  const { layer, variable } = placed({ readable: true });
  variable.assign(tf.tensor2d([[0, NaN], [0, 0], [0, 0]]));
  const weights = new FrozenWeights([layer], []);
  variable.assign(tf.tensor2d([[0, NaN], [0, 0], [0, 0]]));
  assert.deepEqual(weights.moved(), []);
  variable.assign(tf.tensor2d([[-0, NaN], [0, 0], [0, 0]]));
  assert.equal(weights.moved().length, 1);
});

Deno.test("FrozenWeights leaves out what a trained layer shares", () => {
  const { layer, variable } = placed({ readable: true });
  const weights = new FrozenWeights([layer], [layer]);
  variable.assign(variable.add(1));
  assert.deepEqual(weights.moved(), []);
});
