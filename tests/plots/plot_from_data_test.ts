// A figure is its data: what a run saved draws the same picture again.
import assert from "node:assert/strict";
import { plotFromData } from "../../src/plots/plot_from_data.ts";
import { plotHistory } from "../../src/plots/plot_history.ts";
import { plotQubitAttributions } from "../../src/plots/plot_qubit_attributions.ts";
import { plotRandomization } from "../../src/plots/plot_randomization.ts";
import { stableJson } from "../../src/runs/stable_json.ts";
import { plainNames, sampleFigures } from "./sample_figures.ts";
import type { Figure } from "../../src/_internal/figure.ts";

/** As `run.saveFigure()` writes it: keys sorted, NaN as null. */
const saved = ({ name, data }: Figure) => JSON.parse(stableJson({ name, data }).text);

function drawnAgain(figure: Figure): Figure {
  const { name, data } = saved(figure);
  return plotFromData(name, data);
}

/** Their pixels are in image files. */
const WITH_PIXELS = ["images", "cam_panel", "cam_panel_shared"];

for (const [name, figure] of Object.entries(sampleFigures(plainNames))) {
  if (WITH_PIXELS.includes(name)) continue;
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

Deno.test("other data gives another figure", () => {
  const { name, data } = saved(sampleFigures(plainNames).confusion_matrix);
  data.counts[0][0]++;
  assert.notEqual(plotFromData(name, data).svg, sampleFigures(plainNames).confusion_matrix.svg);
});

Deno.test("plotFromData() refuses unknown figures, those of pixels, and what is no data", () => {
  assert.throws(() => plotFromData("rok", {}), /unknown figure "rok".*Did you mean "roc"/);
  assert.throws(() => plotFromData("gradcam", {}), { name: "RangeError" });
  for (const data of [null, [], "x"]) {
    assert.throws(() => plotFromData("roc", data), /wanted the object under "data"/);
  }
  const extra = { counts: [[1]], labels: ["a"], titel: "x" };
  assert.throws(() => plotFromData("confusion_matrix", extra), /Did you mean "title"/);
});
