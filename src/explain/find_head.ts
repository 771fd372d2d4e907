import { unknownName } from "../_internal/check_options.ts";
import {
  type GraphLayer,
  type GraphModel,
  isGraphModel,
  type SymbolicNode,
  useOf,
} from "../tensors/layer_graph.ts";
import type { Tensor, Tensor2D, Tf } from "../tensors/tf.ts";

/** An output of a model, and how to get its scores before any softmax or sigmoid. */
export interface Head {
  readonly name: string;
  /** The output itself. */
  readonly output: SymbolicNode;
  /** What `runLayers` is asked for. */
  readonly source: SymbolicNode | string;
  /** From the value of `source` to the scores. */
  readonly scores: (value: Tensor) => Tensor;
  /** Undefined when it has to be seen from the values. */
  readonly scoreKind: "logits" | undefined;
  /** One logit for two classes: class 1 is its sign, class 0 the opposite. */
  readonly binary: boolean;
}

/** What a layer of tfjs tells about itself. */
interface DescribedLayer extends GraphLayer {
  getClassName(): string;
  getConfig(): Record<string, unknown>;
  getWeights(): Tensor[];
}

/**
 * The output to explain, by the name of its layer; the first one by default.
 *
 * @throws {TypeError} for a name that is no output
 */
export function findHead(tf: Tf, model: GraphModel, name?: string): Head {
  const names = model.outputs.map((output) => output.sourceLayer.name);
  const index = name === undefined ? 0 : names.indexOf(name);
  if (index < 0) throw new TypeError(unknownName("explain()", "head", name!, names));
  const output = model.outputs[index];
  return { name: names[index], output, ...beforeActivation(tf, output) };
}

type BeforeActivation = Pick<Head, "source" | "scores" | "scoreKind" | "binary">;

/**
 * A softmax takes the gradient away where the model is sure, so that its input is explained. Where
 * the softmax is part of a dense layer, the logits are computed from its weights.
 */
function beforeActivation(tf: Tf, output: SymbolicNode): BeforeActivation {
  const { layer, input, path } = innermost(output);
  const activation = activationOf(layer);
  const width = output.shape.at(-1), flat = output.shape.length === 2;
  const as = (value: Tensor) => value;
  // The input of a nested model that is nothing but the head has no name to ask for.
  const unnamed = path !== "" && useOf(input).inputTensors.includes(input);
  if (activation === undefined || !flat || unnamed) {
    return { source: output, scores: as, scoreKind: undefined, binary: false };
  }
  const binary = activation === "sigmoid" && width === 1;
  const known = { scoreKind: "logits", binary } as const;
  if (layer.getClassName() === "Dense") {
    if (activation === "linear") return { source: output, scores: as, ...known };
    const [kernel, bias] = layer.getWeights();
    const scores = (value: Tensor) => {
      const product = tf.matMul(value as Tensor2D, kernel as Tensor2D);
      return bias === undefined ? product : product.add(bias);
    };
    return { source: sourceOf(input, path), scores, ...known };
  }
  return { source: sourceOf(input, path), scores: as, ...known };
}

/** The layer that makes an output: inside a nested model, the layer at its end. */
function innermost(
  output: SymbolicNode,
): { layer: DescribedLayer; input: SymbolicNode; path: string } {
  let symbolic = output, path = "";
  while (isGraphModel(symbolic.sourceLayer)) {
    path += `${symbolic.sourceLayer.name}/`;
    symbolic = symbolic.sourceLayer.outputs[symbolic.tensorIndex];
  }
  const layer = symbolic.sourceLayer as DescribedLayer;
  return { layer, input: useOf(symbolic).inputTensors[0], path };
}

function sourceOf(input: SymbolicNode, path: string): SymbolicNode | string {
  return path === "" ? input : path + input.sourceLayer.name;
}

/** "softmax", "sigmoid", "linear", or undefined for a layer that has to be taken as it is. */
function activationOf(layer: DescribedLayer): string | undefined {
  const kind = layer.getClassName();
  if (kind === "Softmax") return "softmax";
  if (kind !== "Activation" && kind !== "Dense") return undefined;
  const { activation } = layer.getConfig();
  const reached = kind === "Dense" ? ["softmax", "sigmoid", "linear"] : ["softmax", "sigmoid"];
  return reached.includes(activation as string) ? activation as string : undefined;
}
