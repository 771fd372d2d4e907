import assert from "node:assert/strict";
import { camEntries, type CamLike } from "../../src/plots/cam_entries.ts";
import { plotCamPanel } from "../../src/plots/plot_cam_panel.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import { sampleCam } from "./sample_figures.ts";

const cams = (count: number): CamLike[] => Array.from({ length: count }, () => sampleCam());

Deno.test("camEntries() reads labels at the picked rows and orders by class, missing ones included", () => {
  const yTrue = [3, 0, 3, 1, 0], yPred = [3, 0, 1, 1, 1], ids = ["a", "b", "c", "d", "e"];
  const picks = pickClassDiverse({ yTrue, yPred, ids, classes: 5, perClass: 2, seed: 1 });
  const entries = camEntries(cams(5), {
    yTrue,
    yPred,
    picks,
    confidences: [0.1, 0.2, 0.3, 0.4, 0.5],
  });
  assert.deepEqual(entries.map((entry) => entry.yTrue), [0, 0, 1, 2, 3, 3, 4]);
  assert.deepEqual(entries.map((entry) => entry.cam === null), [
    false,
    false,
    false,
    true,
    false,
    false,
    true,
  ]);
  for (const { id, yTrue: label, yPred: predicted, confidence } of entries) {
    if (id === null) continue;
    const at = ids.indexOf(id);
    assert.deepEqual([label, predicted, confidence], [yTrue[at], yPred[at], (at + 1) / 10]);
  }
});

Deno.test("camEntries() falls back on what the picks know", () => {
  const picks = pickClassDiverse({ yTrue: [1], yPred: [0], ids: ["x"], perClass: 1, seed: 1 });
  const [missing, entry] = camEntries(cams(1), { picks });
  assert.deepEqual([entry.yTrue, entry.yPred, entry.id, missing.cam], [1, 0, "x", null]);
});

Deno.test("camEntries() treats unlabelled rows as unknown and puts them last", () => {
  const entries = camEntries(cams(3), { yTrue: [-1, 1, NaN], yPred: [0, 1, 1] });
  assert.deepEqual(entries.map((entry) => entry.yTrue), [1, null, null]);
});

Deno.test("plotCamPanel() rejects maps and labels that do not fit together", () => {
  const picks = pickClassDiverse({ yTrue: [0, 1, 1], perClass: 1, seed: 1 });
  assert.throws(() => plotCamPanel(cams(3), { picks }), /3 maps for 2 picks/);
  assert.throws(() => plotCamPanel(cams(2), { picks, yTrue: [0] }), /yTrue has 1 rows, wanted/);
  assert.throws(() => plotCamPanel(cams(2), { yPred: [0] }), /yPred has 1 rows, wanted 2/);
  assert.throws(() => plotCamPanel([], { pick: picks } as never), /Did you mean "picks"/);
});

Deno.test("plotCamPanel() shows three images of each map and says right or wrong in words", () => {
  const { svg, text } = plotCamPanel(cams(2), {
    yTrue: [0, 1],
    yPred: [0, 0],
    confidences: [0.9, 0.55],
    classes: ["healthy", "ill"],
  });
  assert.equal(svg.match(/<image /g)?.length, 2 * 3 + 1); // and the bar of colours
  assert.ok(svg.includes("✓") && svg.includes("right: predicted healthy (90 %)"));
  assert.ok(svg.includes("✗") && svg.includes("wrong: predicted healthy (55 %)"));
  assert.match(text, /ill +healthy +0\.55 +wrong/);
});

Deno.test("plotCamPanel() replaces a map that failed by its diagnosis", () => {
  for (const status of ["zero", "nonfinite", "no_gradient"] as const) {
    const broken = { ...sampleCam(status), map: new Float32Array(64).fill(NaN) };
    const { svg, text } = plotCamPanel([broken], { yTrue: [0] });
    assert.equal(svg.match(/<image /g)?.length, 2); // the original and the bar
    assert.ok(svg.includes(`no map (${status})`) && svg.includes("The map is zero everywhere."));
    assert.ok(text.includes(status));
  }
});

Deno.test("plotCamPanel() has a tile for every missing class", () => {
  const picks = pickClassDiverse({
    yTrue: [0],
    classes: ["no DR", "mild", "severe"],
    perClass: 1,
    seed: 1,
  });
  const { svg } = plotCamPanel(cams(1), { picks, classes: ["no DR", "mild", "severe"] });
  assert.equal(svg.match(/>no sample</g)?.length, 2);
  assert.ok(svg.includes("there is no image of class severe"));
});

Deno.test("plotCamPanel() names the target where it is not the predicted class", () => {
  const options = { yTrue: [0], classes: ["healthy", "ill"] };
  assert.ok(plotCamPanel(cams(1), { ...options, yPred: [1] }).svg.includes("map for healthy"));
  assert.ok(!plotCamPanel(cams(1), { ...options, yPred: [0] }).svg.includes("map for"));
});

Deno.test("plotCamPanel() wraps 40 maps into columns and takes none at all", () => {
  const wide = plotCamPanel(cams(40));
  assert.ok(wide.width < 1200 && wide.height < 3000, `${wide.width} x ${wide.height}`);
  assert.ok(plotCamPanel(cams(2)).width < 800);
  assert.match(plotCamPanel([]).text, /no images/);
});
