import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { normals } from "./_on_backends.ts";

Deno.test("openTensors() lets batch normalization without scale or offset train", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  for (const lacks of [{ scale: false }, { center: false }, { scale: false, center: false }]) {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3] }),
        tf.layers.batchNormalization(lacks),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const own = 4 - Object.keys(lacks).length;
    assert.equal(model.layers[1].getWeights().length, own, "no weights that nobody asked for");
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    const x = tf.tensor2d(normals([32, 3], 1), [32, 3]), y = tf.sum(x, 1, true);
    const { history } = await model.fit(x, y, { epochs: 5, verbose: 0, shuffle: false });
    assert(history.loss[4] < history.loss[0], String(history.loss));
    tf.dispose([x, y]);
    model.dispose();
  }
});
