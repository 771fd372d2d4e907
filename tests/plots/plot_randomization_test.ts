import assert from "node:assert/strict";
import { plotRandomization } from "../../src/plots/plot_randomization.ts";

const steps = [
  { layer: "head", spearman: 0.9, ssim: 0.8 },
  { layer: "conv_2", spearman: null, ssim: 0.5 },
  { layer: "conv_1", spearman: -0.25, ssim: NaN },
];
/** Places of the dots of SSIM, and of Spearman, which is drawn over it. */
const dots = (svg: string) =>
  [...svg.matchAll(/aria-label="dot"[^>]*>(.*?)<\/g>/g)].map((match) =>
    [...match[1].matchAll(/<circle [^>]*>/g)].map(([circle]) =>
      ["cx", "cy"].map((name) => Number(new RegExp(`${name}="([\\d.]+)"`).exec(circle)?.[1]))
    )
  );

Deno.test("plotRandomization() draws a dot for each value, from the head on the left", () => {
  const [ssim, spearman] = dots(plotRandomization(steps).svg);
  assert.equal(ssim.length, 2);
  assert.equal(spearman.length, 2);
  assert.ok(spearman[0][0] < spearman[1][0]);
  assert.ok(spearman[0][1] < ssim[0][1] && ssim[1][1] < spearman[1][1]); // y grows downwards
});

Deno.test("plotRandomization() has a table, names gaps, and keeps all in its data", () => {
  const { text, data } = plotRandomization(steps, { method: "gradcam++", head: "quantum" });
  assert.match(text, /^method Grad-CAM\+\+ · head quantum · 3 layers$/m);
  assert.match(text, /head +0\.90 +0\.80\nconv_2 +– +0\.50\nconv_1 +-0\.25 +–\n/);
  assert.match(text, /a gap at conv_2, conv_1: no value/);
  assert.deepEqual((data as { steps: unknown }).steps, steps);
});

Deno.test("plotRandomization() draws the threshold where it is asked for, and only then", () => {
  const rules = (svg: string) => svg.match(/aria-label="rule"/g)?.length;
  const plain = plotRandomization(steps), marked = plotRandomization(steps, { threshold: 0.5 });
  assert.equal(rules(marked.svg), (rules(plain.svg) ?? 0) + 1);
  assert.ok(marked.svg.includes(">threshold 0.5<") && !plain.svg.includes("threshold"));
  for (const threshold of [2, NaN]) {
    assert.throws(() => plotRandomization(steps, { threshold }), /wanted -1 to 1/);
  }
  assert.throws(
    () => plotRandomization(steps, { treshold: 0 } as never),
    /Did you mean "threshold"/,
  );
});

Deno.test("plotRandomization() takes one layer, many with long names, and none", () => {
  assert.equal(dots(plotRandomization([steps[0]]).svg).flat().length, 2);
  const many = Array.from({ length: 30 }, (_, i) => ({
    layer: `encoder/block_${i}/separable_convolution_${i}`,
    spearman: 1 / (i + 1),
    ssim: 1 / (i + 1),
  }));
  const { svg, width } = plotRandomization(many);
  assert.ok(width < 1000 && /_29</.test(svg), String(width));
  assert.match(plotRandomization([]).svg, />no layer was made random</);
});
