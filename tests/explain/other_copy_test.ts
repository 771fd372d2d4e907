// A model that another copy of TensorFlow.js made, as a user's other package brings it.
import assert from "node:assert/strict";
import { lastJson, runScript } from "../tensors/_run_script.ts";
import { withSecondCopy } from "../tensors/_second_copy.ts";

Deno.test("explain() explains a model made by another copy, by every method", async () => {
  await withSecondCopy(async (folder) => {
    const output = await runScript(`
      import { createRequire } from "node:module";
      const theirs = createRequire(${JSON.stringify(`${folder}/here.js`)})("@tensorflow/tfjs");
      const { openTensors } = await import("SRC/mod.ts");
      const { explain, EXPLAIN_METHODS } = await import("SRC/../explain/mod.ts");
      const { tf } = await openTensors({ require: "wasm" });
      const model = theirs.sequential({ layers: [
        theirs.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, activation: "relu",
          kernelInitializer: theirs.initializers.glorotUniform({ seed: 2 }), name: "conv" }),
        theirs.layers.flatten(),
        theirs.layers.dense({ units: 2, activation: "softmax", name: "head",
          kernelInitializer: theirs.initializers.glorotUniform({ seed: 3 }) }),
      ] });
      const x = tf.randomUniform([2, 8, 8, 3], 0, 1, "float32", 4);
      const found = {};
      for (const method of EXPLAIN_METHODS) {
        await explain(model, x, { method, target: 1 });
        const { numTensors } = tf.memory();
        const cams = await explain(model, x, { method, target: 1 });
        found[method] = {
          statuses: cams.map(({ status }) => status),
          leaked: tf.memory().numTensors - numTensors,
          kind: cams[0].scoreKind,
          layer: cams[0].layer,
        };
      }
      console.log("\\n" + JSON.stringify(found));
    `);
    const found = lastJson(output);
    assert.equal(Object.keys(found).length, 9, output.stderr);
    for (const [method, seen] of Object.entries(found) as [string, Record<string, unknown>][]) {
      assert.deepEqual(
        [seen.statuses, seen.leaked, seen.kind],
        [["ok", "ok"], 0, "logits"],
        method,
      );
    }
    assert.equal(found.gradcam.layer, "conv");
  });
});
