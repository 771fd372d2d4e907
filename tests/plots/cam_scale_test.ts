import assert from "node:assert/strict";
import { colourMap } from "../../src/images/colour_map.ts";
import type { CamLike } from "../../src/plots/cam_entries.ts";
import {
  type CamScale,
  clippedCount,
  knownScale,
  peakText,
  scaledMap,
} from "../../src/plots/cam_scale.ts";
import { imageElement } from "../../src/plots/image_element.ts";
import { plotCamPanel } from "../../src/plots/plot_cam_panel.ts";
import { inLevels } from "../../src/plots/saved_pixels.ts";
import { sampleCam } from "./sample_figures.ts";

const withPeak = (peak?: number): CamLike => ({ ...sampleCam(), peak });
const entry = (cam: CamLike | null) => ({
  cam,
  id: null,
  yTrue: null,
  yPred: null,
  confidence: null,
  why: null,
});

Deno.test("knownScale() takes the highest peak of maps that are ok", () => {
  const entries = [withPeak(0.2), withPeak(0.5), { ...withPeak(9), status: "zero" as const }]
    .map(entry);
  assert.deepEqual(knownScale(entries, "shared"), { kind: "shared", peak: 0.5 });
  assert.deepEqual(knownScale(entries, 2), { kind: "given", peak: 2 });
  assert.deepEqual(knownScale(entries, "image"), { kind: "image", peak: null });
  assert.deepEqual(knownScale([entry(null)], "shared"), { kind: "shared", peak: null });
});

Deno.test("knownScale() says which map has no peak, and needs none of a blank or for its own scale", () => {
  const wrong = [undefined, 0, -1, NaN, Infinity];
  for (const peak of wrong) {
    for (const scale of ["shared", 1] as const) {
      assert.throws(
        () => plotCamPanel([withPeak(1), withPeak(peak)], { scale }),
        {
          name: "TypeError",
          message: /map 2 of the panel has (no|the) peak.*leave out the option/,
        },
      );
    }
    plotCamPanel([withPeak(peak)]);
    plotCamPanel([{ ...withPeak(peak), status: "zero" }], { scale: "shared" });
  }
});

Deno.test("knownScale() refuses words and numbers that are no scale", () => {
  for (const scale of ["panel", 0, -1, NaN, Infinity, null] as CamScale[]) {
    assert.throws(() => knownScale([], scale), { name: "RangeError", message: /wanted "image"/ });
  }
});

Deno.test("scaledMap() is map times peak over the common peak, at most 1, and copies", () => {
  const cam = { ...withPeak(0.5), map: Float32Array.of(0, 0.5, 1) };
  assert.deepEqual([...scaledMap(cam, { kind: "shared", peak: 1 })], [0, 0.25, 0.5]);
  assert.deepEqual([...scaledMap(cam, { kind: "given", peak: 0.25 })], [0, 1, 1]);
  assert.deepEqual([...cam.map], [0, 0.5, 1]);
  assert.equal(scaledMap(cam, { kind: "image", peak: null }), cam.map);
});

Deno.test("clippedCount() counts maps above a given peak only", () => {
  const entries = [withPeak(0.2), withPeak(0.5), withPeak(1)].map(entry);
  assert.equal(clippedCount(entries, { kind: "given", peak: 0.5 }), 1);
  assert.equal(clippedCount(entries, { kind: "shared", peak: 1 }), 0);
});

Deno.test("peakText() has three digits for every size", () => {
  assert.deepEqual([0.12345, 1, 12.345, 0.00001234, 1234567].map(peakText), [
    "0.123",
    "1",
    "12.3",
    "1.2e-5",
    "1.2e+6",
  ]);
});

/** The pixels of a map as they stand in the SVG. */
function drawn(cam: CamLike, factor: number): string {
  const data = colourMap(inLevels(cam.map).map((value) => Math.min(1, value * factor)));
  const image = imageElement({ width: cam.width, height: cam.height, data }, {
    x: 0,
    y: 0,
    width: 112,
    height: 112,
  });
  return /href="([^"]+)"/.exec(image)?.[1] ?? "";
}

Deno.test("plotCamPanel() draws all maps on one scale and says so with its number", () => {
  const cams = [withPeak(0.8), withPeak(0.2)];
  const own = plotCamPanel(cams), shared = plotCamPanel(cams, { scale: "shared" });
  const weak = drawn(cams[1], 0.25), full = drawn(cams[1], 1);
  assert.ok(own.svg.includes(full) && !own.svg.includes(weak));
  assert.ok(shared.svg.includes(full) && shared.svg.includes(weak));
  assert.ok(own.svg.includes("each map has its own scale"));
  assert.ok(shared.svg.includes("0.8 is the highest peak in it") && shared.svg.includes(">0.8<"));
  assert.match(shared.text, /one scale for all maps of this panel: 0\.8/);
  assert.match(shared.text, /peak +image +map\n/);
});

Deno.test("plotCamPanel() draws two panels alike when they are given one peak", () => {
  const early = plotCamPanel([withPeak(0.2)], { scale: 0.4 });
  const late = plotCamPanel([withPeak(0.4), withPeak(0.2)], { scale: 0.4 });
  const half = drawn(withPeak(0.2), 0.5);
  assert.ok(early.svg.includes(half) && late.svg.includes(half));
  const over = plotCamPanel([withPeak(0.8)], { scale: 0.4 });
  assert.match(over.text, /1 map above the given peak/);
});

Deno.test("plotCamPanel() notes scale and peak of each map in the data", () => {
  const cams = [withPeak(0.8), withPeak(0.2), sampleCam("wrong_shape")];
  const data = (scale: CamScale) => {
    const { entries } = plotCamPanel(cams, { scale }).data as {
      entries: { peak: number | null; scale: unknown }[];
    };
    return entries.map(({ peak, scale }) => [peak, scale]);
  };
  const shared = { kind: "shared", peak: 0.8 };
  assert.deepEqual(data("shared"), [[0.8, shared], [0.2, shared], [null, null]]);
  assert.deepEqual(data("image")[1], [0.2, { kind: "image", peak: 0.2 }]);
  assert.deepEqual(data(3)[0], [0.8, { kind: "given", peak: 3 }]);
});
