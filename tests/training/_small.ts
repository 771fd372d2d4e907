import type { DataSplits } from "../../src/data/image_set.ts";
import { loadData } from "../../src/data/load_data.ts";
import { type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import type { Stage, StageDeclaration } from "../../src/stages/stage.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";

/** 30 synthetic images of 16x16 pixels and a model for them, on the wasm backend. */
export async function smallTask(): Promise<{ model: HybridModel; data: DataSplits }> {
  await openTensors({ prefer: "wasm" });
  const data = await loadData("synthetic", { count: 30, imageSize: 16, seed: 1 });
  return { data, model: smallModel(data) };
}

/** A fresh model for the data; its weights are always the same. */
export function smallModel(data: DataSplits): HybridModel {
  return hybridModel({
    classes: data.classes,
    imageSize: 16,
    filters: [4, 6],
    compressed: 6,
    wires: 2,
    layers: 1,
  });
}

export const HEADS = ["classical_a", "classical_b", "quantum"];

const ENCODER = ["encoder*", "compression*"];

/** One stage for each usual choice of what trains; with one active head a fusion has nothing to weigh. */
export const ROWS: readonly StageDeclaration[] = [
  row("classical", [...ENCODER, "classical_*", "ensemble"], ["classical_a", "classical_b"]),
  row("head_a", ["encoder*", "classical_a*"], ["classical_a"]),
  row("head_b", ["compression*", "classical_b*"], ["classical_b"]),
  row("quantum", ["quantum*"], ["quantum"]),
  row("ensemble", ["ensemble"], HEADS),
];

function row(name: string, train: string[], heads: string[]): StageDeclaration {
  return { name, epochs: 1, train, heads, learningRate: 1e-2, patience: null };
}

/** Stages by name, of one epoch each unless told otherwise. */
export function stagesNamed(names: readonly string[], epochs = 1): readonly Stage[] {
  const declarations = names.map((name, i) => {
    const found = ROWS.find((candidate) => candidate.name === name)!;
    return { ...found, name: names.indexOf(name) === i ? name : `${name}_${i}`, epochs };
  });
  return defineStages(declarations, { heads: HEADS });
}

/** All tensors of a model by name, as bytes. */
export function tensorsOf(model: HybridModel): Map<string, string> {
  return new Map(
    model.network.layers.flatMap((layer) =>
      layer.weights.map((weight) => [
        weight.originalName,
        Array.from(new Uint8Array(weight.read().dataSync().slice().buffer)).join(),
      ])
    ),
  );
}
