import assert from "node:assert/strict";
import { confidenceDistributions } from "../../src/metrics/confidence_distributions.ts";
import { headAgreement } from "../../src/metrics/head_agreement.ts";
import { precisionRecallCurves } from "../../src/metrics/precision_recall_curves.ts";
import { rocCurves } from "../../src/metrics/roc_curves.ts";
import { weightDistributions } from "../../src/metrics/weight_distributions.ts";
import { plotClassTrends } from "../../src/plots/plot_class_trends.ts";
import { plotCollapseEvents } from "../../src/plots/plot_collapse_events.ts";
import { plotConfidenceDistributions } from "../../src/plots/plot_confidence_distributions.ts";
import { plotFusionWeights } from "../../src/plots/plot_fusion_weights.ts";
import { plotHeadAgreement } from "../../src/plots/plot_head_agreement.ts";
import { plotPrecisionRecall } from "../../src/plots/plot_precision_recall.ts";
import { plotRoc } from "../../src/plots/plot_roc.ts";
import { plainNames } from "./sample_figures.ts";
import { collapseSample, trendSample } from "./sample_result_figures.ts";

const count = (svg: string, what: RegExp) => svg.match(what)?.length ?? 0;

/** Rows of one class each, and probabilities that favour it. */
function task(classes: number, rows: number) {
  const yTrue = Array.from({ length: rows }, (_, row) => row % classes);
  const probabilities = yTrue.flatMap((label, row) => {
    const scores = Array.from(
      { length: classes },
      (_, c) => 1 + (c * 7 + row * 13) % 5 + (c === label ? 3 : 0),
    );
    const sum = scores.reduce((a, b) => a + b);
    return scores.map((score) => score / sum);
  });
  return { yTrue, probabilities };
}

for (const classes of [2, 20]) {
  Deno.test(`plotRoc() and plotPrecisionRecall() draw ${classes} classes and their mean`, () => {
    const { yTrue, probabilities } = task(classes, 60);
    const roc = plotRoc(rocCurves(yTrue, probabilities, { classes }));
    const pr = plotPrecisionRecall(precisionRecallCurves(yTrue, probabilities, { classes }));
    // A diagonal is there for the ROC alone; guessing has another precision for each class.
    assert.equal(count(roc.svg, /aria-label="line"/g), classes + 2);
    assert.equal(count(pr.svg, /aria-label="line"/g), classes + 1);
    assert.equal(roc.text.split("\n").length, 2 + 2 + classes + 1);
    // After seven colours, dashes tell lines apart.
    const looks = [...roc.svg.matchAll(/<g [^>]*aria-label="line"[^>]*>/g)].map(([look]) => look);
    assert.equal(new Set(looks).size, classes + 2);
  });
}

Deno.test("curves that are undefined are named with the reason, and a NaN draws nothing", () => {
  const curves = rocCurves([0, 0, 1], [NaN, 1, 0, 0, 1, 0, 0, 1, 0], { classes: ["a", "b", "c"] });
  const { svg, text } = plotRoc(curves, { head: "quantum" });
  assert.match(text, /^a: no curve, a probability of class 0 is NaN$/m);
  assert.match(text, /^c: no curve, class 2 has no rows$/m);
  assert.match(text, /^c +0 +n\/a$/m);
  assert.equal(count(svg, /aria-label="line"/g), 3); // diagonal, b, macro
  const none = plotRoc(rocCurves([], [], { classes: 2 }));
  assert.match(none.text, /macro: no curve/);
});

Deno.test("a long curve is a small file", () => {
  const rows = 20_000;
  const yTrue = Array.from({ length: rows }, (_, row) => (row * 7919) % 3 === 0 ? 1 : 0);
  const probabilities = yTrue.flatMap((label, row) => {
    const p = ((row * 104729) % rows) / rows * 0.8 + label * 0.1;
    return [1 - p, p];
  });
  const { svg } = plotRoc(rocCurves(yTrue, probabilities, { classes: 2 }));
  assert.ok(svg.length < 120_000, String(svg.length));
});

Deno.test("plotClassTrends() has a panel a head, a line a class, and rules between stages", () => {
  const { svg, text, data } = plotClassTrends(trendSample(plainNames));
  assert.equal(count(svg, /aria-label="line"/g), 2 * 3);
  assert.equal(count(svg, /aria-label="rule"/g), 2);
  assert.match(text, /4 epochs in 2 stages/);
  assert.match(text, /ensemble +no DR +0\.750 +0\.250 +0\.250 +0\.750/);
  assert.match(text, /ensemble +mild +n\/a +n\/a/);
  assert.match(text, /8 values not defined, drawn as gaps/);
  assert.equal((data as { metric: string }).metric, "recall");
  assert.match(plotClassTrends([], { metric: "f1" }).svg, />no rows yet<.*|F1 by class/);
  const other = plotClassTrends([{ stage: "a", epoch: 1, head: "h", label: "x", f1: 0.5 }], {
    metric: "f1",
  });
  assert.match(other.text, /h +x +0\.500/);
});

