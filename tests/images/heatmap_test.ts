import assert from "node:assert/strict";
import { colourMap, overlayHeatmap, resizeMap } from "../../src/images/mod.ts";

const steps = Float32Array.from({ length: 101 }, (_, i) => i / 100);

/** CIE lightness L*, 0 to 100, of each colour. */
function lightness(rgb: Uint8Array): number[] {
  return Array.from({ length: rgb.length / 3 }, (_, i) => {
    const [r, g, b] = [...rgb.subarray(i * 3, i * 3 + 3)].map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
  });
}

Deno.test("colourMap() lightness rises steadily in every map from none to most", () => {
  for (const map of ["inferno", "magma", "viridis", "cividis"] as const) {
    const light = lightness(colourMap(steps, { map }));
    light.slice(1).forEach((value, i) => assert.ok(value >= light[i] - 0.3, `${map} at ${i}`));
    assert.ok(light[100] - light[0] > 70, map);
    // Even as well: no tenth of the scale takes a third of the way.
    for (let i = 10; i <= 100; i += 10) assert.ok(light[i] - light[i - 10] < 26, `${map} at ${i}`);
  }
});

Deno.test("colourMap() cividis hardly changes for a person without red-sensitive cones", () => {
  // Simulated by Viénot, Brettel and Mollon (1999) in linear light: red and green fall together.
  const linear = (byte: number) => (byte / 255) ** 2.2;
  const change = (map: "cividis" | "inferno") => {
    const rgb = colourMap(steps, { map });
    const gaps = Array.from(steps, (_, i) => {
      const [r, g] = [linear(rgb[i * 3]), linear(rgb[i * 3 + 1])];
      return Math.abs(r - (0.11238 * r + 0.88762 * g));
    });
    return gaps.reduce((sum, gap) => sum + gap) / gaps.length;
  };
  assert.ok(change("cividis") < 0.07, String(change("cividis")));
  assert.ok(change("inferno") > 3 * change("cividis"));
});

Deno.test("colourMap() blue_orange is lightest at 0, as dark at one end as at the other", () => {
  const light = lightness(colourMap(Float32Array.from(steps, (v) => 2 * v - 1), {
    map: "blue_orange",
  }));
  assert.equal(light.indexOf(Math.max(...light)), 50);
  for (let i = 1; i <= 50; i++) {
    assert.ok(light[50 - i] < light[51 - i] + 0.3 && light[50 + i] < light[49 + i] + 0.3, `${i}`);
    assert.ok(Math.abs(light[50 - i] - light[50 + i]) < 4, `${i}: ${light[50 - i]}`);
  }
  const [negative, zero, positive] = [-1, 0, 1].map((v) => colourMap([v], { map: "blue_orange" }));
  assert.ok(negative[2] > negative[0] + 80 && positive[0] > positive[2] + 80);
  assert.ok([...zero].every((byte) => byte > 240));
});

Deno.test("colourMap() clamps, rescales, and shows NaN as grey", () => {
  const ends = colourMap(Float32Array.of(-5, 0, 1, 9));
  assert.deepEqual(ends.subarray(0, 3), ends.subarray(3, 6));
  assert.deepEqual(ends.subarray(6, 9), ends.subarray(9, 12));
  assert.deepEqual(colourMap([5], { min: 0, max: 10 }), colourMap([0.5]));
  assert.deepEqual([...colourMap([NaN])], [128, 128, 128]);
});

Deno.test("colourMap() refuses unknown maps and empty ranges", () => {
  assert.throws(
    () => colourMap([0], { map: "jet" as never }),
    /inferno, magma, viridis, cividis, blue_orange/,
  );
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
