// What holds for every figure, whatever it shows.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { jupyterDisplay } from "../../src/_internal/figure.ts";
import { plainNames, sampleFigures, type SampleNames } from "./sample_figures.ts";

const hostile: SampleNames = {
  classes: [
    "<script>alert(1)</script>",
    `"><image href="http://x/" onload='x'/>`,
    "a\u0000\u001b&\ud800",
  ],
  head: "<b>&amp;]]>",
  title: "</svg><script>alert(2)</script>",
};
const figures = { plain: sampleFigures(plainNames), hostile: sampleFigures(hostile) };

for (const [name, figure] of Object.entries(figures.plain)) {
  Deno.test(`${name} is a whole SVG with explicit colours, background and font`, () => {
    const { svg, width, height } = figure;
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
    assert.ok(svg.includes(`<rect width="${width}" height="${height}" fill="#ffffff"/>`));
    assert.match(svg, /font-family="DejaVu Sans/);
    assert.ok(!/currentColor|<style|="[^"]*(NaN|undefined|Infinity)/.test(svg));
    assert.equal(svg.match(/<svg/g)?.length, 1);
  });

  Deno.test(`${name} renders as PNG, twice as large with scale 2`, async () => {
    for (const scale of [1, 2]) {
      const png = Buffer.from(await figure.png({ scale }));
      assert.equal(png.toString("latin1", 1, 4), "PNG");
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [
        figure.width * scale,
        figure.height * scale,
      ]);
    }
  });

  Deno.test(`${name} refuses an option that png() does not know`, async () => {
    await assert.rejects(
      async () => await figure.png({ scale: 1, scael: 2 } as never),
      { name: "TypeError", message: /figure\.png\(\): unknown option "scael"/ },
    );
  });

  Deno.test(`${name} shows itself as png, svg and text, the png first`, async () => {
    const bundle = await figure[jupyterDisplay]();
    assert.deepEqual(Object.keys(bundle), ["image/png", "image/svg+xml", "text/plain"]);
    const png = Buffer.from(String(bundle["image/png"]), "base64");
    assert.deepEqual(Uint8Array.from(png), await figure.png());
    assert.equal(bundle["image/svg+xml"], figure.svg);
    assert.ok(figure.text.split("\n").length > 1 && !/\b(NaN|undefined)\s*$/m.test(figure.text));
  });

  Deno.test(`${name} is the same bytes when drawn again`, () => {
    assert.equal(sampleFigures(plainNames)[name].svg, figure.svg);
  });
}

for (const [name, figure] of Object.entries(figures.hostile)) {
  Deno.test(`${name} shows untrusted names as text and nothing else`, async () => {
    const tags = figure.svg.match(/<[^>]*>/g) ?? [];
    assert.deepEqual(tags.filter((tag) => /script|<b>|onload|http:\/\/x/.test(tag)), []);
    assert.deepEqual(tags.filter((tag) => /href="(?!data:image\/png;base64,)/.test(tag)), []);
    assert.equal(figure.svg.match(/<\/svg>/g)?.length, 1);
    // deno-lint-ignore no-control-regex
    assert.ok(!/[\u0000-\u0008\u000b-\u001f]/.test(figure.svg + figure.text));
    assert.ok((await figure.png()).length > 1000); // a strict XML parser has read it
  });
}

Deno.test("figures differ between plain and hostile names only in text, not in elements", () => {
  const elements = (svg: string) => [...new Set(svg.match(/<[a-z]+/g))].sort();
  for (const [name, figure] of Object.entries(figures.hostile)) {
    assert.deepEqual(elements(figure.svg), elements(figures.plain[name].svg));
  }
});
