import assert from "node:assert/strict";
import { dihedralView, VIEWS } from "../../src/data/dihedral_views.ts";
import { imageAt } from "../../src/data/image_at.ts";
import { predict } from "../../src/model/predict.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { fit } from "../../src/training/fit.ts";
import { smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

Deno.test("testTime dihedral is the mean over eight views, in evaluate() and predict() alike", async () => {
  const { model, data } = await smallTask();
  const [plain, mean] = [
    await evaluate(model, data.val),
    await evaluate(model, data.val, { testTime: "dihedral" }),
  ];
  assert.notDeepEqual(mean.heads.quantum, plain.heads.quantum);
  const { count, width: side, images } = data.val;
  const sums = new Float64Array(count * data.classes.length);
  for (let view = 0; view < VIEWS; view++) {
    const turned = dihedralView(Float32Array.from(images), { count, side, view });
    const set = { ...data.val, images: Uint8Array.from(turned) };
    const { heads } = await evaluate(model, set);
    heads.ensemble!.forEach((p, i) => sums[i] += p / VIEWS);
  }
  mean.heads.ensemble!.forEach((p, i) => assert.ok(Math.abs(p - sums[i]) < 1e-5));
  const pictures = Array.from({ length: count }, (_, i) => imageAt(data.val, i));
  const answers = await predict(model, pictures, { testTime: "dihedral", now: () => 5 });
  answers.forEach(({ probabilities, fusionWeights, latency }, row) => {
    probabilities.forEach((p, c) => {
      assert.ok(Math.abs(p - mean.heads.ensemble![row * data.classes.length + c]) < 1e-5);
    });
    const weights = Object.values(fusionWeights).reduce((a, b) => a! + b!, 0)!;
    assert.ok(Math.abs(weights - 1) < 1e-5);
    assert.equal(latency!.encoder, 0);
  });
  const wrong = { testTime: "eight" } as never;
  await assert.rejects(evaluate(model, data.val, wrong), /evaluate: unknown testTime "eight"/);
  await assert.rejects(predict(model, pictures, wrong), /predict: unknown testTime "eight"/);
});

Deno.test("mixup in fit() trains on mixtures, the same with the same seed, and checks its parameter", async () => {
  const { data } = await smallTask();
  const trained = async (mixup: number | null) => {
    const model = smallModel(data);
    const stages = stagesNamed(["classical"]);
    const { history } = await fit(model, data, { stages, batchSize: 8, mixup, progress: false });
    return { loss: history[0].loss, weights: tensorsOf(model) };
  };
  const [none, mixed, again] = [await trained(null), await trained(0.4), await trained(0.4)];
  assert.notEqual(mixed.loss, none.loss);
  assert.deepEqual(again, mixed);
  const stages = stagesNamed(["classical"]);
  for (const mixup of [0, -1, NaN, Infinity]) {
    await assert.rejects(
      fit(smallModel(data), data, { stages, mixup }),
      /mixup must be above 0, or null/,
    );
  }
});
