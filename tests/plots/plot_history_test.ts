import assert from "node:assert/strict";
import { historyAxis, historyLines } from "../../src/plots/history_rows.ts";
import { plotHistory } from "../../src/plots/plot_history.ts";
import { historySample, plainNames } from "./sample_figures.ts";

const row = (stage: string, epoch: number, loss: unknown, head = "a", split = "val") => ({
  stage,
  epoch,
  split,
  head,
  loss,
});

Deno.test("historyAxis() puts stages one after another, epochs counted anew or on", () => {
  const anew = [row("one", 1, 0), row("one", 2, 0), row("two", 1, 0)];
  const on = [row("one", 1, 0), row("one", 2, 0), row("two", 3, 0)];
  for (const rows of [anew, on]) {
    const axis = historyAxis(rows);
    assert.deepEqual(rows.map(axis.positionOf), [1, 2, 3]);
    assert.deepEqual(axis.stages, [{ stage: "one", first: 1, last: 2 }, {
      stage: "two",
      first: 3,
      last: 3,
    }]);
  }
});

Deno.test("historyLines() leaves gaps where a head has no finite value, the later row counts", () => {
  const rows = [
    row("s", 1, 3),
    row("s", 2, NaN),
    row("s", 3, null),
    row("s", 4, 1),
    row("s", 1, 2),
  ];
  const [line] = historyLines(rows, { metric: "loss", axis: historyAxis(rows) });
  assert.deepEqual(line.points.map(({ value }) => value), [2, NaN, NaN, 1]);
  assert.deepEqual(historyLines(rows, { metric: "kappa", axis: historyAxis(rows) }), []);
});

Deno.test("plotHistory() draws train dashed, val solid, one colour per head", () => {
  const { svg } = plotHistory(historySample(plainNames));
  const lines = [...svg.matchAll(/<g[^>]*aria-label="line"[^>]*>/g)].map(([tag]) => tag);
  assert.equal(lines.length, 2 * 4); // loss and accuracy, two heads, two splits
  assert.equal(lines.filter((tag) => tag.includes('stroke-dasharray="5 3"')).length, 4);
  for (const colour of ["#0072b2", "#d55e00"]) {
    assert.equal(lines.filter((tag) => tag.includes(`stroke="${colour}"`)).length, 4);
  }
});

Deno.test("plotHistory() shows a stage of one epoch as dots", () => {
  const { svg } = plotHistory([row("s", 1, 0.5)]);
  assert.match(svg, /<circle/);
  const long = Array.from({ length: 60 }, (_, i) => row("s", i, i === 30 ? NaN : i));
  assert.ok(!plotHistory(long).svg.includes("<circle"));
  long[29] = row("s", 29, NaN);
  long[31] = row("s", 31, NaN);
  long[30] = row("s", 30, 5);
  assert.equal(plotHistory(long).svg.match(/<circle/g)?.length, 1);
});

Deno.test("plotHistory() names stages where there is room and numbers them otherwise", () => {
  const stages = (names: string[], epochs: number) =>
    names.flatMap((name) => Array.from({ length: epochs }, (_, i) => row(name, i, i)));
  const roomy = plotHistory(stages(["first", "second"], 5));
  assert.ok(roomy.svg.includes(">second<") && !roomy.svg.includes("1 first"));
  const tight = plotHistory(stages(Array.from({ length: 12 }, (_, i) => `a stage name ${i}`), 1));
  assert.ok(tight.svg.includes("12 a stage name 11"));
});

Deno.test("plotHistory() says which values are not finite", () => {
  const figure = plotHistory([row("s", 1, 1), row("s", 2, NaN), row("s", 3, null)]);
  assert.match(figure.text, /loss: 2 values not finite, drawn as gaps/);
  assert.deepEqual(JSON.parse(JSON.stringify(figure.data)).metrics, ["loss"]);
});

Deno.test("plotHistory() draws the metrics asked for, and none without rows", () => {
  const rows = historySample(plainNames);
  assert.ok(!plotHistory(rows, { metrics: ["accuracy"] }).svg.includes(">loss<"));
  assert.match(plotHistory([]).svg, /no rows yet/);
  assert.throws(() => plotHistory(rows, { metric: ["loss"] } as never), /Did you mean "metrics"/);
});
