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
} from "../tensors/layer_graph.ts";
import type { Verdict } from "./cam.ts";
import { gridOfTokens, type TokenGrid } from "./methods/token_grid.ts";

/** A layer with what is known of its positions; `model.cam` of a hybrid model is one. */
export interface CamLayer {
  /** Name or path of the layer. */
  readonly layer: string;
  /** `[batch, height, width, channels]`, or the tokens of a transformer. */
  readonly kind: "map" | "tokens";
  /** Rows and columns of the tokens. */
  readonly grid?: readonly [rows: number, columns: number];
  /** Whether a token that belongs to no place comes first. */
  readonly classToken?: boolean;
}

/** A layer by name, by path ("base/conv_5"), itself, or with its grid of tokens. */
export type LayerChoice = string | GraphLayer | CamLayer;

/** A layer whose output has positions. */
export interface Candidate {
  readonly path: string;
  /** Undefined for `[batch, height, width, channels]`. */
  readonly tokens?: TokenGrid;
}

/** The layers that may be explained, best first, or why there is none. */
export interface FoundLayers {
  readonly candidates: readonly Candidate[];
  /** The layer that was asked for; empty when there was none to choose. */
  readonly path: string;
  readonly missing?: Verdict;
}

/** So many token layers are tried when the last ones do not reach the head. */
const MOST_CANDIDATES = 24;

/**
 * The layer that was asked for, or by default the last one before the output that still has
 * positions. Behind the last attention only the class token of a transformer reaches the head, so
 * that layers of tokens come with those before them.
 *
 * @throws {TypeError} for an unknown name
 */
export function findLayers(
  model: GraphModel,
  output: SymbolicNode,
  choice?: LayerChoice,
): FoundLayers {
  const places = layerPlaces(model);
  const head = output.sourceLayer.name;
  if (choice === undefined) {
    const candidates = lastWithPositions(output, places);
    if (candidates.length > 0) return { candidates, path: candidates[0].path };
    const diagnosis = `no layer before head "${head}" has an output larger than 1x1; ` +
      `explain the input itself, e.g. with method "integrated_gradients"`;
    return { candidates: [], path: "", missing: { status: "wrong_shape", diagnosis } };
  }
  const place = placeOf(places, choice);
  const { path } = place;
  if (!isUpstream(place, output)) {
    const diagnosis = `layer "${path}" has no path to head "${head}"; ` +
      `choose a layer between the image and this head`;
    return { candidates: [], path, missing: { status: "no_gradient", diagnosis } };
  }
  const shape = shapeOf(place.layer);
  const tokens = typeof choice === "object" && "kind" in choice
    ? gridOf(choice)
    : shape.length === 3
    ? gridOfTokens(shape[1], gridsOf(upstreamUses(model.outputs))) ?? square(shape[1])
    : undefined;
  const wrong = wrongShape(shape, { path, tokens });
  if (wrong === undefined) return { candidates: [{ path, tokens }], path };
  return { candidates: [], path, missing: { status: "wrong_shape", diagnosis: wrong } };
}

function placeOf(places: readonly LayerPlace[], choice: LayerChoice): LayerPlace {
  if (typeof choice === "string") return placeNamed(places, choice, "explain()");
  if ("kind" in choice) return placeNamed(places, choice.layer, "explain()");
  const found = places.find(({ layer }) => layer === choice);
  if (found !== undefined) return found;
  throw new TypeError(
    `explain(): found a layer "${choice.name}" that is not in the model. Pass a layer of this ` +
      `model, or a name: ${places.slice(-8).map(({ path }) => path).join(", ")}`,
  );
}

function gridOf({ kind, grid, classToken = false }: CamLayer): TokenGrid | undefined {
  if (kind === "map" || grid === undefined) return undefined;
  return { height: grid[0], width: grid[1], classToken };
}

