import assert from "node:assert/strict";
import { decodeImage, ImageError, renderPng } from "../../src/images/mod.ts";

const NS = 'xmlns="http://www.w3.org/2000/svg"';
const open = `<svg ${NS} width="60" height="20"><rect width="60" height="20" fill="#fff"/>`;

/** Number of pixels darker than mid-grey. */
async function ink(svg: string): Promise<number> {
  const { data } = await decodeImage(await renderPng(svg));
  return data.filter((value, i) => i % 3 === 0 && value < 128).length;
}

Deno.test("renderPng() draws text with the shipped fonts, whatever family is asked for", async () => {
  for (const family of ["DejaVu Sans", "sans-serif", "system-ui", "monospace", "No Such Font"]) {
    const text = `<text x="2" y="15" font-size="14" font-family="${family}">QSight</text>`;
    assert.ok(await ink(`${open}${text}</svg>`) > 60, family);
  }
  const bold = (weight: string) =>
    ink(`${open}<text x="2" y="15" font-size="14" font-weight="${weight}">mmmm</text></svg>`);
  assert.ok(await bold("bold") > 1.2 * await bold("normal"));
});

Deno.test("renderPng() scale multiplies both sides", async () => {
  const { width, height } = await decodeImage(await renderPng(`${open}</svg>`, { scale: 2.5 }));
  assert.deepEqual([width, height], [150, 50]);
});

Deno.test("renderPng() gives the same bytes again", async () => {
  const svg = `${open}<text y="12">κ = 0.71</text></svg>`;
  assert.deepEqual(await renderPng(svg), await renderPng(svg));
});

for (
  const [what, svg, words] of [
    ["a document without xmlns", '<svg width="4" height="4"></svg>', /no xmlns.*outerHTML/],
    ["text that is no SVG", "hello", /no <svg> element in "hello"/],
    ["broken markup", `<svg ${NS} width="4" height="4"><rect</svg>`, /could not be drawn/],
    ["a gigantic document", `<svg ${NS} width="99999" height="4"/>`, /at most 16384/],
  ] as const
) {
  Deno.test(`renderPng() refuses ${what}`, async () => {
    await assert.rejects(renderPng(svg), (error: Error) => {
      assert.ok(error instanceof ImageError);
      assert.match(error.message, words);
      return true;
    });
  });
}

Deno.test("renderPng() refuses a bad scale and something that is no text", async () => {
  await assert.rejects(renderPng(`${open}</svg>`, { scale: 0 }), RangeError);
  await assert.rejects(renderPng(`${open}</svg>`, { scale: NaN }), RangeError);
  await assert.rejects(renderPng(undefined as never), TypeError);
});
