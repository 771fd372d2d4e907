import assert from "node:assert/strict";
import { planBatches } from "../../src/data/batch_plan.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Tensor2D } from "../../src/tensors/tf.ts";
import type { QuantumLossOptions } from "../../src/training/fit_options.ts";
import { fitSettings } from "../../src/training/fit_settings.ts";
import { distillation, entropyFloor } from "../../src/training/quantum_losses.ts";
import { StageLoss } from "../../src/training/stage_loss.ts";
import { HEADS, stagesNamed } from "./_small.ts";

const FLOOR = { weight: 0.5, target: 1 }, LESSON = { weight: 2, temperature: 1.5 };

async function someLogits(): Promise<Record<"quantum" | "classical_b", Tensor2D>> {
  const { tf } = await openTensors({ prefer: "wasm" });
  return { quantum: tf.tensor2d([[3, 0, 0]]), classical_b: tf.tensor2d([[0, 2, 0]]) };
}

/** The terms of a stage with these heads, for the logits of some. */
function termsOf(
  quantumLoss: QuantumLossOptions | null,
  { heads, logits }: {
    readonly heads: readonly string[];
    readonly logits: Readonly<Record<string, Tensor2D>>;
  },
) {
  const stages = defineStages([{ name: "s", epochs: 1, train: ["quantum"], heads }], {
    heads: HEADS,
  });
  const train = syntheticFundus({ count: 6, size: 16, seed: 1 });
  const loss = new StageLoss(fitSettings({ stages, quantumLoss }), { stage: stages[0], train });
  return loss.terms(new Map(Object.entries(logits)));
}

Deno.test("the terms of the quantum head are the sum of those that were asked for", async () => {
  const logits = await someLogits();
  const { quantum: student, classical_b: teacher } = logits;
  const a = entropyFloor(student, FLOOR).dataSync()[0];
  const b = distillation({ student, teacher }, LESSON).dataSync()[0];
  assert.ok(a > 0 && b > 0);
  const value = (options: QuantumLossOptions) =>
    termsOf(options, { heads: ["classical_b", "quantum"], logits })!.dataSync()[0];
  assert.equal(value({ entropyFloor: FLOOR }), a);
  assert.equal(value({ distillation: LESSON }), b);
  assert.equal(value({ distillation: { ...LESSON, teacher: "classical_b" } }), b);
  assert.ok(Math.abs(value({ entropyFloor: FLOOR, distillation: LESSON }) - a - b) < 1e-6);
});

Deno.test("there are no terms without options, without the quantum head, and without its teacher", async () => {
  const { quantum, classical_b } = await someLogits();
  const both = { entropyFloor: FLOOR, distillation: LESSON };
  const all = { heads: ["classical_b", "quantum"], logits: { quantum, classical_b } };
  assert.equal(termsOf(null, all), null);
  assert.equal(termsOf({}, all), null);
  assert.equal(termsOf(both, { heads: ["classical_b"], logits: { classical_b } }), null);
  const alone = { heads: ["quantum"], logits: { quantum } };
  assert.equal(termsOf({ distillation: LESSON }, alone), null);
  assert.notEqual(termsOf(both, alone), null);
  const other = { distillation: { ...LESSON, teacher: "classical_a" } };
  assert.equal(termsOf(other, all), null);
});

Deno.test("StageLoss draws every batch with as many of each class, where that is asked for", () => {
  const labels = Int32Array.from({ length: 60 }, (_, i) => i < 48 ? 0 : i < 57 ? 1 : 2);
  const [stage] = stagesNamed(["classical"]);
  const settings = fitSettings({ stages: [stage], imbalance: "balanced_batches" });
  const { draw } = new StageLoss(settings, { stage, train: { labels, classes: ["a", "b", "c"] } });
  const { plans } = planBatches(60, { ...draw, batchSize: 6 }, "fit", labels);
  let batches = 0;
  for (const { indices } of plans) {
    const counts = [0, 0, 0];
    indices.forEach((index) => counts[labels[index]]++);
    assert.deepEqual(counts, [2, 2, 2]);
    batches++;
  }
  assert.equal(batches, 10);
});
