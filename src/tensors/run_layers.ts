import { checkOptions } from "../_internal/check_options.ts";
import { type FusedBlock, fusedBlocks, runBlock } from "./fused_blocks.ts";
import {
  type GraphLayer,
  type GraphModel,
  isGraphModel,
  type LayerPlace,
  layerPlaces,
  type LayerUse,
  placeNamed,
  type SymbolicNode,
  upstreamUses,
  useOf,
} from "./layer_graph.ts";
import { openedTfjs, type Tensor } from "./tf.ts";

export type { GraphLayer, GraphModel, LayerUse, SymbolicNode } from "./layer_graph.ts";

/** Options of {@linkcode runLayers}. */
export interface RunLayersOptions {
  /**
   * What to compute: layer names ("outer/inner" inside nested models) or symbolic tensors of the
   * model's own graph. @default {model.outputs}
   */
  readonly outputs?: readonly (string | SymbolicNode)[];
  /** Dropout on, batch normalisation by batch statistics. @default {false} */
  readonly training?: boolean;
  /** Outputs of layers taken as given; nothing that only they need is computed. @default {{}} */
  readonly replace?: Readonly<Record<string, Tensor>>;
  /** Layers whose outputs are wanted as well. @default {[]} */
  readonly capture?: readonly string[];
}

/** What {@linkcode runLayers} computed; a type, not an interface, so that `tf.tidy` may return it. */
export type LayerOutputs = {
  /** In the order of `options.outputs`. */
  readonly outputs: Tensor[];
  /** By the names of `options.capture`; of a layer used several times, its last use. */
  readonly captured: Record<string, Tensor>;
};

const OPTIONS = ["outputs", "training", "replace", "capture"];

/**
 * Computes outputs of any tf.layers model (sequential, functional, branching, residual, nested,
 * with shared layers) and evaluates only the layers that the wanted outputs need. It is
 * differentiable inside `tf.grad` and `tf.variableGrads`, builds no new model and changes nothing.
 * All tensors made belong to the tidy of the caller.
 *
 * @param inputs one tensor per model input, in order; those that nothing asks for may be missing
 * @throws {TypeError} for an unknown layer name, or a needed input that is missing
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { runLayers } from "@qsight/qsight/tensors";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ units: 4, inputShape: [3], name: "hidden" }),
 *     tf.layers.dense({ units: 2, name: "head" }),
 *   ],
 * });
 * const shapes = tf.tidy(() => {
 *   const run = runLayers(model, tf.ones([5, 3]), { capture: ["hidden"] });
 *   return [run.outputs[0].shape, run.captured.hidden.shape];
 * });
 * assert.deepEqual(shapes, [[5, 2], [5, 4]]);
 * ```
 */
export function runLayers(
  model: GraphModel,
  inputs: Tensor | readonly Tensor[],
  options: RunLayersOptions = {},
): LayerOutputs {
  checkOptions("runLayers()", options, OPTIONS);
  const { outputs = model.outputs, training = false, replace = {}, capture = [] } = options;
  const places = layerPlaces(model);
  const place = (name: string) => placeNamed(places, name, "runLayers()");
  const replaced = new Map(Object.entries(replace).map(([name, t]) => [place(name).layer, t]));
  const named = outputs.map((output) => typeof output === "string" ? place(output) : output);
  const captures = capture.map(place);
  const inside = [...captures, ...named.filter((x) => "containers" in x)];
  const entered = new Set<GraphLayer>(inside.flatMap((x) => x.containers));
  for (const name of Object.keys(replace)) {
    for (const container of place(name).containers) entered.add(container);
  }
  const given = Array.isArray(inputs) ? inputs as Tensor[] : [inputs as Tensor];
  const apart = new Set(named.map((x) => "containers" in x ? x.layer : x.sourceLayer));
  for (const { layer } of captures) apart.add(layer);
  for (const layer of replaced.keys()) apart.add(layer);
  const walk: Walk = { training, replaced, entered, apart };
  const frame = new Frame(model, walk, (index) => {
    if (given[index] !== undefined) return { value: given[index] };
    throw new TypeError(
      `runLayers(): input ${index} ("${model.inputs[index].name}") of model "${model.name}" is ` +
        `needed, found ${given.length} input tensors. Pass one tensor per input, in order`,
    );
  });
  return {
    outputs: named.map((x) => "containers" in x ? frame.at(x) : frame.value(x).value),
    captured: Object.fromEntries(captures.map((x, i) => [capture[i], frame.at(x)])),
  };
}

/** What stays the same over a whole walk. */
interface Walk {
  readonly training: boolean;
  readonly replaced: ReadonlyMap<GraphLayer, Tensor>;
  /** Nested models that are walked into; all others are applied whole. */
  readonly entered: ReadonlySet<GraphLayer>;
  /** Layers whose outputs are asked for by name, or given. */
  readonly apart: ReadonlySet<GraphLayer>;
}

