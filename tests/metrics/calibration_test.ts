import assert from "node:assert/strict";
import { expectedCalibrationError } from "../../src/metrics/calibration.ts";

Deno.test("expectedCalibrationError() by hand", () => {
  // Confidences .6 (right), .7 (wrong), .9 (right), .9 (right).
  const probabilities = [0.6, 0.4, 0.7, 0.3, 0.1, 0.9, 0.9, 0.1];
  const { value, maximum, bins } = expectedCalibrationError([0, 1, 1, 0], probabilities, {
    classes: 2,
    bins: 2,
  });
  // All are in [.5, 1]: share right .75, mean confidence .775.
  assert.ok(Math.abs(value! - 0.025) < 1e-12);
  assert.equal(maximum, value);
  assert.deepEqual(bins.map((bin) => bin.count), [0, 4]);
  assert.deepEqual([bins[0].accuracy, bins[0].confidence], [null, null]);
});

Deno.test("expectedCalibrationError() puts a confidence of exactly 1 into the last bin", () => {
  const { bins, value } = expectedCalibrationError([0, 0], Float32Array.of(1, 0, 1, 0), {
    classes: 2,
  });
  assert.equal(bins.length, 10);
  assert.equal(bins[9].count, 2);
  assert.equal(value, 0);
});

Deno.test("expectedCalibrationError() bins are half-open: an edge belongs to the upper one", () => {
  const { bins } = expectedCalibrationError([0], [0.5, 0.5], { classes: 2, bins: 2 });
  assert.deepEqual(bins.map((bin) => bin.count), [0, 1]);
});

Deno.test("expectedCalibrationError() is undefined without rows and with NaN", () => {
  const empty = expectedCalibrationError([], [], { classes: 2, bins: 3 });
  assert.deepEqual([empty.value, empty.reason, empty.bins.length], [null, "there are no rows", 3]);
  const broken = expectedCalibrationError([0], [NaN, NaN], { classes: 2 });
  assert.deepEqual([broken.value, broken.reason], [null, "a probability of row 0 is NaN"]);
  assert.throws(() => expectedCalibrationError([], [], { classes: 2, bins: 0 }), /bins is 0/);
});
