// The small parts that figures are made of.
import assert from "node:assert/strict";
import { shrinkImage } from "../../src/plots/image_element.ts";
import { expectedCalibrationError } from "../../src/metrics/calibration.ts";
import { printable } from "../../src/_internal/printable.ts";
import { fitMiddle, fitText, textWidth, wrapText } from "../../src/plots/fit_text.ts";
import { plotImages } from "../../src/plots/plot_images.ts";
import { plotReliability } from "../../src/plots/plot_reliability.ts";
import { element, textElement } from "../../src/plots/svg_element.ts";
import { textTable } from "../../src/plots/text_table.ts";

Deno.test("textWidth() grows with the text, its size and weight", () => {
  assert.equal(textWidth("00", 10), 12.8);
  assert.ok(textWidth("W", 10) > 3 * textWidth("i", 10));
  assert.ok(textWidth("W", 10, true) > textWidth("W", 10));
});

Deno.test("fitText() cuts to the width and leaves what fits", () => {
  assert.equal(fitText("mild", 100, 10), "mild");
  const cut = fitText("proliferative diabetic retinopathy", 80, 10);
  assert.ok(cut.endsWith("…") && textWidth(cut, 10) <= 80, cut);
  assert.equal(fitText("x", 0, 10), "x…");
});

Deno.test("wrapText() keeps every word until lines run out", () => {
  const text = "The gradient does not reach layer conv5";
  const lines = wrapText(text, { width: 90, size: 10 });
  assert.equal(lines.join(" "), text);
  assert.ok(lines.every((line) => textWidth(line, 10) <= 90));
  const two = wrapText(text, { width: 90, size: 10, lines: 2 });
  assert.ok(two.length === 2 && two[1].endsWith("…"));
  assert.deepEqual(wrapText("", { width: 90, size: 10 }), []);
});

Deno.test("printable() drops what XML cannot hold and keeps other scripts", () => {
  assert.equal(printable("a\u0000b\nc\u007f"), "a b c ");
  assert.equal(printable("\ud800x\udc00"), "\ufffdx\ufffd");
  assert.equal(printable("网膜 ж é 😀"), "网膜 ж é 😀");
});

Deno.test("element() escapes attributes, textElement() escapes text", () => {
  assert.equal(
    element("g", { a: `"<'&`, b: undefined, c: 1.005, d: -0 }),
    '<g a="&#34;&#60;&#39;&#38;" c="1" d="0"/>',
  );
  assert.match(textElement("<b>&", [0, 0]), />&#60;b&#62;&#38;</);
});

Deno.test("textTable() aligns numbers to the right and words to the left", () => {
  const table = textTable(["class", "n"], [["mild", "7"], ["severe", "123"]]);
  assert.equal(table, "class     n\n------  ---\nmild      7\nsevere  123");
});

Deno.test("fitMiddle() keeps both ends, where ids differ", () => {
  assert.equal(fitMiddle("left", 100, 10), "left");
  const [a, b] = ["1", "2"].map((n) => fitMiddle(`patient_0007_left_macula_${n}.png`, 120, 10));
  assert.ok(a !== b && a.startsWith("patient") && a.endsWith("1.png") && a.includes("…"), a);
  assert.ok(textWidth(a, 10) <= 120);
  assert.equal(fitMiddle("xyz", 0, 10), "x…");
});

Deno.test("shrinkImage() averages areas and leaves small images alone", () => {
  const data = Uint8Array.from([
    0,
    0,
    0,
    100,
    100,
    100,
    200,
    0,
    0,
    0,
    0,
    0,
    50,
    50,
    50,
    50,
    50,
    50,
  ]);
  const wide = { width: 6, height: 1, data };
  const small = shrinkImage(wide, 3);
  assert.deepEqual([small.width, small.height], [3, 1]);
  assert.deepEqual([...small.data], [50, 50, 50, 100, 0, 0, 50, 50, 50]);
  assert.equal(shrinkImage(wide, 6), wide);
  // 6 pixels in 4: each covers one and a half.
  assert.deepEqual([...shrinkImage(wide, 4).data.subarray(0, 6)], [33, 33, 33, 167, 33, 33]);
  assert.deepEqual([...shrinkImage(wide, 1).data], [67, 33, 33]);
});

Deno.test("shrinkImage() keeps the mean and the proportions of a large image", () => {
  const data = Uint8Array.from({ length: 300 * 200 * 3 }, (_, i) => (i * 7919) % 256);
  const mean = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + byte) / bytes.length;
  const small = shrinkImage({ width: 300, height: 200, data }, 97);
  assert.deepEqual([small.width, small.height], [97, 65]);
  assert.ok(Math.abs(mean(small.data) - mean(data)) < 0.5);
});

Deno.test("plotImages() takes images of any size, one title each, or none at all", () => {
  const grey = (width: number, height: number) => ({
    width,
    height,
    data: new Uint8Array(width * height * 3).fill(99),
  });
  const figure = plotImages([grey(3, 2), grey(900, 600)], { columns: 1 });
  assert.equal(figure.svg.match(/<image /g)?.length, 2);
  assert.ok(figure.svg.length < 20_000);
  assert.match(plotImages([]).svg, /no images/);
  assert.throws(() => plotImages([grey(1, 1)], { titles: [] }), /0 titles for 1 images/);
  assert.throws(() => plotImages([], { columns: 0 }), /columns is 0/);
  assert.throws(() => plotImages([], { column: 2 } as never), /"columns"/);
});

Deno.test("plotReliability() draws a bar for each bin with images and writes every count", () => {
  const { bins } = expectedCalibrationError([0, 1, 1], [0.9, 0.1, 0.4, 0.6, 0.3, 0.7], {
    classes: 2,
    bins: 4,
  });
  const { svg, text } = plotReliability(bins);
  const bars = /aria-label="rect"[^>]*>(.*?)<\/g>/.exec(svg)?.[1] ?? "";
  assert.equal(bars.match(/<rect/g)?.length, 2);
  assert.match(text, /expected calibration error 0\.27/);
  assert.match(text, /0\.50-0\.75 +2 +0\.650 +1\.000/);
  const empty = plotReliability(expectedCalibrationError([], [], { classes: 2 }).bins);
  assert.ok(empty.text.startsWith("Reliability\n0 images\n") && !empty.svg.includes("NaN"));
  assert.throws(() => plotReliability(bins, { heads: "a" } as never), /"head"/);
});

Deno.test("a title wider than its figure is shown whole, in up to three lines", () => {
  const shown = (title: string) => {
    const { svg } = plotReliability([], { title });
    const lines = [...svg.matchAll(/<text [^>]*font-size="15"[^>]*>([^<]*)</g)];
    return lines.map(([, line]) => line);
  };
  const title = "Reliability, stage quantum, epoch 7, synthetic images of the validation split";
  assert.ok(shown(title).length > 1);
  assert.equal(shown(title).join(" "), title);
  const endless = shown("word ".repeat(200));
  assert.ok(endless.length === 3 && endless[2].endsWith("…"), endless.join("|"));
});
