import assert from "node:assert/strict";
import { plotWeightChanges } from "../../src/plots/plot_weight_changes.ts";

Deno.test("plotWeightChanges() writes only nothing as equal, and only all as 100 %", () => {
  const changed = [[0, 1e-9, 0.004, 0.5, 0.9999, 1, null]];
  const { text } = plotWeightChanges({ parts: ["p"], stages: [..."abcdefg"], changed });
  assert.match(text, /^p +equal +< 1 % +< 1 % +50 % +> 99 % +100 % +n\/a$/m);
});

Deno.test("plotWeightChanges() refuses numbers that do not fit parts and stages", () => {
  const names = { parts: ["p", "q"], stages: ["a"] };
  assert.throws(() => plotWeightChanges({ ...names, changed: [[1]] }), /found 1 row/);
  assert.throws(() => plotWeightChanges({ ...names, changed: [[1], [1, 0]] }), RangeError);
  assert.match(
    plotWeightChanges({ parts: [], stages: [], changed: [] }).svg,
    /nothing was compared/,
  );
});
