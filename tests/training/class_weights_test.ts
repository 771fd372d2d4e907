import assert from "node:assert/strict";
import {
  effectiveNumberWeights,
  imageWeights,
  inverseFrequencyWeights,
  meanOne,
} from "../../src/training/class_weights.ts";

/** Counts of retinopathy grades as they are met in practice. */
const COUNTS = [1444, 296, 799, 154, 236];

function assertClose(found: readonly number[], wanted: readonly number[], tolerance = 1e-4): void {
  assert.equal(found.length, wanted.length);
  found.forEach((x, i) =>
    assert.ok(Math.abs(x - wanted[i]) < tolerance, `${found}, not ${wanted}`)
  );
}

Deno.test("inverseFrequencyWeights() of real counts, mean 1", () => {
  const weights = inverseFrequencyWeights(COUNTS);
  assertClose(weights, [0.2157, 1.0522, 0.3898, 2.0225, 1.3198]);
  assert.ok(Math.abs(weights[3] / weights[0] - 1444 / 154) < 1e-9);
  const tempered = inverseFrequencyWeights(COUNTS, { exponent: 0.5 });
  assert.ok(Math.abs(tempered[3] / tempered[0] - Math.sqrt(1444 / 154)) < 1e-9);
});

Deno.test("effectiveNumberWeights() of real counts, mean 1", () => {
  assertClose(effectiveNumberWeights([1, 2], { beta: 0.5 }), [1.2, 0.8]);
  const raw = [0.34831, 1.03843, 0.4836, 1.86404, 1.26561];
  assertClose(effectiveNumberWeights(COUNTS), raw);
  assertClose(effectiveNumberWeights(COUNTS, { beta: 0 }), [1, 1, 1, 1, 1]);
});

Deno.test("two corrections at once would weigh 50 to 1 for counts of 9 to 1", () => {
  const inverse = inverseFrequencyWeights(COUNTS), effective = effectiveNumberWeights(COUNTS);
  const both = meanOne(inverse.map((x, c) => x * effective[c]));
  assertClose(both, [0.055, 0.8, 0.14, 2.77, 1.23], 0.01);
  assert.ok(both[3] / both[0] > 50 && effective[3] / effective[0] < 6);
});

Deno.test("class weights leave out a class without images", () => {
  assert.deepEqual(inverseFrequencyWeights([10, 0, 10]), [1, 0, 1]);
  assert.deepEqual(effectiveNumberWeights([10, 0, 10]), [1, 0, 1]);
});

Deno.test("class weights refuse counts and options that make no sense", () => {
  for (const weigh of [inverseFrequencyWeights, effectiveNumberWeights]) {
    assert.throws(() => weigh([1, -1]), /count of -1/);
    assert.throws(() => weigh([1, 0.5]), /count of 0.5/);
    assert.throws(() => weigh([]), /no images/);
    assert.throws(() => weigh([1, NaN]), /count of NaN/);
  }
  assert.throws(() => inverseFrequencyWeights([1, 2], { exponent: -1 }), /exponent/);
  assert.throws(() => effectiveNumberWeights([1, 2], { beta: 1 }), /beta/);
  assert.throws(() => effectiveNumberWeights([1], { bta: 0 } as never), /Did you mean "beta"/);
});

Deno.test("imageWeights() gives each image the weight of its class, and refuses unknown classes", () => {
  assert.deepEqual([...imageWeights(Int32Array.of(2, 0), [5, 6, 7])], [7, 5]);
  assert.throws(() => imageWeights([0, 3], [1, 1]), /image 1 has label 3, found 2 class weights/);
  assert.throws(() => imageWeights([-1], [1]), RangeError);
});
