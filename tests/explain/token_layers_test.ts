// Transformers: tokens that lie on a grid, a class token that lies nowhere.
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { explain, gradCam } from "../../src/explain/mod.ts";
import { tokenModel } from "./_token_model.ts";

await tf.setBackend("cpu");

function photos(count: number): tf.Tensor4D {
  return tf.randomUniform([count, 8, 12, 3], 0, 1, "float32", 5) as tf.Tensor4D;
}

Deno.test("gradCam() lays the tokens of a transformer on the grid that they came from", async () => {
  const [cam] = await gradCam(tokenModel({ classToken: false }), photos(1), { target: 1 });
  assert.deepEqual([cam.layer, cam.grid], ["behind", { height: 2, width: 3 }]);
  // Mean over the tokens, then dense without bias: the map sums to the score.
  const sum = cam.raw.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - cam.scores[1]) < 1e-5, `${sum} ${cam.scores[1]}`);
});

Deno.test("gradCam() goes back to where the tokens still reach the class token", async () => {
  const model = tokenModel({ classToken: true });
  const [cam] = await gradCam(model, photos(1), { target: 0 });
  assert.deepEqual([cam.layer, cam.grid], ["before", { height: 2, width: 3 }]);
  assert.ok(cam.raw.some((value) => value !== 0));
  // Asked for by name, a layer behind is taken, and the map says what is wrong with it.
  const [behind] = await gradCam(model, photos(1), { target: 0, layer: "behind" });
  assert.equal(behind.status, "zero");
  assert.match(behind.diagnosis, /is 0 over the whole of layer "behind"/);
});

Deno.test("explain() takes the grid of tokens as a model describes it", async () => {
  const model = tokenModel({ classToken: true });
  const layer = { layer: "before", kind: "tokens", classToken: true, grid: [2, 3] } as const;
  const [described] = await explain(model, photos(1), { layer });
  const [found] = await explain(model, photos(1));
  assert.deepEqual(described, found);
  const [wrong] = await explain(model, photos(1), { layer: { ...layer, grid: [2, 2] } });
  assert.equal(wrong.status, "wrong_shape");
  assert.match(wrong.diagnosis, /has 7 tokens, but a grid of 2x2 and a class token needs 5/);
});
