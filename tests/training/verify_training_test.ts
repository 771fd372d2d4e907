import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadData } from "../../src/data/mod.ts";
import { hybridModel } from "../../src/model/mod.ts";
import { openRun } from "../../src/runs/mod.ts";
import { defineStages } from "../../src/stages/mod.ts";
import { openTensors, tfjs } from "../../src/tensors/mod.ts";
import { finishTraining, fit } from "../../src/training/mod.ts";
import { verifyTraining } from "../../src/training/verify_training.ts";

async function trained(root: string) {
  const { report: backend } = await openTensors({ prefer: "wasm" });
  const data = await loadData("synthetic", { count: 40, imageSize: 16, seed: 1 });
  const options = { imageSize: 16, filters: [4, 4], wires: 2, layers: 1 };
  const model = hybridModel({ classes: data.classes, ...options });
  const stages = defineStages([
    { name: "a", epochs: 2, train: ["encoder*", "classical_a*"], heads: ["classical_a"] },
  ]);
  const run = await openRun({ root, seed: 0, config: { stages } });
  const result = await fit(model, data, { stages, run, progress: false });
  return { run, result, model, data, backend };
}

Deno.test("finishTraining() writes no manifest for a run folder that lost rows", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const { run, result, model, data, backend } = await trained(root);
    const path = join(run.folder, "metrics.jsonl");
    const text = await readFile(path, "utf8");
    const lines = text.split("\n");
    await writeFile(path, lines.slice(1).join("\n"));
    const finish = () => finishTraining(run, { model, data, result, backend });
    await assert.rejects(finish(), {
      name: "IncompleteRunError",
      message: /metrics\.jsonl has 7 rows, 8 were made/,
    });
    await writeFile(path, `{"torn\n${text}`);
    await assert.rejects(finish(), /line 1 of metrics\.jsonl is not JSON/);
    await assert.rejects(readFile(run.manifestPath), /ENOENT|No such file/);
    await writeFile(path, text);
    await finish();
    assert(JSON.parse(await readFile(run.manifestPath, "utf8")).files.length > 0);
  } finally {
    await rm(root, { recursive: true });
  }
});

Deno.test("verifyTraining() tells another model, and one that does not load", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const { run, result: { history }, model, data, backend, result } = await trained(root);
    await finishTraining(run, { model, data, result, backend });
    const tensors = tfjs().memory().numTensors;
    await verifyTraining(run, { model, history });
    assert.equal(tfjs().memory().numTensors, tensors);
    const weight = model.network.getLayer("classical_a").weights[1];
    weight.write(weight.read().add(1e-7));
    await assert.rejects(
      verifyTraining(run, { model, history }),
      /classical_a\/bias of the saved model is not the trained one/,
    );
    await rm(join(run.folder, "model", "weights.bin"));
    await assert.rejects(verifyTraining(run, { model, history }), /the model does not load \(/);
  } finally {
    await rm(root, { recursive: true });
  }
});
