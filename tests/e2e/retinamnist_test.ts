// The demo on real fundus photographs. The bounds are far below what it reaches (see README.md), so
// that another CPU's last digits do not matter, and far above what guessing reaches.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "../../src/runs/manifest.ts";
import { inFolder, qsight } from "../cli/_call.ts";
import { realData } from "../_tools/real_data.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const { path, missing } = realData("retinamnist-trainval.npz");

testOrSkip(
  "qsight demo on RetinaMNIST beats guessing on validation images",
  missing,
  async () => {
    await inFolder(async (folder) => {
      const { code, stderr } = await qsight(["demo", "--data", path, "--out", "."], {
        cwd: folder,
      });
      assert.equal(code, 0, stderr);
      const [id] = (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory()).map((entry) => entry.name);
      const { facts, synthetic, data } = await readManifest(join(folder, id));
      assert.equal(synthetic, false);
      assert.deepEqual([(data as Counts).train, (data as Counts).val], [1080, 120]);
      const { ensemble } = facts.metrics as Record<string, Record<string, Figure>>;
      assert.ok(ensemble.quadraticWeightedKappa.value >= 0.45, JSON.stringify(ensemble));
      assert.ok(ensemble.macroAuc.value >= 0.75, JSON.stringify(ensemble));
      // 54 of the 120 images are of the most frequent grade.
      assert.ok(ensemble.accuracy.value >= 0.45 + 0.05, JSON.stringify(ensemble));
      for (const name of ["accuracy", "quadraticWeightedKappa", "macroAuc"]) {
        const { value, interval } = ensemble[name];
        assert.ok(interval.low < value && value < interval.high, name);
      }
    });
  },
);

interface Counts {
  readonly train: number;
  readonly val: number;
}

interface Figure {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
}