Deno.test("plotHeadAgreement() shows each pair twice, and the counts of right heads", () => {
  const heads = { a: [0, 0, 1], b: [0, 1, 1], quantum: null };
  const found = headAgreement({ yTrue: [0, 0, 0], heads, fused: [0, 0, 0], classes: 2 });
  const { svg, text } = plotHeadAgreement(found);
  assert.equal(count(svg, />67 %</g), 2);
  assert.match(text, /none right +1 +33 % +1\n1 of 2 right +1 +33 % +1\nall 2 right +1 +33 % +1/);
  assert.match(text, /right where no other head is: a 1, b 0/);
  assert.match(text, /switched off: quantum/);
  const one = plotHeadAgreement(headAgreement({ yTrue: [0], heads: { a: [0] }, classes: 2 }));
  assert.match(one.text, /all 1 right +1 +100 % +n\/a/);
  const none = plotHeadAgreement(headAgreement({ yTrue: [], heads: {}, classes: 2 }));
  assert.match(none.svg, /no answers to compare/);
  // One class everywhere: kappa is 0/0.
  const same = headAgreement({ yTrue: [0], heads: { a: [0], b: [0] }, classes: 2 });
  assert.match(plotHeadAgreement(same).text, /kappa of a and b: n\/a, labels and predictions/);
});

Deno.test("plotFusionWeights() draws a box for each head in each class with images", () => {
  const yTrue = [0, 0, 2], weights = [0.5, 0.5, 0.25, 0.75, NaN, 1];
  const found = weightDistributions({ yTrue, weights, heads: ["a", "b"], classes: 3 });
  const { svg, text } = plotFusionWeights(found, { fusion: "dynamic" });
  assert.equal(count(svg, /<circle/g), 2 + 2 + 1);
  assert.match(text, /a +2 +0 +n\/a|a +all +2 +0\.375/);
  assert.match(text, /1 weight not finite, left out/);
  assert.throws(
    () => weightDistributions({ yTrue, weights: [1], heads: ["a"], classes: 3 }),
    /1 weights, wanted 3 rows × 1 heads/,
  );
});

Deno.test("plotConfidenceDistributions() has right upwards and wrong downwards, and n below", () => {
  const { yTrue, probabilities } = task(20, 200);
  const found = confidenceDistributions(yTrue, [
    ...probabilities.slice(0, -20),
    ...Array(20).fill(NaN),
  ], {
    classes: 20,
  });
  const { text, width } = plotConfidenceDistributions(found);
  assert.match(text, /199 images · each class has its own scale/);
  assert.match(text, /1 image left out: a probability is NaN/);
  assert.ok(width < 1000);
  const absent = confidenceDistributions([0], [1, 0], { classes: ["here", "absent"] });
  assert.match(plotConfidenceDistributions(absent).svg, /no images/);
  assert.throws(() => confidenceDistributions([0], [1, 0], { classes: 2, bins: 0 }), /bins is 0/);
});

Deno.test("plotCollapseEvents() marks events over their epochs and says them below", () => {
  const { svg, text } = plotCollapseEvents(collapseSample(plainNames));
  assert.ok(svg.includes(">1▼<") && svg.includes(">2▲<"));
  assert.match(text, /1 ▼ epoch 1 of joint: collapse onto severe, predicted in 95 %, true in 50 %/);
  assert.match(text, /2 ▲ epoch 3 of joint: severe recovered/);
  assert.match(text, /joint +2 +n\/a +n\/a +n\/a/);
  const quiet = plotCollapseEvents({ ...collapseSample(plainNames), events: [], trueShares: null });
  assert.match(quiet.text, /no collapse seen/);
  const none = plotCollapseEvents({ classes: [], epochs: [], trueShares: null, events: [] });
  assert.match(none.svg, /no epochs yet/);
  const long = Array.from(
    { length: 300 },
    (_, i) => ({ stage: "a", epoch: i + 1, shares: [0.5, 0.5] }),
  );
  const many = plotCollapseEvents({
    classes: ["x", "y"],
    epochs: long,
    trueShares: null,
    events: [],
  });
  assert.ok(many.width < 1100, String(many.width));
});

Deno.test("the new plots refuse unknown options and name the nearest", () => {
  const refused = { titel: "x" } as never, message = /Did you mean "title"/;
  const { yTrue, probabilities } = task(2, 4), classes = 2;
  const of = { classes };
  assert.throws(() => plotRoc(rocCurves(yTrue, probabilities, of), refused), message);
  assert.throws(
    () => plotPrecisionRecall(precisionRecallCurves(yTrue, probabilities, of), refused),
    message,
  );
  assert.throws(() => plotClassTrends([], refused), message);
  assert.throws(() => plotCollapseEvents(collapseSample(plainNames), refused), message);
  assert.throws(
    () => plotHeadAgreement(headAgreement({ yTrue, heads: {}, classes }), refused),
    message,
  );
  const weights = weightDistributions({ yTrue, weights: [], heads: [], classes });
  assert.throws(() => plotFusionWeights(weights, refused), message);
  const found = confidenceDistributions(yTrue, probabilities, of);
  assert.throws(() => plotConfidenceDistributions(found, refused), message);
});
