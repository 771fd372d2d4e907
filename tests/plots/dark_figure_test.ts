import assert from "node:assert/strict";
import { jupyterDisplay } from "../../src/_internal/figure.ts";
import { darkColour, darkFigure, darkSvg } from "../../src/plots/dark_figure.ts";
import { luminance, PALETTE, shareColour, textColourOn } from "../../src/plots/theme.ts";
import { COLOURS } from "../../src/plots/theme.ts";
import { plainNames, sampleFigures } from "./sample_figures.ts";

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
const page = darkColour(COLOURS.background);

Deno.test("text in the cells of every share can be read on a dark page", () => {
  for (let share = 0; share <= 1; share += 0.01) {
    const fill = shareColour(share);
    const cell = `<rect fill="${fill}"/><text fill="${textColourOn(fill)}">1</text>`;
    const [below, text] = Array.from(darkSvg(cell).matchAll(/#[0-9a-f]{6}/g), ([colour]) => colour);
    assert.ok(contrast(below, text) >= 4.5, `share ${share}: ${text} on ${below}`);
  }
});

Deno.test("text has a contrast of 4.5 to a dark page, lines and areas of 3", () => {
  for (const ink of [COLOURS.ink, COLOURS.muted, COLOURS.right, COLOURS.wrong]) {
    assert.ok(contrast(darkColour(ink), page) >= 4.5, ink);
  }
  for (const colour of [...PALETTE, COLOURS.rule]) {
    assert.ok(contrast(darkColour(colour), page) >= 3, colour);
  }
  const muted = contrast(darkColour(COLOURS.muted), darkColour(COLOURS.empty));
  assert.ok(muted >= 4.5, String(muted));
});

Deno.test("shares rise from the page to light, and no two colours of the palette become one", () => {
  const steps = [0, 0.25, 0.5, 0.75, 1].map((share) => luminance(darkColour(shareColour(share))));
  assert.deepEqual(steps, [...steps].sort((a, b) => a - b));
  assert.equal(new Set(PALETTE.map(darkColour)).size, PALETTE.length);
});

for (const [name, figure] of Object.entries(sampleFigures(plainNames))) {
  Deno.test(`${name} has a dark form with the same words and places`, async () => {
    const dark = darkFigure(figure);
    const bare = (svg: string) => svg.replace(/ (fill|stroke)="#[0-9a-f]{6}"/g, "");
    assert.equal(bare(dark.svg), bare(figure.svg));
    const { width, height } = figure;
    assert.ok(dark.svg.includes(`<rect width="${width}" height="${height}" fill="${page}"/>`));
    assert.ok(!/<rect [^>]*fill="#ffffff"/.test(dark.svg));
    assert.deepEqual([dark.text, dark.data, dark.name], [figure.text, figure.data, figure.name]);
    const bundle = await dark[jupyterDisplay]();
    assert.equal(bundle["image/svg+xml"], dark.svg);
    assert.notDeepEqual(await dark.png(), await figure.png());
  });
}

Deno.test("darkSvg() leaves words and pixels alone", () => {
  const svg =
    `<text fill="#1f2328">fill=&#34;#ffffff&#34; #ffffff</text><image href="data:#ffffff"/>`;
  assert.equal(
    darkSvg(svg),
    `<text fill="#e6edf3">fill=&#34;#ffffff&#34; #ffffff</text><image href="data:#ffffff"/>`,
  );
});
