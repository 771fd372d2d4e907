import assert from "node:assert/strict";
import { resizeImage } from "../../src/images/mod.ts";

const HALVES = { width: 8, height: 4, data: new Uint8Array(96).map((_, i) => i < 48 ? 0 : 240) };

Deno.test("resizeImage() averages when shrinking", async () => {
  const { data } = await resizeImage(HALVES, { width: 1, height: 1 });
  assert.ok(data.every((value) => Math.abs(value - 120) <= 2), `${data}`);
});

Deno.test("resizeImage() fit: contain pads, cover cuts, fill stretches", async () => {
  const grey = { width: 8, height: 4, data: new Uint8Array(96).fill(100) };
  const contain = await resizeImage(grey, { width: 8, height: 8, fit: "contain" });
  assert.deepEqual([contain.data[0], contain.data[4 * 8 * 3]], [0, 100]);
  for (const fit of ["cover", "fill"] as const) {
    const { data } = await resizeImage(grey, { width: 8, height: 8, fit });
    assert.ok(data.every((value) => value === 100), fit);
  }
});

Deno.test("resizeImage() of the same size is a copy", async () => {
  const same = await resizeImage(HALVES, { width: 8, height: 4 });
  assert.deepEqual(same.data, HALVES.data);
  assert.notEqual(same.data, HALVES.data);
});

Deno.test("resizeImage() refuses bad sizes, fits and images", async () => {
  await assert.rejects(resizeImage(HALVES, { width: 0, height: 4 }), /found width 0/);
  await assert.rejects(resizeImage(HALVES, { width: 1.5, height: 4 }), RangeError);
  await assert.rejects(resizeImage(HALVES, { width: 4, height: 99999 }), RangeError);
  await assert.rejects(
    resizeImage(HALVES, { width: 4, height: 4, fit: "zoom" as never }),
    RangeError,
  );
  await assert.rejects(
    resizeImage({ ...HALVES, width: 7 }, { width: 4, height: 4 }),
    /wanted 84 \(R, G, B/,
  );
  await assert.rejects(resizeImage(undefined as never, { width: 4, height: 4 }), TypeError);
});