/** A tensor with the mask that sequence layers hand on. */
interface Masked {
  readonly value: Tensor;
  readonly mask?: Tensor | null;
}

/** One use of one model within a walk: remembers what has been computed. */
class Frame {
  readonly #model: GraphModel;
  readonly #walk: Walk;
  readonly #feed: (index: number) => Masked;
  readonly #values = new Map<number, Masked>();
  readonly #frames = new Map<LayerUse, Frame>();
  readonly #blocks: ReadonlyMap<number, FusedBlock>;

  constructor(model: GraphModel, walk: Walk, feed: (index: number) => Masked) {
    this.#model = model;
    this.#walk = walk;
    this.#feed = feed;
    const fuse = walk.training && openedTfjs()?.getBackend() === "wasm";
    this.#blocks = fuse ? fusedBlocks(model, walk.apart) : new Map();
  }

  /** The output of a layer somewhere below this model. */
  at({ containers: [next, ...rest], layer }: Pick<LayerPlace, "containers" | "layer">): Tensor {
    const use = this.#lastUse(next ?? layer);
    if (next === undefined) return this.value(use.outputTensors[0]).value;
    return this.#frame(next, use).at({ containers: rest, layer });
  }

  /** The value of a symbolic tensor, computed at most once. */
  value(symbolic: SymbolicNode): Masked {
    const known = this.#values.get(symbolic.id);
    if (known !== undefined) return known;
    const fused = this.#fused(symbolic);
    if (fused !== undefined) {
      this.#values.set(symbolic.id, fused);
      return fused;
    }
    const use = useOf(symbolic);
    const values = this.#compute(symbolic, use);
    use.outputTensors.forEach((output, i) => this.#values.set(output.id, values[i]));
    return this.#values.get(symbolic.id)!;
  }

  /** The value of a symbolic tensor at the end of layers that run as one operation. */
  #fused(symbolic: SymbolicNode): Masked | undefined {
    const block = this.#blocks.get(symbolic.id);
    if (block === undefined || this.#walk.replaced.has(symbolic.sourceLayer)) return undefined;
    const { value, mask } = this.value(block.input);
    const result = mask ? undefined : runBlock(openedTfjs()!, block, value);
    return result === undefined ? undefined : { value: result };
  }

  #compute(symbolic: SymbolicNode, use: LayerUse): Masked[] {
    const layer = symbolic.sourceLayer;
    const replacement = this.#walk.replaced.get(layer);
    if (replacement !== undefined) return use.outputTensors.map(() => ({ value: replacement }));
    const input = this.#model.inputs.findIndex((candidate) => candidate.id === symbolic.id);
    if (input >= 0) return [this.#feed(input)];
    if (isGraphModel(layer) && this.#walk.entered.has(layer)) {
      const frame = this.#frame(layer, use);
      return layer.outputs.map((output) => frame.value(output));
    }
    return applyLayer(layer, this.#inputs(layer, use), this.#walk.training);
  }

  /** The inputs of a layer; one that it does not read is not computed, another stands in its place. */
  #inputs(layer: GraphLayer, use: LayerUse): Masked[] {
    const read = use.inputTensors.map((x, i) =>
      layer.usesInput?.(i) === false ? null : this.value(x)
    );
    const any = read.find((input) => input !== null);
    return read.flatMap((input) => input ?? any ?? []);
  }

  /** Inputs of the nested model are computed in this one, and only when they are asked for. */
  #frame(model: GraphModel, use: LayerUse): Frame {
    let frame = this.#frames.get(use);
    if (frame === undefined) {
      frame = new Frame(model, this.#walk, (index) => this.value(use.inputTensors[index]));
      this.#frames.set(use, frame);
    }
    return frame;
  }

  /** A layer may also be used in other models: only the uses in this graph count. */
  #lastUse(layer: GraphLayer): LayerUse {
    const uses = upstreamUses(this.#model.outputs);
    const last = uses.findLast((use) => use.outputTensors[0].sourceLayer === layer);
    if (last !== undefined) return last;
    throw new TypeError(
      `runLayers(): layer "${layer.name}" is not upstream of any output of "${this.#model.name}". ` +
        `Choose a layer on the way from the inputs to the outputs`,
    );
  }
}

function applyLayer(layer: GraphLayer, inputs: readonly Masked[], training: boolean): Masked[] {
  const values = inputs.map((input) => input.value);
  const masks = inputs.map((input) => input.mask ?? null);
  const masked = masks.some((mask) => mask !== null);
  const result = layer.apply(values, masked ? { training, mask: masks[0] } : { training });
  const outputs = (Array.isArray(result) ? result : [result]) as Tensor[];
  let mask = layer.supportsMasking ? layer.computeMask(values, masks as Tensor[]) : null;
  if (Array.isArray(mask)) mask = mask[0];
  return outputs.map((value) => ({ value, mask }));
}
