import assert from "node:assert/strict";
import { encode } from "fast-png";
import sharp from "sharp";
import { decodeImage, encodePng, renderPng } from "../../../src/images/mod.ts";
import { compareImages } from "../../../src/runner/compare/compare_images.ts";
import { imageChange } from "../../../src/runner/compare/image_change.ts";
import { WindowSums } from "../../../src/runner/compare/image_patch.ts";
import { imageSize, imageType } from "../../../src/runner/compare/image_size.ts";

/** What of a figure is drawn another way, or is something else. */
interface FigureChange {
  /** By how much every text is moved, in pixels. */
  readonly move?: readonly [number, number];
  /** Added to every font size. */
  readonly larger?: number;
  readonly title?: string;
  readonly label?: string;
  readonly bars?: readonly number[];
  readonly numbers?: readonly number[];
  readonly curve?: boolean;
  readonly stroke?: number;
  readonly key?: number;
  readonly dots?: number;
  readonly colour?: string;
  readonly width?: number;
}

/** A figure as plotting libraries draw them: axes, ticks, bars, a curve, dots, texts. */
function figure(change: FigureChange = {}): Promise<Uint8Array> {
  const { move: [dx, dy] = [0, 0], larger = 0, title = "Accuracy of classes" } = change;
  const {
    label = "share right",
    bars = [61, 72, 55, 90, 48],
    numbers = bars,
    curve = true,
    dots = 12,
  } = change;
  const { colour = "#0072b2", width = 480, stroke = 1, key = 2 } = change;
  const text = (x: number, y: number, size: number, words: string) =>
    `<text x="${x + dx}" y="${y + dy}" font-size="${size + larger}" fill="#1f2328">${words}</text>`;
  const parts = [
    `<rect width="${width}" height="320" fill="#fff"/>`,
    '<path d="M60 40V280H460" fill="none" stroke="#1f2328"/>',
    ...bars.map((bar, i) =>
      `<rect x="${80 + i * 70}" y="${280 - 2.4 * bar}" width="50" height="${
        2.4 * bar
      }" fill="${colour}"/>` +
      text(92 + i * 70, 296, 11, `${numbers[i]} %`)
    ),
    ...[0, 25, 50, 75, 100].map((tick) => text(30, 284 - 2.4 * tick, 11, `${tick}`)),
    ...Array.from(
      { length: dots },
      (_, i) => `<circle cx="${90 + i * 30}" cy="${60 + (i * 37) % 50}" r="3" fill="#d55e00"/>`,
    ),
    curve
      ? `<path d="M80 250C160 120 300 230 440 70" fill="none" stroke="#009e73" stroke-width="${stroke}"/>`
      : "",
    `<path d="M400 20H422" stroke="#009e73" stroke-width="${key}"/>`,
    text(60, 24, 15, title),
    text(8, 34, 11, label),
  ];
  return renderPng(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="320">${parts.join("")}</svg>`,
  );
}

for (
  const [what, change] of [
    ["texts a third of a pixel to the right", { move: [0.3, 0] }],
    ["texts half a pixel down", { move: [0, 0.5] }],
    ["texts moved both ways", { move: [0.5, 0.7] }],
    ["texts a whole pixel to the right", { move: [1, 0] }],
    ["texts set in 0.05 pixels more", { larger: 0.05 }],
  ] as const
) {
  Deno.test(`compareImages() is equal for ${what}`, async () => {
    const [stored, fresh] = [await figure(), await figure(change)];
    const { equal, message, image } = await compareImages(stored, fresh);
    assert.ok(equal, `${message}, ${image.share}`);
    assert.equal(message, "no visible difference");
    assert.equal(image.marked, undefined);
  });
}

for (
  const [what, change] of [
    ["another word in the title", { title: "Precision of classes" }],
    ["one word less in the title", { title: "Accuracy" }],
    ["another label of an axis", { label: "share lost" }],
    ["another number below a bar", { numbers: [61, 72, 55, 14, 48] }],
    ["a curve of two pixels instead of one", { stroke: 2 }],
    ["a key of three pixels instead of two", { key: 3 }],
    ["a bar of 88 instead of 90", { bars: [61, 72, 55, 88, 48] }],
    ["a bar less", { bars: [61, 72, 55, 90] }],
    ["a missing curve of one pixel", { curve: false }],
    ["a missing dot of six pixels", { dots: 11 }],
    ["another colour of the bars", { colour: "#0a7fc4" }],
  ] as const
) {
  Deno.test(`compareImages() sees ${what}`, async () => {
    const [stored, fresh] = [await figure(), await figure(change)];
    for (const [a, b] of [[stored, fresh], [fresh, stored]]) {
      const { equal, message, image } = await compareImages(a, b);
      assert.equal(equal, false);
      assert.match(message, /^[\d.]+ % of the pixels differ visibly, none may$/);
      assert.ok(image.share > 0 && image.share < 0.3, `${image.share}`);
      assert.deepEqual([image.stored, image.fresh], [a, b]);
    }
  });
}

Deno.test("compareImages() marks what differs, and only that", async () => {
  const { image } = await compareImages(
    await figure(),
    await figure({ bars: [61, 72, 55, 60, 48] }),
  );
  const { width, height, data } = await decodeImage(image.marked!);
  assert.deepEqual([width, height], [480, 320]);
  const red = (x: number, y: number) => data[(y * width + x) * 3] - data[(y * width + x) * 3 + 1];
  assert.ok(red(315, 100) > 150, "between 60 % and 90 % of the fourth bar");
  assert.equal(red(315, 200), 0, "the part that both have");
  assert.equal(red(105, 200), 0, "the first bar");
});

Deno.test("compareImages() allows the tolerated share, and no more", async () => {
  const [stored, fresh] = [await figure(), await figure({ bars: [61, 72, 55, 60, 48] })];
  const { image: { share } } = await compareImages(stored, fresh);
  assert.ok(share > 0.02 && share < 0.03, `${share}`); // 50 x 72 of 480 x 320 pixels
  const within = await compareImages(stored, fresh, { tolerance: share });
  assert.equal(within.equal, true);
  assert.match(within.message, /^2\.\d % of the pixels differ visibly, 2\.\d % may$/);
  const beyond = await compareImages(stored, fresh, { tolerance: share * 0.9 });
  assert.equal(beyond.equal, false);
  assert.match(beyond.message, /differ visibly, 2\.\d % may$/);
});

Deno.test("compareImages() does not care how the same pixels are compressed", async () => {
  const stored = await figure();
  const fresh = new Uint8Array(await sharp(stored).png({ compressionLevel: 1 }).toBuffer());
  assert.notDeepEqual(stored, fresh);
  assert.equal((await compareImages(stored, fresh)).equal, true);
  const jpeg = async (mozjpeg: boolean) =>
    new Uint8Array(await sharp(stored).jpeg({ quality: 90, mozjpeg }).toBuffer());
  const { equal, message } = await compareImages(await jpeg(true), await jpeg(false));
  assert.ok(equal, message);
  const photo = new Uint8Array(150 * 100 * 3).map((_, i) =>
    128 + 60 * Math.sin(i / 40) + (i * 7919) % 23
  );
  const raw = { width: 150, height: 100, channels: 3 } as const;
  const at = async (quality: number) =>
    new Uint8Array(await sharp(photo, { raw }).jpeg({ quality }).toBuffer());
  assert.equal((await compareImages(await at(92), await at(90))).message, "no visible difference");
});

Deno.test("compareImages() needs no decoding of equal files, and says why others cannot be", async () => {
  const text = new TextEncoder().encode("<html>404</html>");
  const picture = await figure();
  assert.equal((await compareImages(text, text.slice())).equal, true);
  for (
    const [stored, fresh, words] of [
      [picture, text, /^the fresh picture cannot be decoded: found 16 bytes/],
      [text, picture, /^the stored picture cannot be decoded: found 16 bytes/],
      [picture, picture.subarray(0, 4000), /^the fresh picture cannot be decoded/],
      [new Uint8Array(), picture, /^the stored picture cannot be decoded: found an empty file/],
    ] as const
  ) {
    const { equal, message, image } = await compareImages(stored, fresh);
    assert.equal(equal, false);
    assert.match(message, words);
    assert.equal(image.share, 1);
    assert.equal(image.marked, undefined);
  }
});

Deno.test("compareImages() tells sizes, also those that rounding may have made", async () => {
  const [stored, near, far] = [
    await figure(),
    await figure({ width: 481 }),
    await figure({ width: 500 }),
  ];
  const one = await compareImages(stored, near);
  assert.equal(one.equal, false);
  assert.match(one.message, /stored 480 x 320, fresh 481 x 320 pixels \(one pixel, as by rounding/);
  const { message, image } = await compareImages(stored, far);
  assert.match(message, /stored 480 x 320, fresh 500 x 320 pixels$/);
  assert.deepEqual([image.share, image.marked], [1, undefined]);
});

/** A picture of one colour, R G B A. */
const flat = (...colour: number[]) =>
  encodePng({
    ...{ width: 20, height: 20, channels: 4 },
    data: new Uint8Array(1600).map((_, i) => colour[i % 4]),
  });

Deno.test("compareImages() sees transparent pictures on white and on black", async () => {
  const clear = flat(255, 255, 255, 0), white = flat(255, 255, 255, 255);
  const { equal, message } = await compareImages(clear, white);
  assert.equal(equal, false);
  assert.match(message, /^100 % of the pixels differ visibly on a dark page/);
  assert.equal((await compareImages(flat(0, 0, 0, 0), clear)).equal, true, "both invisible");
  assert.equal((await compareImages(flat(9, 9, 9, 128), flat(9, 9, 9, 129))).equal, true);
  const half = await compareImages(flat(0, 0, 0, 128), flat(127, 127, 127, 255));
  assert.match(half.message, /on a dark page/, "the same grey on white");
  const deep = (alpha: number) =>
    encode({
      ...{ width: 20, height: 20, channels: 4, depth: 16 },
      data: new Uint16Array(1600).map((_, i) => i % 4 === 3 ? alpha : 65535),
    });
  assert.equal((await compareImages(deep(65535), white)).equal, true, "16 bits");
  assert.equal((await compareImages(deep(0), clear)).equal, true);
});

Deno.test("compareImages() does not decode what claims more than 64 megapixels", async () => {
  const picture = await figure();
  const claim = picture.slice();
  new DataView(claim.buffer).setUint32(16, 10_000);
  new DataView(claim.buffer).setUint32(20, 10_000);
  const { equal, message } = await compareImages(picture, claim);
  assert.equal(equal, false);
  assert.equal(
    message,
    "the fresh picture has 10000 x 10000 pixels, at most 64 megapixels are compared",
  );
});

Deno.test("compareImages() refuses other arguments", async () => {
  const picture = await figure();
  await assert.rejects(compareImages("iVBOR" as never, picture), /found string, wanted the bytes/);
  await assert.rejects(
    compareImages(picture, picture, { tolerance: 5 }),
    /found tolerance 5, wanted/,
  );
  await assert.rejects(compareImages(picture, picture, { tolerance: NaN }), RangeError);
  await assert.rejects(
    compareImages(picture, picture, { tolerence: 0 } as never),
    /Did you mean "tolerance"/,
  );
});

Deno.test("imageChange() counts changes at the edges of a picture, and no specks", async () => {
  const [width, height] = [30, 20];
  const black = () => new Uint8Array(width * height * 4).map((_, i) => i % 4 === 3 ? 255 : 0);
  for (const [x0, y0] of [[0, 0], [27, 0], [0, 17], [27, 17], [13, 9]]) {
    const square = (size: number) => {
      const fresh = black();
      for (let y = y0; y < y0 + size; y++) {
        fresh.fill(255, (y * width + x0) * 4, (y * width + x0 + size) * 4);
      }
      return imageChange({
        stored: { width, height, data: black() },
        fresh: { width, height, data: fresh },
      });
    };
    assert.equal((await square(3)).count, 9, `${x0}, ${y0}`);
    const grey = black();
    grey.fill(70, (y0 * width + x0) * 4, (y0 * width + x0) * 4 + 3);
    const { count } = await imageChange({
      stored: { width, height, data: black() },
      fresh: { width, height, data: grey },
    });
    assert.equal(count, 0, `speck at ${x0}, ${y0}`);
  }
});

Deno.test("WindowSums.around() is the sum of the window, also at the edges of a region", () => {
  const region = { x0: 5, y0: 7, x1: 25, y1: 19 };
  const pixels = Array.from(
    { length: 60 },
    (_, i) => ({ x: 5 + (i * 7) % 20, y: 7 + (i * 5) % 12 }),
  )
    .filter(({ x, y }, i, all) => all.findIndex((other) => other.x === x && other.y === y) === i);
  const values = Float64Array.from(pixels, (_, i) => i + 1);
  const sums = new WindowSums(region, 4);
  sums.fill(pixels, new Float64Array(pixels.length).fill(99));
  sums.fill(pixels, values);
  for (let y = region.y0; y < region.y1; y++) {
    for (let x = region.x0; x < region.x1; x++) {
      const near = pixels.map((at) => Math.abs(at.x - x) <= 4 && Math.abs(at.y - y) <= 4);
      const wanted = values.reduce((sum, value, i) => near[i] ? sum + value : sum, 0);
      assert.equal(sums.around({ x, y }), wanted, `${x}, ${y}`);
    }
  }
});

Deno.test("imageSize() reads the headers of PNG and JPEG files", async () => {
  const png = await figure();
  const jpeg = new Uint8Array(await sharp(png).withMetadata({ density: 300 }).jpeg().toBuffer());
  const progressive = new Uint8Array(await sharp(png).jpeg({ progressive: true }).toBuffer());
  for (const [bytes, type] of [[png, "png"], [jpeg, "jpeg"], [progressive, "jpeg"]] as const) {
    assert.deepEqual(imageSize(bytes), { width: 480, height: 320 });
    assert.equal(imageType(bytes), `image/${type}`);
    assert.equal(imageSize(bytes.subarray(0, 15)), undefined);
  }
  assert.equal(imageType(new TextEncoder().encode("GIF89a")), undefined);
});
