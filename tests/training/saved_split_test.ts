import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadData } from "../../src/data/load_data.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { fit } from "../../src/training/fit.ts";
import { smallTask, stagesNamed } from "./_small.ts";

Deno.test("fit() saves which image was in which split, and loadData() splits that way again", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-split-"));
  try {
    const { model, data } = await smallTask();
    const run = await openRun({ root, config: {}, seed: 1, synthetic: true });
    await fit(model, data, { run, stages: stagesNamed(["head_a"]), progress: false });
    const split = join(run.folder, "split.json");
    const options = { count: 30, imageSize: 16, seed: 1, valFraction: 0.5 };
    assert.notEqual((await loadData("synthetic", options)).fingerprint, data.fingerprint);
    const again = await loadData("synthetic", { ...options, split });
    assert.equal(again.fingerprint, data.fingerprint);
  } finally {
    await rm(root, { recursive: true });
  }
});
