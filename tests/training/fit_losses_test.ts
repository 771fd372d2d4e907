import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRun } from "../../src/runs/open_run.ts";
import type { FitOptions } from "../../src/training/fit_options.ts";
import { fit } from "../../src/training/fit.ts";
import { smallModel, smallTask, stagesNamed, tensorsOf } from "./_small.ts";

async function trained(names: readonly string[], options: Partial<FitOptions> = {}) {
  const { model, data } = await smallTask();
  const stages = stagesNamed(names);
  const result = await fit(model, data, { stages, batchSize: 8, progress: false, ...options });
  return { result, after: tensorsOf(model) };
}

Deno.test("fit() corrects class imbalance once: by the loss, by its weights, or by the sampler", async () => {
  const names = ["classical"];
  const plain = (await trained(names)).after;
  const ways = [
    { loss: "class_balanced" },
    { loss: "focal_class_balanced" },
    { imbalance: "class_weights" },
    { imbalance: "sampler" },
    { imbalance: "balanced_batches" },
  ] as const;
  for (const way of ways) assert.notDeepEqual((await trained(names, way)).after, plain);
  const both = { loss: "class_balanced", imbalance: "sampler" } as const;
  await assert.rejects(
    trained(names, both),
    /found 2 corrections of class imbalance, loss "class_balanced" and imbalance "sampler"/,
  );
  await trained(names, { ...both, allowSeveral: true });
});

Deno.test("fit() adds its terms to the quantum head alone", async () => {
  const plain = (await trained(["ensemble"])).after;
  const entropyFloor = { weight: 1, target: 1.6 };
  // Only the fusion trains there: a term for the quantum head moves nothing.
  assert.deepEqual((await trained(["ensemble"], { quantumLoss: { entropyFloor } })).after, plain);
  const quantum = (await trained(["quantum"])).after;
  const floored = (await trained(["quantum"], { quantumLoss: { entropyFloor } })).after;
  assert.notEqual(floored.get("quantum_circuit/angles"), quantum.get("quantum_circuit/angles"));
});

Deno.test("fit() refuses terms that could do nothing, unknown heads and bad numbers", async () => {
  const distillation = { weight: 1 };
  await assert.rejects(
    trained(["quantum"], { quantumLoss: { distillation } }),
    /distillation would do nothing: no stage has both "quantum" and another head active/,
  );
  await assert.rejects(
    trained(["ensemble"], {
      quantumLoss: { distillation: { ...distillation, teacher: "clasical_a" } },
    }),
    /unknown head "clasical_a". Did you mean "classical_a"/,
  );
  await assert.rejects(
    trained(["quantum"], { quantumLoss: { entropyflor: {} } as never }),
    /unknown option "entropyflor"/,
  );
  await assert.rejects(trained(["quantum"], { collapse: { patience: 0 } }), /patience must be/);
  await assert.rejects(
    trained(["quantum"], { loss: "focal_class_balanced", gamma: 0.5 }),
    /gamma must be 0, or 1 or more/,
  );
});

Deno.test("fit() tells of a collapse, and goes on with the lowered weight after a stop", async () => {
  const root = await mkdtemp(join(tmpdir(), "qsight-collapse-"));
  try {
    const { data } = await smallTask();
    const stages = stagesNamed(["classical", "quantum"], 3);
    const options = {
      stages,
      batchSize: 8,
      imbalance: "sampler",
      progress: false,
      // So low a threshold makes every epoch a suspect.
      collapse: { threshold: 0.01, patience: 1, cooldown: 0 },
    } as const;
    const model = smallModel(data);
    const whole = await fit(model, data, options);
    assert.ok(whole.collapses.length >= 2, `${whole.collapses.length} events`);
    assert.ok(whole.collapses.every(({ kind, stage }) => kind === "collapse" && stage !== ""));
    for (const batch of [4, 8, 13]) {
      const run = await openRun({ root, seed: 0, config: {} });
      const controller = new AbortController();
      let batches = 0;
      const progress = () => {
        if (++batches === batch) controller.abort();
      };
      const stopped = { ...options, run, progress, signal: controller.signal };
      await assert.rejects(fit(smallModel(data), data, stopped), { name: "AbortError" });
      const again = smallModel(data);
      const resume = { ...options, run, onExisting: "resume" } as const;
      const { collapses } = await fit(again, data, resume);
      assert.deepEqual(collapses, whole.collapses);
      assert.deepEqual(tensorsOf(again), tensorsOf(model), `batch ${batch}`);
    }
  } finally {
    await rm(root, { recursive: true });
  }
});
