// A figure is its data: what a run saved draws the same picture again.
import assert from "node:assert/strict";
import { plotFromData } from "../../src/plots/plot_from_data.ts";
import { plotHistory } from "../../src/plots/plot_history.ts";
import { plotQubitAttributions } from "../../src/plots/plot_qubit_attributions.ts";
import { plotRandomization } from "../../src/plots/plot_randomization.ts";
import { stableJson } from "../../src/runs/stable_json.ts";
import type { CamLike } from "../../src/plots/cam_entries.ts";
import { plotCamPanel } from "../../src/plots/plot_cam_panel.ts";
import { plotImages } from "../../src/plots/plot_images.ts";
import { pickClassDiverse } from "../../src/sampling/pick_class_diverse.ts";
import { plainNames, sampleCam, sampleFigures } from "./sample_figures.ts";
import type { Figure } from "../../src/_internal/figure.ts";

/** As `run.saveFigure()` writes it: keys sorted, NaN as null. */
const saved = ({ name, data }: Figure) => JSON.parse(stableJson({ name, data }).text);

function drawnAgain(figure: Figure): Figure {
  const { name, data } = saved(figure);
  return plotFromData(name, data);
}

for (const [name, figure] of Object.entries(sampleFigures(plainNames))) {
  Deno.test(`${name} is drawn again from its saved JSON, to the byte`, () => {
    const again = drawnAgain(figure);
    assert.equal(again.svg, figure.svg);
    assert.equal(again.text, figure.text);
    assert.deepEqual(saved(again).data, saved(figure).data);
  });
}

Deno.test("figures with defaults and with NaN are drawn again too", () => {
  const rows = [1, 2].map((epoch) => ({ stage: "a", epoch, split: "val", head: "h", loss: NaN }));
  const figures = [
    plotHistory(rows),
    plotRandomization([{ layer: "a", spearman: NaN, ssim: 1 }]),
    plotQubitAttributions({ values: Float32Array.of(NaN, 1), features: 1, qubits: 2 }),
  ];
  for (const figure of figures) assert.equal(drawnAgain(figure).svg, figure.svg);
});

Deno.test("panels with gaps, failed maps, a given scale and large photographs are drawn again", () => {
  const side = 300, size = side * side;
  const photograph = {
    width: side,
    height: side,
    data: Uint8Array.from({ length: size * 3 }, (_, i) => (i * 7919) % 251),
  };
  const map = Float32Array.from({ length: size }, (_, i) => Math.sin(i / 900) ** 2);
  const large: CamLike = { ...sampleCam(), width: side, height: side, image: photograph, map };
  const failed = { ...sampleCam("nonfinite"), map: new Float32Array(64).fill(NaN) };
  const picks = pickClassDiverse({
    yTrue: [0, 2],
    classes: 3,
    ids: ["a", "b"],
    perClass: 1,
    seed: 1,
  });
  const figures = [
    plotCamPanel([{ ...large, peak: 3 }, failed], {
      picks,
      yPred: [1, 2],
      confidences: [0.5, null],
    }),
    plotCamPanel([{ ...large, peak: 3 }], { scale: 2, colourMap: "viridis", columns: 1 }),
    plotCamPanel([]),
    plotImages([photograph], { columns: 1, size: 90 }),
    plotImages([{ ...photograph, width: 999, height: 90 }], { columns: 1, size: 90 }),
  ];
  for (const figure of figures) {
    const again = drawnAgain(figure);
    assert.equal(again.svg, figure.svg);
    assert.equal(again.text, figure.text);
  }
});

Deno.test("pixels that are no longer whole are named", () => {
  const { name, data } = saved(sampleFigures(plainNames).cam_panel);
  data.entries[0].map = data.entries[0].image;
  assert.throws(() => plotFromData(name, data), /saved map: found 3 channels, wanted 1/);
  Object.assign(data.entries[0], { image: "AAAA", map: null });
  assert.throws(() => plotFromData(name, data), /saved image: found bytes that are no whole PNG/);
});

Deno.test("other data gives another figure", () => {
  const { name, data } = saved(sampleFigures(plainNames).confusion_matrix);
  data.counts[0][0]++;
  assert.notEqual(plotFromData(name, data).svg, sampleFigures(plainNames).confusion_matrix.svg);
});

Deno.test("plotFromData() refuses unknown figures, and what is no data", () => {
  assert.throws(() => plotFromData("rok", {}), /unknown figure "rok".*Did you mean "roc"/);
  for (const data of [null, [], "x"]) {
    assert.throws(() => plotFromData("roc", data), /wanted the object under "data"/);
  }
  const extra = { counts: [[1]], labels: ["a"], titel: "x" };
  assert.throws(() => plotFromData("confusion_matrix", extra), /Did you mean "title"/);
});
