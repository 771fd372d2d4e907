import assert from "node:assert/strict";
import { plotCurves } from "../../src/plots/plot_curves.ts";

const labels = (svg: string) => [...svg.matchAll(/>([\d.e-]+)<\/text>/g)].map(([, text]) => text);

Deno.test("plotCurves() has powers of ten on logarithmic axes, and 1, 2, 5 where there are few", () => {
  const y = [1, 30, 5000], wide = plotCurves([{ name: "a", x: [1, 2, 3], y }], { yScale: "log" });
  const shown = labels(wide.svg);
  assert.deepEqual(["1", "10", "100", "1000"].filter((tick) => !shown.includes(tick)), []);
  assert.deepEqual(["50", "5000", "10000"].filter((tick) => shown.includes(tick)), []);
  const few = plotCurves([{ name: "a", x: [1e-6, 3e-6], y: [1, 1] }], { xScale: "log" });
  assert.deepEqual(labels(few.svg).filter((text) => text.includes("e")), ["1e-6", "2e-6", "5e-6"]);
});

Deno.test("plotCurves() leaves out and counts what has no place, and says when nothing is left", () => {
  const gaps = { name: "a", x: [1, 2, 3, 4], y: [1, null, 0, NaN] };
  const figure = plotCurves([gaps], { yScale: "log" });
  assert.match(figure.svg, /3 points without a place on these axes/);
  assert.match(figure.text, /^a +2 +n\/a$/m);
  assert.match(plotCurves([gaps]).svg, /2 points without a place/);
  assert.match(plotCurves([]).svg, /no points/);
});

Deno.test("plotCurves() refuses lengths that differ, unknown scales and options", () => {
  const curve = { name: "a", x: [1, 2], y: [1] };
  assert.throws(() => plotCurves([curve]), /found 2 x and 1 y for "a"/);
  assert.throws(() => plotCurves([], { xScale: "ln" as "log" }), /xScale "ln", wanted "linear"/);
  assert.throws(() => plotCurves([], { xscale: "log" } as never), /Did you mean "xScale"/);
});