/** Tokens of a square, when no layer before says otherwise. */
function square(tokens: number | null): TokenGrid | undefined {
  for (const extra of [0, 1]) {
    const side = Math.sqrt((tokens ?? 0) - extra);
    if (Number.isInteger(side) && side > 1) {
      return { height: side, width: side, classToken: extra === 1 };
    }
  }
  return undefined;
}

function wrongShape(
  shape: SymbolicNode["shape"],
  { path, tokens }: Candidate,
): string | undefined {
  const text = shapeText(shape);
  if (shape.length === 3 && tokens !== undefined) {
    const wanted = tokens.height * tokens.width + (tokens.classToken ? 1 : 0);
    if (shape[1] === null || shape[1] === wanted) return undefined;
    return `layer "${path}" has ${shape[1]} tokens, but a grid of ${tokens.height}x` +
      `${tokens.width}${tokens.classToken ? " and a class token" : ""} needs ${wanted}`;
  }
  if (shape.length !== 4) {
    return `layer "${path}" has outputs of shape ${text}, wanted [batch, height, width, channels] ` +
      `or tokens of a grid; choose a layer before pooling or flattening`;
  }
  if (shape[1] === 1 && shape[2] === 1) {
    return `the output of layer "${path}" is 1x1, so nothing is left of where; choose a layer ` +
      `before, or larger images`;
  }
  return undefined;
}

/** A shape for people: "[any, 8, 8, 3]". */
export function shapeText(shape: SymbolicNode["shape"]): string {
  return `[${shape.map((size) => size ?? "any").join(", ")}]`;
}

/** The output of a layer, of its last use. */
export function shapeOf(layer: GraphLayer): SymbolicNode["shape"] {
  return layer.inboundNodes.at(-1)!.outputTensors[0].shape;
}

/** Layers with positions before an output, the last first. */
function lastWithPositions(output: SymbolicNode, places: readonly LayerPlace[]): Candidate[] {
  const all = allUses([output]);
  const uses = isGraphModel(output.sourceLayer) ? all : all.slice(0, -1);
  const grids = gridsOf(all);
  const found: Candidate[] = [];
  for (const use of uses.toReversed()) {
    const [{ shape, sourceLayer }] = use.outputTensors;
    if (use.inputTensors.includes(use.outputTensors[0]) || isGraphModel(sourceLayer)) continue;
    const tokens = shape.length === 3 ? gridOfTokens(shape[1], grids) : undefined;
    if (wrongShape(shape, { path: "", tokens }) !== undefined) continue;
    const { path } = places.findLast(({ layer }) => layer === sourceLayer)!;
    found.push({ path, tokens });
    if (tokens === undefined || found.length === MOST_CANDIDATES) break;
  }
  return found;
}

/** Uses upstream of some outputs, those of nested models in place of the models. */
function allUses(outputs: readonly SymbolicNode[]): LayerUse[] {
  return upstreamUses(outputs).flatMap((use) => {
    const layer = use.outputTensors[0].sourceLayer;
    return isGraphModel(layer) ? [...allUses(layer.outputs), use] : [use];
  });
}

/** Sizes larger than 1x1 that occur, without those of the image itself. */
function gridsOf(uses: readonly LayerUse[]): [number, number][] {
  return uses.flatMap(({ inputTensors, outputTensors: [output] }): [number, number][] => {
    const [, height, width] = output.shape;
    const fits = output.shape.length === 4 && !inputTensors.includes(output) &&
      height !== null && width !== null && height * width > 1;
    return fits ? [[height, width]] : [];
  });
}

/** Whether an output depends on a layer, through all the models it is nested in. */
function isUpstream({ containers, layer }: LayerPlace, output: SymbolicNode): boolean {
  let outputs: readonly SymbolicNode[] = [output];
  for (const step of [...containers, layer]) {
    if (!upstreamUses(outputs).some((use) => use.outputTensors[0].sourceLayer === step)) {
      return false;
    }
    if (isGraphModel(step)) outputs = step.outputs;
  }
  return true;
}
