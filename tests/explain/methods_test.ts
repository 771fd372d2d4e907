// What every method promises, and what each of them is known to give on networks that can be read.
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { type Cam, explain, EXPLAIN_METHODS, type ExplainMethod } from "../../src/explain/mod.ts";
import { branching, convNet, depthwise, flattenHead, nested, residual } from "./models.ts";

const METHODS: readonly ExplainMethod[] = [...EXPLAIN_METHODS, "random"];
/** Fewer steps than by default: the promises do not depend on them. */
const FEW: Partial<Record<ExplainMethod, object>> = {
  integrated_gradients: { steps: 4 },
  smooth_grad: { samples: 3 },
  occlusion: { patch: 4, stride: 2 },
};

function photos(count: number): tf.Tensor4D {
  return tf.randomUniform([count, 8, 8, 3], 0, 1, "float32", 11) as tf.Tensor4D;
}

function close(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, wanted.length);
  for (let i = 0; i < found.length; i++) {
    assert.ok(Math.abs(found[i] - wanted[i]) <= tolerance, `${i}: ${found[i]} ${wanted[i]}`);
  }
}

for (const method of METHODS) {
  const own = FEW[method];

  Deno.test(`explain() by ${method}: a batch of 7 equals 7 batches of 1`, async () => {
    const model = convNet({ relu: true });
    const x = photos(7);
    const together = await explain(model, x, { method, target: 1, ...own });
    const alone = await explain(model, x, { method, target: 1, batchSize: 1, ...own });
    together.forEach((cam, i) => {
      close(alone[i].raw, cam.raw, 1e-5);
      assert.deepEqual([alone[i].status, cam.method], [cam.status, method]);
    });
    assert.ok(together.some((cam) => cam.status === "ok"));
  });

  Deno.test(`explain() by ${method} gives the same bytes twice and leaves all as it was`, async () => {
    const model = convNet({ batchNorm: true, relu: true });
    model.getLayer("conv").trainable = false;
    const x = photos(2);
    const weights = () => model.getWeights().map((weight) => [...weight.dataSync()]);
    const before = weights(), trainable = model.layers.map((layer) => layer.trainable);
    const first = await explain(model, x, { method, target: 1, ...own });
    const { numTensors } = tf.memory();
    for (let round = 0; round < 200; round++) {
      assert.deepEqual(await explain(model, x, { method, target: 1, ...own }), first);
    }
    assert.equal(tf.memory().numTensors, numTensors);
    assert.deepEqual(weights(), before);
    assert.deepEqual(model.layers.map((layer) => layer.trainable), trainable);
  });

  Deno.test(`explain() by ${method} leaves all as it was when the target throws`, async () => {
    const model = convNet({ relu: true });
    const x = photos(2);
    await explain(model, x);
    const { numTensors } = tf.memory();
    let calls = 0;
    const target = (scores: tf.Tensor2D) => {
      // Not at once, but in the middle of the work.
      if (calls++ === 1) throw new Error("not today");
      return scores.sum(1);
    };
    const run = () => explain(model, x, { method, target: target as never, ...own });
    if (method === "eigencam" || method === "random") await run();
    else await run().then(() => run()).catch((error) => assert.match(error.message, /not today/));
    assert.equal(tf.memory().numTensors, numTensors);
  });

  Deno.test(`explain() by ${method} works on branching, nested and other models`, async () => {
    for (const build of [residual, branching, nested, depthwise, flattenHead]) {
      const cams = await explain(build(), photos(2), { method, target: 2, ...own });
      for (const cam of cams) {
        assert.ok(cam.status === "ok" || cam.status === "zero", cam.diagnosis);
        assert.ok(cam.map.every((value) => value >= 0 && value <= 1));
        assert.equal(cam.map.length, 64);
        assert.equal(cam.peak > 0, cam.status === "ok");
      }
      assert.ok(cams.some((cam) => cam.raw.some((value) => value !== 0)));
    }
  });

  Deno.test(`explain() by ${method} calls NaN nonfinite and never returns one`, async () => {
    const data = Float32Array.from(photos(2).dataSync());
    data[100] = NaN;
    const model = convNet({ relu: true });
    const cams = await explain(model, { data, shape: [2, 8, 8, 3] }, { method, target: 1, ...own });
    assert.equal(cams[0].status, "nonfinite");
    assert.ok(cams.every(({ map, raw, peak }) => [...map, ...raw, peak].every(Number.isFinite)));
  });
}

