import assert from "node:assert/strict";
import { beatsRandom, metricColumns, metricText } from "../../src/plots/check_metrics.ts";
import { plotExplanationCheck } from "../../src/plots/plot_explanation_check.ts";
import { sampleChecks } from "./sample_figures.ts";

Deno.test("metricColumns() joins the metrics of all checks and leaves gaps null", () => {
  const columns = metricColumns("x", sampleChecks());
  assert.deepEqual(columns.map(({ name }) => name), ["deletion", "insertion", "hirescam"]);
  assert.deepEqual(columns[1].values, [0.8, null]);
  assert.deepEqual(columns[2].values, [null, 3]);
  const broken = sampleChecks().map((check) => ({
    ...check,
    metrics: [{ name: "deletion", value: NaN, random: Infinity, better: "lower" as const }],
  }));
  assert.deepEqual(metricColumns("x", broken)[0].values, [null, null]);
});

Deno.test("metricColumns() refuses opposite or unknown directions, and unknown verdicts", () => {
  const [first, second] = sampleChecks();
  const flipped = { ...second, metrics: [{ ...first.metrics[0], better: "higher" as const }] };
  assert.throws(
    () => metricColumns("x", [first, flipped]),
    /"hirescam" is better "higher", wanted "lower"/,
  );
  const odd = { ...first, metrics: [{ ...first.metrics[0], better: "lower is better" as never }] };
  assert.throws(() => metricColumns("x", [odd]), /wanted "higher" or "lower"/);
  assert.throws(() => metricColumns("x", [{ ...first, verdict: "ok" as never }]), /verdict "ok"/);
});

Deno.test("beatsRandom() follows the direction, and a tie is no win", () => {
  const column = { name: "m", values: [1, 1, 2, null, 2], randoms: [2, 1, 1, 1, null] };
  const all = (better: "higher" | "lower") =>
    column.values.map((_, i) => beatsRandom({ ...column, better }, i));
  assert.deepEqual(all("higher"), [false, false, true, null, null]);
  assert.deepEqual(all("lower"), [true, false, false, null, null]);
});

Deno.test("metricText() has two to three digits and a dash for none", () => {
  assert.deepEqual([0.126, -0.5, 12.34, 123.4, null].map(metricText), [
    "0.13",
    "-0.50",
    "12.3",
    "123",
    "–",
  ]);
});

Deno.test("plotExplanationCheck() draws full, hollow and grey dots, and a tick for random maps", () => {
  const { svg } = plotExplanationCheck(sampleChecks());
  const panels = svg.split(/>(?:deletion|insertion|hirescam)<\/text>/).slice(1);
  const dots = (panel: string) =>
    [...panel.matchAll(/<g ([^>]*)aria-label="dot">(.*?)<\/g>/g)].flatMap(([, look, inside]) =>
      (inside.match(/<circle/g) ?? []).map(() => /fill="(#\w+)"/.exec(look)?.[1])
    );
  assert.deepEqual(panels.map(dots), [["#0072b2", "#ffffff"], ["#0072b2"], ["#e4e7eb"]]);
  const ticks = (panel: string) => /aria-label="tick">(.*?)<\/g>/.exec(panel)?.[1].match(/<line/g);
  assert.deepEqual(panels.map((panel) => ticks(panel)?.length ?? 0), [2, 1, 0]);
});

Deno.test("plotExplanationCheck() says directions, verdicts and reasons in words", () => {
  const { svg, text, data } = plotExplanationCheck(sampleChecks());
  for (
    const word of [
      "← lower is better",
      "higher is better →",
      "trustworthy, 9 of 10 maps",
      "doubtful, 10 of 10 maps",
      "Grad-CAM: trustworthy",
      "better than random maps on 9 of 10 images",
      "✓",
      "✗",
      "–",
    ]
  ) assert.ok(svg.includes(`>${word}<`), word);
  assert.ok(!svg.includes(">HiResCAM: doubtful<")); // no reasons, so its name is enough
  assert.match(text, /verdict +trustworthy +doubtful/);
  assert.match(text, /deletion +lower +0\.21 \(0\.50\) +0\.55 \(0\.50\)/);
  assert.match(text, /insertion +higher +0\.80 \(0\.50\) +– \(–\)/);
  assert.match(text, /✓ Grad-CAM: trustworthy\n {2}- better than random maps on 9/);
  assert.deepEqual((data as { checks: unknown }).checks, sampleChecks());
});

Deno.test("plotExplanationCheck() takes one method, the same method twice, and none", () => {
  const [check] = sampleChecks();
  assert.match(plotExplanationCheck([check]).text, /1 method, 2 metrics/);
  const twice = plotExplanationCheck([check, check]).svg;
  assert.equal(twice.match(/>trustworthy, 9 of 10 maps</g)?.length, 2);
  assert.match(plotExplanationCheck([]).svg, />no method was checked</);
  assert.match(plotExplanationCheck([{ ...check, metrics: [] }]).svg, />no metric was measured</);
});

Deno.test("plotExplanationCheck() begins a new line of panels after its columns", () => {
  const wide = plotExplanationCheck(sampleChecks(), { columns: 3 });
  const tall = plotExplanationCheck(sampleChecks(), { columns: 1 });
  assert.ok(tall.height > wide.height + 150 && tall.width < wide.width);
  assert.throws(() => plotExplanationCheck([], { columns: 0 }), /found columns 0/);
  assert.throws(() => plotExplanationCheck([], { column: 1 } as never), /Did you mean "columns"/);
});
