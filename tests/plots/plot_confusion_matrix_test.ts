import assert from "node:assert/strict";
import { confusionMatrix } from "../../src/metrics/confusion_matrix.ts";
import { plotConfidenceTable } from "../../src/plots/plot_confidence_table.ts";
import { confidenceTable } from "../../src/metrics/confidence_table.ts";
import { plotConfusionMatrices } from "../../src/plots/plot_confusion_matrices.ts";
import { plotConfusionMatrix } from "../../src/plots/plot_confusion_matrix.ts";
import { luminance, shareColour, textColourOn } from "../../src/plots/theme.ts";

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1]);

Deno.test("plotConfusionMatrix() writes share and count into each cell, n/a in empty rows", () => {
  const { svg, text } = plotConfusionMatrix([[8, 9, 0], [0, 0, 0], [1, 0, 3]]);
  const shown = texts(svg);
  for (const cell of ["47 %", "(8)", "53 %", "(9)", "75 %", "(3)"]) assert.ok(shown.includes(cell));
  assert.equal(shown.filter((cell) => cell === "n/a").length, 3);
  assert.ok(shown.includes("true") && shown.includes("predicted") && shown.includes("n = 17"));
  assert.match(text, /class 1 +n\/a +n\/a +n\/a/);
});

Deno.test("plotConfusionMatrix() takes the result of confusionMatrix() and keeps counts as data", () => {
  const matrix = confusionMatrix([0, 1], [0, 0], { classes: 2 });
  const figure = plotConfusionMatrix(matrix, { head: "quantum" });
  assert.equal(figure.svg, plotConfusionMatrix(matrix.counts, { head: "quantum" }).svg);
  assert.deepEqual((figure.data as { counts: unknown }).counts, [[1, 0], [1, 0]]);
  assert.match(figure.text, /head quantum · 2 images · accuracy 50 %/);
});

Deno.test("plotConfusionMatrix() slants long labels, shortens very long ones, copes with 40 classes", () => {
  const labels = ["healthy", "x".repeat(200)];
  const { svg, width } = plotConfusionMatrix([[1, 0], [0, 1]], { labels });
  assert.ok(svg.includes("rotate(-38") && svg.includes("x…") && width < 700);
  const many = Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => 1));
  assert.ok(plotConfusionMatrix(many).width < 1200);
});

Deno.test("plotConfusionMatrix() rejects what is no square of counts", () => {
  for (const wrong of [[], [[1, 2]], [[1, -1], [0, 1]], [[1, NaN], [0, 1]]]) {
    assert.throws(() => plotConfusionMatrix(wrong), /wanted a square matrix of counts/);
  }
  assert.throws(() => plotConfusionMatrix([[1]], { label: ["a"] } as never), /"labels"/);
});

Deno.test("plotConfusionMatrices() draws every head, and says when there is none", () => {
  const matrix = [[3, 1], [0, 2]];
  const list = ["a", "b", "c"].map((head) => ({ head, matrix }));
  const figure = plotConfusionMatrices(list);
  for (const { head } of list) assert.ok(texts(figure.svg).includes(`head ${head}`));
  assert.match(plotConfusionMatrices([]).text, /no heads/);
});

Deno.test("plotConfidenceTable() has exactly the active heads as columns and marks flagged cells", () => {
  const table = confidenceTable({
    yTrue: [0, 0, 1],
    heads: { a: [0.5, 0.5, 0, NaN, 1, 0, 0.25, 0.75, 0], b: null },
    classes: ["healthy", "ill", "gone"],
  });
  const figure = plotConfidenceTable(table);
  const shown = texts(figure.svg);
  assert.ok(shown.includes("0.50 (!)") && shown.includes("0.75") && shown.includes("n/a"));
  assert.ok(shown.includes("a") && !shown.includes("b"));
  assert.match(figure.text, /\(!\) a: left out 1 of 2 healthy/);
  assert.match(figure.text, /switched off: b/);
  assert.equal(plotConfidenceTable(figure.data as typeof table).svg, figure.svg);
});

Deno.test("textColourOn() is readable on every share colour", () => {
  for (let share = 0; share <= 1; share += 0.01) {
    const [a, b] = [luminance(shareColour(share)), luminance(textColourOn(shareColour(share)))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    assert.ok(contrast >= 4.5, `${share}: ${contrast}`);
  }
});