/** A score that is the sum of the brightness in the upper left quarter. */
function quarterModel(): tf.LayersModel {
  const mask = tf.tidy(() => tf.pad(tf.ones([4, 4, 1]), [[0, 4], [0, 4], [0, 0]]));
  const kernel = tf.tidy(() => tf.concat([mask, mask, mask], 2).reshape([192, 1]));
  return tf.sequential({
    layers: [
      tf.layers.activation({ activation: "linear", inputShape: [8, 8, 3], name: "pixels" }),
      tf.layers.flatten({}),
      tf.layers.dense({ units: 1, useBias: false, weights: [kernel], name: "sum" }),
    ],
  });
}

const SUM = (scores: tf.Tensor) => scores.sum(1);

for (const method of ["hirescam", "layercam", "integrated_gradients", "smooth_grad", "occlusion"]) {
  Deno.test(`explain() by ${method} finds the quarter that makes the score`, async () => {
    const options = { method: method as ExplainMethod, target: SUM as never };
    const cams = await explain(quarterModel(), photos(2), options);
    for (const { map } of cams) {
      const inside = map.filter((_, i) => i % 8 < 4 && i < 32).reduce((a, b) => a + b, 0);
      assert.ok(inside / map.reduce((a, b) => a + b, 0) > 0.8);
    }
  });
}

Deno.test("explain(): integrated gradients sum to what the score gains from black", async () => {
  const model = flattenHead();
  const x = photos(3);
  const cams = await explain(model, x, { method: "integrated_gradients", target: 0, steps: 64 });
  const black = (model.predict(tf.zerosLike(x)) as tf.Tensor2D).arraySync();
  cams.forEach((cam, i) => {
    const gain = cam.scores[0] - black[i][0];
    assert.ok(Math.abs(cam.raw.reduce((a, b) => a + b, 0) - gain) < 0.02 * Math.abs(gain) + 1e-3);
  });
});

Deno.test("explain(): integrated gradients begin where preprocessing puts black", async () => {
  const model = quarterModel();
  const image = { width: 8, height: 8, data: new Uint8Array(192).fill(100) };
  const preprocess = (batch: tf.Tensor4D) => batch.div(127.5).sub(1);
  const options = { method: "integrated_gradients", target: SUM as never, preprocess } as const;
  const [cam] = await explain(model, [image], options);
  // 48 pixels, each from -1 to 100/127.5 - 1.
  assert.ok(Math.abs(cam.raw.reduce((a, b) => a + b, 0) - 48 * 100 / 127.5) < 1e-3);
});

Deno.test("explain(): Grad-CAM++ and LayerCAM equal Grad-CAM where the gradient is positive and even", async () => {
  // Behind average pooling every position has the same gradient; with positive weights, no relu acts.
  const model = convNet({ relu: true });
  const head = model.getLayer("head");
  head.setWeights([head.getWeights()[0].abs(), head.getWeights()[1]]);
  const by = (method: ExplainMethod) => explain(model, photos(1), { method, target: 1 });
  const [[gradcam], [layercam], [hirescam]] = await Promise.all(
    (["gradcam", "layercam", "hirescam"] as const).map(by),
  );
  close(layercam.raw, gradcam.raw, 1e-6);
  close(hirescam.raw, gradcam.raw, 1e-6);
});

Deno.test("explain(): Grad-CAM++ weighs channels by the formula of its paper", async () => {
  const model = flattenHead();
  const x = photos(1);
  const [cam] = await explain(model, x, { method: "gradcam++", target: 1 });
  // By hand: activations, and the dense kernel as their gradient.
  const conv = tf.model({ inputs: model.inputs, outputs: model.getLayer("conv").output });
  const a = (conv.predict(x) as tf.Tensor4D).arraySync()[0];
  const kernel = (model.getLayer("head").getWeights()[0] as tf.Tensor2D).arraySync();
  const g = (y: number, x: number, c: number) => kernel[(y * 8 + x) * 4 + c][1];
  const places = Array.from({ length: 64 }, (_, i) => [Math.floor(i / 8), i % 8]);
  const weights = [0, 1, 2, 3].map((c) => {
    const sum = places.reduce((all, [y, x]) => all + a[y][x][c], 0);
    return places.reduce((all, [y, x]) => {
      const slope = g(y, x, c);
      const alpha = slope ** 2 / (2 * slope ** 2 + sum * slope ** 3);
      return all + alpha * Math.max(slope, 0);
    }, 0);
  });
  const wanted = places.map(([y, x]) => weights.reduce((all, w, c) => all + w * a[y][x][c], 0));
  close(cam.raw, wanted, 1e-4);
});

