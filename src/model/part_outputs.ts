import { partOf } from "../stages/parts.ts";
import { type SymbolicNode, upstreamUses, useOf } from "../tensors/layer_graph.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { type Tensor, tfjs } from "../tensors/tf.ts";
import type { HybridModel } from "./hybrid_model.ts";
import { partsOf } from "./parts.ts";

/** What {@linkcode partOutputs} computed. */
export interface PartOutputs {
  /** By layer: what was wanted, and what stands between the parts; the caller's to dispose. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Milliseconds for the whole batch by part; null for a part that was not needed. */
  readonly latency: Readonly<Record<string, number | null>>;
}

/**
 * Computes outputs one part after the other and takes the time of each. A part is over when its
 * numbers have been read: on a GPU nothing else says that it has computed.
 */
export async function partOutputs(
  model: HybridModel,
  x: Tensor,
  { wanted, now }: { readonly wanted: readonly string[]; readonly now: () => number },
): Promise<PartOutputs> {
  const tf = tfjs();
  const borders = bordersOf(model, wanted);
  const tensors: Record<string, Tensor> = {};
  const latency: Record<string, number | null> = {};
  try {
    for (const part of partsOf(model)) {
      const names = [...borders.get(part) ?? []];
      latency[part] = null;
      if (names.length === 0) continue;
      const started = now();
      const { outputs } = tf.tidy(() =>
        runLayers(model.network, x, { outputs: names, replace: tensors })
      );
      names.forEach((name, i) => tensors[name] = outputs[i]);
      await Promise.all(outputs.map((output) => output.data()));
      latency[part] = now() - started;
    }
    return { tensors, latency };
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  }
}

/** For each part the layers that other parts or the caller read, as far as they are needed. */
function bordersOf(model: HybridModel, wanted: readonly string[]): Map<string, Set<string>> {
  const parts = partsOf(model);
  const borders = new Map<string, Set<string>>(parts.map((part) => [part, new Set()]));
  const outputs = model.network.outputs as unknown as SymbolicNode[];
  const uses = upstreamUses(outputs).map((use) => use.outputTensors[0].sourceLayer);
  const partOfLayer = ({ name }: SymbolicNode["sourceLayer"]) => partOf(name, parts);
  const add = (layer: SymbolicNode["sourceLayer"]) => {
    // A layer that is used twice has two outputs under one name: it is computed where it is needed.
    if (uses.filter((used) => used === layer).length > 1) return;
    borders.get(partOfLayer(layer) ?? "")?.add(layer.name);
  };
  const seen = new Set<SymbolicNode>();
  const visit = (symbolic: SymbolicNode) => {
    if (seen.has(symbolic)) return;
    seen.add(symbolic);
    const { sourceLayer: layer } = symbolic;
    useOf(symbolic).inputTensors.forEach((input, i) => {
      if (input === symbolic || layer.usesInput?.(i) === false) return;
      if (partOfLayer(input.sourceLayer) !== partOfLayer(layer)) add(input.sourceLayer);
      visit(input);
    });
  };
  for (const output of outputs.filter(({ sourceLayer }) => wanted.includes(sourceLayer.name))) {
    borders.get(partOfLayer(output.sourceLayer) ?? "")?.add(output.sourceLayer.name);
    visit(output);
  }
  return borders;
}
