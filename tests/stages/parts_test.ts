import assert from "node:assert/strict";
import type * as tf from "@tensorflow/tfjs";
import { applyStage, defineStages, PARTS } from "../../src/stages/mod.ts";
import { partOf } from "../../src/stages/parts.ts";
import { nestedModel } from "./models.ts";
import { plainModel } from "./table_a2.ts";

function trainedBy(model: tf.LayersModel, train: string[], head: string): readonly string[] {
  const applied = applyStage(
    model,
    defineStages([{ name: "s", epochs: 1, train, heads: [head] }])[0],
  );
  applied.restore();
  return applied.trainable;
}

Deno.test("partOf() takes the longest name, and the outermost step of a path", () => {
  const names = [...PARTS, "quantum_b"];
  for (
    const [path, part] of [
      ["quantum", "quantum"],
      ["quantum_circuit", "quantum"],
      ["quantum_b", "quantum_b"],
      ["quantum_b_circuit", "quantum_b"],
      ["quantum_bypass", "quantum"],
      ["quantumfoo", undefined],
      ["encoder/quantum_like", "encoder"],
      ["hybrid/compression_dense", "compression"],
      ["image", undefined],
    ] as const
  ) assert.equal(partOf(path, names), part, path);
});

Deno.test("each part names its layers, all parts together every layer once", () => {
  const model = plainModel();
  const byPart = PARTS.map((part) => trainedBy(model, [part], "quantum"));
  PARTS.forEach((part, i) => {
    assert.ok(byPart[i].length > 0 && byPart[i].every((layer) => layer.startsWith(part)), part);
  });
  const all = model.layers.map((layer) => layer.name).filter((name) => name !== "image");
  assert.deepEqual(byPart.flat().sort(), all.sort());
});

Deno.test("a fourth head beside the parts is a part of its own and needs no change", () => {
  const heads = ["classical_a", "classical_b", "quantum", "quantum_b"];
  const model = plainModel(heads);
  const quantum = trainedBy(model, ["quantum"], "quantum");
  assert.ok(quantum.length > 1 && quantum.every((name) => !name.startsWith("quantum_b")));
  const fourth = trainedBy(model, ["quantum_b*"], "quantum_b");
  assert.ok(fourth.length > 1 && fourth.every((name) => name.startsWith("quantum_b")));
});

Deno.test("a part that the model has not is an error that names the parts", () => {
  assert.throws(
    () => trainedBy(nestedModel(), ["quantum"], "head"),
    /train pattern "quantum" matches no layer.*or a part: encoder, compression/,
  );
});