Deno.test("explain(): Eigen-CAM gives the first component of singular value decomposition", async () => {
  // One channel varies along the rows by 3, another along the columns by 1: the first one wins.
  const data = Float32Array.from({ length: 192 }, (_, i) => {
    const place = Math.floor(i / 3), y = Math.floor(place / 8), x = place % 8;
    return [3 * (y - 3.5) + 20, x - 3.5, 0][i % 3];
  });
  const [cam] = await explain(quarterModel(), { data, shape: [1, 8, 8, 3] }, {
    method: "eigencam",
    target: SUM as never,
  });
  close(cam.raw, Float32Array.from({ length: 64 }, (_, i) => 3 * (Math.floor(i / 8) - 3.5)), 1e-3);
  assert.deepEqual(cam.gradients, []);
});

Deno.test("explain(): Score-CAM weighs channels by the score that they leave, in one softmax", async () => {
  const model = convNet({ relu: true });
  const x = photos(1);
  const [cam] = await explain(model, x, { method: "scorecam", target: 1, batchSize: 3 });
  const conv = tf.model({ inputs: model.inputs, outputs: model.getLayer("conv").output });
  const wanted = tf.tidy(() => {
    const a = conv.predict(x) as tf.Tensor4D;
    const low = a.min([1, 2], true), high = a.max([1, 2], true);
    const veils = a.sub(low).div(high.sub(low)).transpose([3, 1, 2, 0]);
    const scores = (model.predict(x.mul(veils)) as tf.Tensor2D).gather([1], 1).reshape([4]);
    return a.mul(tf.softmax(scores)).sum(-1).dataSync();
  });
  close(cam.raw, wanted, 1e-5);
});

Deno.test("explain() calls a target of one number for all images wrong where it needs one each", async () => {
  const target = ((scores: tf.Tensor) => scores.sum()) as never;
  for (const method of ["occlusion", "scorecam"] as const) {
    await assert.rejects(() => explain(convNet({ relu: true }), photos(2), { method, target }), {
      name: "RangeError",
      message: /target of shape \[\] for \d+ images, wanted one number for each/,
    });
  }
});

Deno.test("explain() says how the gradient got there, and none where none is needed", async () => {
  const gradients = async (method: ExplainMethod) =>
    (await explain(convNet({ relu: true }), photos(1), { method }))[0].gradients;
  assert.deepEqual(await gradients("gradcam"), ["backpropagation"]);
  assert.deepEqual(await gradients("integrated_gradients"), ["backpropagation"]);
  assert.deepEqual(await gradients("occlusion"), []);
  const model = branching({ outputs: 2 });
  (model.getLayer("only_b") as { gradientMethod?: string }).gradientMethod = "adjoint";
  const of = async (options: object) => (await explain(model, photos(1), options))[0];
  assert.deepEqual((await of({ head: "head_a", layer: "trunk" })).gradients, ["backpropagation"]);
  const through = ["backpropagation", "adjoint"];
  assert.deepEqual((await of({ head: "head_b", layer: "trunk" })).gradients, through);
  const input = { head: "head_b", method: "smooth_grad" };
  assert.deepEqual((await of(input)).gradients, through);
});

Deno.test("explain() finds a layer by the input methods' own rules: none", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 3] }),
      tf.layers.dense({ units: 3, name: "head" }),
    ],
  });
  const [cam]: Cam[] = await explain(model, photos(1), { method: "integrated_gradients" });
  assert.deepEqual([cam.status, cam.layer], ["ok", ""]);
});

Deno.test("explain() rejects options that are unknown, of another method, or out of range", async () => {
  const wrong: [object, RegExp][] = [
    [{ method: "grad-cam" }, /unknown method "grad-cam". Did you mean "gradcam"/],
    [{ metod: "gradcam" }, /Did you mean "method"/],
    [{ steps: 8 }, /"steps" belongs to method "integrated_gradients", found method "gradcam"/],
    [{ method: "occlusion", noise: 0.1 }, /"noise" belongs to method "smooth_grad"/],
    [{ method: "occlusion", patch: 0 }, /patch must be a positive whole number, found 0/],
    [{ method: "smooth_grad", noise: 2 }, /noise must be a share.*found 2/],
    [{ method: "integrated_gradients", baseline: "white" }, /unknown baseline "white"/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(() => explain(convNet(), photos(1), options), { message });
  }
});
