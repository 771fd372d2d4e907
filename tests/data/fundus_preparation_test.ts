import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cropFundus, normalizeFundus } from "../../src/data/fundus_views.ts";
import { imageAt } from "../../src/data/image_at.ts";
import { loadData } from "../../src/data/load_data.ts";
import { encodePng } from "../../src/images/encode_png.ts";
import { resizeImage } from "../../src/images/resize_image.ts";

/** A bright disc with a slope of colour, off the middle of a wide black photograph. */
function photograph(shade: number) {
  const [width, height] = [60, 40], data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((x - 35) ** 2 + (y - 20) ** 2 > 15 ** 2) continue;
      data.set([shade + 2 * y, 60 + x, 40], (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

Deno.test("a folder is cropped at full size, resized, then normalised, and the data say so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fundus-"));
  try {
    for (const [name, shade] of [["0_no", 90], ["1_yes", 130]] as const) {
      await mkdir(join(folder, name));
      for (let i = 0; i < 5; i++) {
        await writeFile(
          join(folder, name, `${i}.png`),
          await encodePng({ ...photograph(shade + i), channels: 3 }),
        );
      }
    }
    const fundus = { crop: true, normalize: { gain: 2 } };
    const data = await loadData(folder, { imageSize: 16, fundus });
    assert.deepEqual(data.fundus, fundus);
    const at = data.train.ids.indexOf("0_no/1.png"), inTrain = at !== -1;
    const set = inTrain ? data.train : data.val;
    const found = imageAt(set, inTrain ? at : data.val.ids.indexOf("0_no/1.png"));
    const small = await resizeImage(cropFundus(photograph(91)), {
      ...{ width: 16, height: 16, fit: "contain" },
    });
    assert.deepEqual(found.data, normalizeFundus(small, { gain: 2 }).data);
    const plain = await loadData(folder, { imageSize: 16 });
    assert.equal("fundus" in plain, false);
    assert.notEqual(plain.fingerprint, data.fingerprint);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("other sources are prepared at their size, splits and fingerprint with them", async () => {
  const options = { count: 12, imageSize: 16, seed: 1 };
  const plain = await loadData("synthetic", options);
  const data = await loadData("synthetic", { ...options, fundus: { normalize: true } });
  assert.deepEqual(data.train.ids, plain.train.ids);
  assert.notEqual(data.fingerprint, plain.fingerprint);
  assert.deepEqual(imageAt(data.val, 0).data, normalizeFundus(imageAt(plain.val, 0)).data);
});

Deno.test("what is said wrongly of fundus photographs is refused before anything is read", async () => {
  const load = (fundus: object) => loadData("nowhere", { fundus });
  await assert.rejects(load({ crpo: true }), /unknown option "crpo"\. Did you mean "crop"/);
  await assert.rejects(load({ crop: { treshold: 3 } }), /Did you mean "threshold"/);
  await assert.rejects(load({ crop: { threshold: 300 } }), /threshold 300/);
  await assert.rejects(load({ normalize: { gain: -1 } }), /gain -1/);
});
