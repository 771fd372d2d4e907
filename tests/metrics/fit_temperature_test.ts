import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { expectedCalibrationError } from "../../src/metrics/calibration.ts";
import { fitTemperature } from "../../src/metrics/fit_temperature.ts";

const classes = 3;

Deno.test("fitTemperature() finds the temperature that made honest probabilities too certain", () => {
  const random = new SeededRandom(5);
  for (const temperature of [0.5, 1, 2.5]) {
    const yTrue: number[] = [], shown: number[] = [];
    for (let row = 0; row < 4000; row++) {
      const logits = Array.from({ length: classes }, () => 4 * random.next() - 2);
      const honest = softmax(logits);
      const draw = random.next();
      yTrue.push(draw < honest[0] ? 0 : draw < honest[0] + honest[1] ? 1 : 2);
      shown.push(...softmax(logits.map((x) => x * temperature)));
    }
    const { value, before, after } = fitTemperature(yTrue, shown, { classes });
    assert.ok(Math.abs(value! / temperature - 1) < 0.08, `${value} and ${temperature}`);
    assert.ok(after! <= before!);
    if (temperature !== 2.5) continue;
    const cooled = shown.map((_, i) => {
      const at = i - i % classes;
      const logits = shown.slice(at, at + classes).map((p) => Math.log(p) / value!);
      return softmax(logits)[i % classes];
    });
    const error = (p: number[]) => expectedCalibrationError(yTrue, p, { classes }).value!;
    assert.ok(error(cooled) < 0.03 && error(shown) > 0.1);
  }
});

Deno.test("fitTemperature() keeps to its limits where the best would be 0 or infinite", () => {
  const rows = [0.6, 0.3, 0.1, 0.2, 0.5, 0.3];
  assert.ok(Math.abs(fitTemperature([0, 1], rows, { classes }).value! - 0.01) < 1e-9);
  assert.ok(Math.abs(fitTemperature([2, 0], rows, { classes }).value! - 100) < 1e-6);
  const zero = fitTemperature([0, 1], [1, 0, 0, 1, 0, 0], { classes });
  assert.ok(Number.isFinite(zero.value) && zero.after! < zero.before!);
});

Deno.test("fitTemperature() says why there is none", () => {
  const none = { before: null, after: null, value: null };
  assert.deepEqual(fitTemperature([], [], { classes }), { ...none, reason: "there are no rows" });
  const { reason, ...rest } = fitTemperature([0], [NaN, 0.5, 0.5], { classes });
  assert.deepEqual(rest, none);
  assert.match(reason!, /row 0 is NaN/);
  assert.throws(() => fitTemperature([3], [1, 0, 0], { classes }), /label 3 at row 0/);
});

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / sum);
}
