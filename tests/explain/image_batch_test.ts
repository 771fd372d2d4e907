import assert from "node:assert/strict";
import { toRgb } from "../../src/explain/image_batch.ts";

function bytesOf(values: readonly number[]): number[] {
  const data = Float32Array.from(values);
  return [...toRgb({ height: 1, width: data.length / 3, channels: 3, data }).data];
}

Deno.test("toRgb() rounds floats from 0 to 1, and from 0 to 255, to the nearest byte", () => {
  assert.deepEqual(bytesOf([0, 1, 0.4 / 255, 0.6 / 255, 254.4 / 255, 254.6 / 255]), [
    ...[0, 255, 0],
    ...[1, 254, 255],
  ]);
  assert.deepEqual(bytesOf([0, 255, 0.5, 1.49, 2.5, 254.4]), [0, 255, 1, 1, 3, 254]);
});

Deno.test("toRgb() gives every float the byte that Math.round() gives", () => {
  const values = Float32Array.from({ length: 3000 }, (_, i) => (i * 7919 % 3000) / 1500 - 1);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const wanted = [...values].map((value) => Math.round((value - low) * 255 / (high - low)));
  const { data } = toRgb({ height: 10, width: 100, channels: 3, data: values });
  assert.deepEqual([...data], wanted);
});

Deno.test("toRgb() makes 0 of what is not finite, and stretches the rest", () => {
  const values = [-2, 2, 0, NaN, Infinity, -Infinity];
  assert.deepEqual(bytesOf(values), [0, 255, 128, 0, 0, 0]);
  assert.deepEqual(bytesOf([NaN, NaN, Infinity]), [0, 0, 0]);
});
