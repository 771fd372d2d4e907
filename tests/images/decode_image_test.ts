import assert from "node:assert/strict";
import { encode } from "fast-png";
import sharp from "sharp";
import { decodeImage, encodePng, ImageError } from "../../src/images/mod.ts";

const RED = { width: 3, height: 2, data: new Uint8Array(18).map((_, i) => i % 3 === 0 ? 200 : 10) };

/** RED as a file of one of the formats that are read. */
async function fileOf(format: "png" | "jpeg" | "webp" | "tiff"): Promise<Uint8Array> {
  const raw = { width: RED.width, height: RED.height, channels: 3 } as const;
  return new Uint8Array(await sharp(RED.data, { raw }).toFormat(format).toBuffer());
}

for (const format of ["png", "jpeg", "webp", "tiff"] as const) {
  Deno.test(`decodeImage() reads ${format}`, async () => {
    const { width, height, data } = await decodeImage(await fileOf(format));
    assert.deepEqual([width, height, data.length], [3, 2, 18]);
    assert.ok(Math.abs(data[0] - 200) < 6 && Math.abs(data[1] - 10) < 8, `${data.subarray(0, 3)}`);
  });
}

Deno.test("decodeImage() turns 16 bits, grey and transparency into 8-bit RGB", async () => {
  const grey16 = encode({
    width: 3,
    height: 1,
    data: Uint16Array.of(0, 25700, 65535),
    channels: 1,
    depth: 16,
  });
  assert.deepEqual([...(await decodeImage(grey16)).data], [0, 0, 0, 100, 100, 100, 255, 255, 255]);
  const clear = encodePng({
    width: 2,
    height: 1,
    data: Uint8Array.of(90, 80, 70, 255, 90, 80, 70, 0),
    channels: 4,
  });
  assert.deepEqual([...(await decodeImage(clear)).data], [90, 80, 70, 0, 0, 0]);
  const onWhite = await decodeImage(clear, { background: "white" });
  assert.deepEqual([...onWhite.data], [90, 80, 70, 255, 255, 255]);
});

Deno.test("decodeImage() applies the EXIF orientation", async () => {
  const raw = { width: 3, height: 2, channels: 3 } as const;
  const turned = await sharp(RED.data, { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const { width, height } = await decodeImage(turned);
  assert.deepEqual([width, height], [2, 3]);
});

for (
  const [what, bytes, words] of [
    ["an empty file", new Uint8Array(), /eye\.png: found an empty file.*wanted a whole png/],
    [
      "text",
      new TextEncoder().encode("<html>404</html>"),
      /eye\.png: found 16 bytes starting with 3c 68 74/,
    ],
    ["a GIF", gif(), /eye\.png: found 35 bytes.*the format gif is not read/],
  ] as const
) {
  Deno.test(`decodeImage() refuses ${what} by name`, async () => {
    await assert.rejects(decodeImage(bytes, { name: "eye.png" }), (error: ImageError) => {
      assert.ok(error instanceof ImageError);
      assert.equal(error.file, "eye.png");
      assert.match(error.message, words);
      return true;
    });
  });
}

Deno.test("decodeImage() refuses a truncated file of every format", async () => {
  const noise = new Uint8Array(64 * 64 * 3).map((_, i) => (i * 7919) % 251);
  for (const format of ["png", "jpeg", "webp", "tiff"] as const) {
    const raw = { width: 64, height: 64, channels: 3 } as const;
    const whole = await sharp(noise, { raw }).toFormat(format).toBuffer();
    const cut = new Uint8Array(whole.subarray(0, whole.length * 0.6));
    await assert.rejects(decodeImage(cut, { name: "a" }), ImageError, format);
  }
});

Deno.test("decodeImage() refuses more pixels than maxPixels before decoding them", async () => {
  const large = await sharp({
    create: { width: 3000, height: 3000, channels: 3, background: "#000" },
  })
    .png().toBuffer();
  assert.ok(large.length < 60_000);
  await assert.rejects(decodeImage(large, { maxPixels: 1e6 }), /at most 1000000 pixels/);
});

Deno.test("decodeImage() wants bytes and known options", async () => {
  await assert.rejects(decodeImage("eye.png" as never), TypeError);
  await assert.rejects(decodeImage(new Uint8Array(), { nam: "x" } as never), /Did you mean "name"/);
  await assert.rejects(
    decodeImage(new Uint8Array(), { background: "#fff" } as never),
    /found background "#fff", wanted "black" or "white"/,
  );
});

/** The smallest GIF: one white pixel. */
function gif(): Uint8Array {
  return Uint8Array.from(
    atob("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="),
    (c) => c.charCodeAt(0),
  );
}
