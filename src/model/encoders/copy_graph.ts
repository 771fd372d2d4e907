import {
  type GraphLayer,
  type GraphModel,
  isGraphModel,
  type LayerPlace,
  type LayerUse,
  type SymbolicNode,
  upstreamUses,
  useOf,
} from "../../tensors/layer_graph.ts";
import { type SymbolicTensor, tfjs } from "../../tensors/tf.ts";
import { connect } from "../layers/connect.ts";
import type { Layer } from "../layers/layer_types.ts";
import type { OwnLayers } from "../layers/register_layers.ts";

/** Before the names of all copied layers, so that the patterns of stages find them. */
const PREFIX = "encoder_";

/** One symbolic tensor of a model: the nested models that lead to it, and itself. */
export interface Cut {
  readonly containers: LayerPlace["containers"];
  readonly output: SymbolicNode;
}

/** What a copy is made with. */
export interface CopyOptions {
  /** Stands in the place of the model's input. */
  readonly image: SymbolicTensor;
  readonly own: OwnLayers;
  /** Names that other layers have. */
  readonly taken: readonly string[];
}

/** The copy of a part of a model. */
export interface CopiedGraph {
  readonly output: SymbolicTensor;
  /** Name of the copy of each layer. */
  readonly names: ReadonlyMap<GraphLayer, string>;
}

/**
 * Copies what a symbolic tensor needs into another graph: layers keep their settings and weights, a
 * layer used twice is one layer again, and what was nested stands flat. The weights share their
 * numbers with the model until one of the two trains.
 */
export function copyGraph(model: GraphModel, cut: Cut, options: CopyOptions): CopiedGraph {
  const copies = new Copies(options);
  const frame = new Frame(model, { copies, prefix: "", feed: () => options.image });
  return { output: frame.at(cut.containers, cut.output), names: copies.names };
}

/** The copies of layers, each made once. */
class Copies {
  readonly names = new Map<GraphLayer, string>();
  readonly #made = new Map<GraphLayer, Layer>();
  readonly #taken: Set<string>;
  readonly #own: OwnLayers;

  constructor({ own, taken }: CopyOptions) {
    this.#own = own;
    this.#taken = new Set(taken);
  }

  /** Puts the copy of a layer behind the copies of its inputs. */
  apply(layer: GraphLayer, path: string, inputs: SymbolicTensor[]): SymbolicTensor[] {
    const known = this.#made.get(layer);
    const copy = known ?? this.#copy(layer, path);
    const outputs = [connect(copy, inputs.length === 1 ? inputs[0] : inputs)].flat();
    if (known === undefined) copy.setWeights((layer as unknown as Layer).getWeights());
    return outputs;
  }

  #copy(layer: GraphLayer, path: string): Layer {
    const original = layer as unknown as Layer;
    const { batchInputShape: _, ...config } = original.getConfig();
    const name = this.#name(path);
    this.names.set(layer, name);
    // tfjs's own dropout has no seed that changes from step to step: no run could be repeated.
    const copy = original.getClassName() === "Dropout"
      ? new this.#own.SeededDropout({ name, rate: config.rate as number })
      : construct(original, { ...config, name });
    // The weights come from the model: zeros will do until then.
    copy.setFastWeightInitDuringBuild(true);
    this.#made.set(layer, copy);
    return copy;
  }

  #name(path: string): string {
    const plain = path.replaceAll("/", "_");
    const name = plain.startsWith(PREFIX) ? plain : PREFIX + plain;
    let free = name;
    for (let i = 2; this.#taken.has(free); i++) free = `${name}_${i}`;
    this.#taken.add(free);
    return free;
  }
}

function construct(original: Layer, config: Record<string, unknown>): Layer {
  const tf = tfjs();
  // A layer of another copy of tfjs could not stand in a graph of this one.
  const registered = tf.serialization.SerializationMap.getMap().classNameMap;
  const known = registered[original.getClassName()]?.[0] as unknown;
  const made = original instanceof tf.layers.Layer ? original.constructor : known;
  if (made === undefined) {
    throw new TypeError(
      `hybridModel: encoder from_saved: layer "${original.name}" is a ${original.getClassName()}, ` +
        `which this copy of TensorFlow.js does not know; register its class with ` +
        `tf.serialization.registerClass()`,
    );
  }
  const layerClass = made as { fromConfig(itself: unknown, config: unknown): Layer };
  return layerClass.fromConfig(layerClass, config);
}

/** One use of one model: remembers what has been copied. */
class Frame {
  readonly #model: GraphModel;
  readonly #copies: Copies;
  readonly #prefix: string;
  readonly #feed: (index: number) => SymbolicTensor;
  readonly #values = new Map<number, SymbolicTensor>();
  readonly #frames = new Map<LayerUse, Frame>();

  constructor(
    model: GraphModel,
    { copies, prefix, feed }: {
      readonly copies: Copies;
      readonly prefix: string;
      readonly feed: (index: number) => SymbolicTensor;
    },
  ) {
    this.#model = model;
    this.#copies = copies;
    this.#prefix = prefix;
    this.#feed = feed;
  }

  /** The copy of a symbolic tensor somewhere below this model. */
  at([next, ...rest]: Cut["containers"], output: SymbolicNode): SymbolicTensor {
    if (next === undefined) return this.value(output);
    const use = upstreamUses(this.#model.outputs)
      .findLast((use) => use.outputTensors[0].sourceLayer === next);
    return this.#frame(next, use!).at(rest, output);
  }

  /** The copy of a symbolic tensor of this model. */
  value(symbolic: SymbolicNode): SymbolicTensor {
    const input = this.#model.inputs.findIndex((candidate) => candidate.id === symbolic.id);
    if (input >= 0) return this.#feed(input);
    const known = this.#values.get(symbolic.id);
    if (known !== undefined) return known;
    const use = useOf(symbolic);
    const layer = symbolic.sourceLayer;
    const outputs = isGraphModel(layer)
      ? layer.outputs.map((output) => this.#frame(layer, use).value(output))
      : this.#copies.apply(
        layer,
        this.#prefix + layer.name,
        use.inputTensors.map((tensor) => this.value(tensor)),
      );
    use.outputTensors.forEach((output, i) => this.#values.set(output.id, outputs[i]));
    return this.#values.get(symbolic.id)!;
  }

  #frame(model: GraphModel, use: LayerUse): Frame {
    let frame = this.#frames.get(use);
    if (frame === undefined) {
      frame = new Frame(model, {
        copies: this.#copies,
        prefix: `${this.#prefix}${model.name}/`,
        feed: (index) => this.value(use.inputTensors[index]),
      });
      this.#frames.set(use, frame);
    }
    return frame;
  }
}
