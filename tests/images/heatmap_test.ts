import assert from "node:assert/strict";
import { colourMap, overlayHeatmap, resizeMap } from "../../src/images/mod.ts";

Deno.test("colourMap() brightness rises steadily in every map", () => {
  const steps = Float32Array.from({ length: 101 }, (_, i) => i / 100);
  for (const map of ["inferno", "magma", "viridis"] as const) {
    const rgb = colourMap(steps, { map });
    const luma = Array.from(
      steps,
      (_, i) => 0.299 * rgb[i * 3] + 0.587 * rgb[i * 3 + 1] + 0.114 * rgb[i * 3 + 2],
    );
    luma.slice(1).forEach((value, i) => assert.ok(value >= luma[i] - 0.5, `${map} at ${i}`));
    assert.ok(luma[100] - luma[0] > 150, map);
  }
});

Deno.test("colourMap() clamps, rescales, and shows NaN as grey", () => {
  const ends = colourMap(Float32Array.of(-5, 0, 1, 9));
  assert.deepEqual(ends.subarray(0, 3), ends.subarray(3, 6));
  assert.deepEqual(ends.subarray(6, 9), ends.subarray(9, 12));
  assert.deepEqual(colourMap([5], { min: 0, max: 10 }), colourMap([0.5]));
  assert.deepEqual([...colourMap([NaN])], [128, 128, 128]);
});

Deno.test("colourMap() refuses unknown maps and empty ranges", () => {
  assert.throws(() => colourMap([0], { map: "jet" as never }), /inferno, magma, viridis/);
  assert.throws(() => colourMap([0], { min: 1, max: 1 }), RangeError);
});

Deno.test("resizeMap() interpolates between pixel centres", () => {
  const map = Float32Array.of(0, 1, 2, 3);
  const large = resizeMap({ width: 2, height: 2, map }, { width: 4, height: 4 });
  assert.deepEqual([...large.map.subarray(0, 4)], [0, 0.25, 0.75, 1]);
  assert.deepEqual([large.map[5], large.map[15]], [0.75, 3]);
  const same = resizeMap({ width: 2, height: 2, map }, { width: 2, height: 2 });
  assert.deepEqual(same.map, map);
});

Deno.test("resizeMap() refuses sizes that do not fit", () => {
  const map = Float32Array.of(0, 1, 2);
  assert.throws(() => resizeMap({ width: 2, height: 2, map }, { width: 4, height: 4 }), RangeError);
  assert.throws(() => resizeMap({ width: 3, height: 1, map }, { width: 0, height: 4 }), RangeError);
});

Deno.test("overlayHeatmap() mixes the resized, coloured map into the image", () => {
  const image = { width: 4, height: 2, data: new Uint8Array(24).fill(100) };
  const heat = { width: 2, height: 1, map: Float32Array.of(0, 1) };
  const { data } = overlayHeatmap(image, heat, { alpha: 1, map: "viridis" });
  assert.deepEqual([...data.subarray(0, 3)], [68, 1, 84]);
  assert.deepEqual([...data.subarray(9, 12)], [253, 231, 37]);
  assert.deepEqual(overlayHeatmap(image, heat, { alpha: 0 }), image);
  assert.throws(() => overlayHeatmap(image, heat, { alpha: 2 }), RangeError);
});
