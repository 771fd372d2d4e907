import assert from "node:assert/strict";
import {
  type PredictionSummary,
  summarizePredictions,
} from "../../src/metrics/summarize_predictions.ts";
import { summaryTable } from "../../src/metrics/summary_table.ts";

const right = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7);
const wrong = Float32Array.of(0.6, 0.4, 0.7, 0.3, 0.2, 0.8, 0.9, 0.1);
const yTrue = [0, 1, 0, 1], options = { classes: 2, seed: 1 };

/** A summary whose figures are chosen, so that the text is known. */
function withFigures(value: number, low: number, high: number): PredictionSummary {
  const interval = { low, high, level: 0.9, samples: 10, definedSamples: 10 };
  const metric = { value, reason: null, interval };
  return {
    ...summarizePredictions(yTrue, right, options),
    accuracy: metric,
    balancedAccuracy: metric,
    quadraticWeightedKappa: metric,
    macroAuc: metric,
  };
}

Deno.test("summaryTable() is this text, in the order given", () => {
  const table = summaryTable({
    quantum: withFigures(-0.0001, -0.104, 0.25),
    ensemble: withFigures(0.5754, 0.486, 1),
  });
  assert.equal(
    table,
    `\
head      accuracy            balanced accuracy   quadratic kappa     macro AUC
--------  ------------------  ------------------  ------------------  ------------------
quantum   0.000 (-0.10…0.25)  0.000 (-0.10…0.25)  0.000 (-0.10…0.25)  0.000 (-0.10…0.25)
ensemble  0.575 (0.49…1.00)   0.575 (0.49…1.00)   0.575 (0.49…1.00)   0.575 (0.49…1.00)
4 rows; in brackets: 90 % bootstrap intervals`,
  );
});

Deno.test("summaryTable() of real summaries tells good heads from bad ones", () => {
  const [, , good, bad] = summaryTable({
    good: summarizePredictions(yTrue, right, options),
    bad: summarizePredictions(yTrue, wrong, options),
  }).split("\n");
  assert.match(good, /^good +1\.000 \(1\.00…1\.00\)/);
  assert.match(bad, /^bad +0\.250 /);
});

Deno.test("summaryTable() says why a figure is missing", () => {
  const broken = right.slice();
  broken[0] = NaN;
  const text = summaryTable({ broken: summarizePredictions(yTrue, broken, options) });
  assert.match(text, /^broken +n\/a +n\/a +n\/a +n\/a$/m);
  assert.match(text, /^broken, macro AUC: n\/a, 1 of 4 rows hold NaN/m);
  assert.match(text, /\n4 rows$/);
});

Deno.test("summaryTable() keeps control characters from the terminal and bears no heads", () => {
  const text = summaryTable({ "a\u001b[2J\n": summarizePredictions(yTrue, right, options) });
  assert.match(text, /^a \[2J {2}/m);
  assert.equal(summaryTable({}).split("\n").length, 2);
});
