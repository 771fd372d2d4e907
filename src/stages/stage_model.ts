import { nearestName } from "../_internal/nearest_name.ts";
import { partOf, PARTS } from "./parts.ts";
import type { Stage } from "./stage.ts";

/** What a stage needs of a weight; the LayerVariable of tfjs fits. */
export interface StageWeight {
  /** As gradients are named. */
  readonly name: string;
  /** Whether gradients are taken. */
  trainable: boolean;
  /** The variable, in whose buffer the values are. */
  read(): { readonly dataId: object; dataSync(): unknown };
}

/** What a stage needs of a layer; tf.layers.Layer fits. */
export interface StageLayer {
  /** Unique in its model. */
  readonly name: string;
  /** Setting it sets the flags of the weights. */
  trainable: boolean;
  /** All weights, moving statistics included. */
  readonly weights: readonly StageWeight[];
  /** Those that train now. */
  readonly trainableWeights: readonly StageWeight[];
  /** Computes the layer; `kwargs.training` switches dropout and batch statistics on. */
  // Method syntax on purpose: it accepts the narrower parameters of real layers.
  call(inputs: unknown, kwargs: Record<string, unknown>): unknown;
}

/** What a stage needs of a model: tf.LayersModel and tf.Sequential of any copy of tfjs fit. */
export interface StageModel {
  /** For messages, and as the path of what is inside. */
  readonly name: string;
  /** Setting it sets the flags of the weights of its own layers. */
  trainable: boolean;
  /** Layers and nested models. */
  readonly layers: readonly StageLayer[];
  /** One for each output; the layer's name is the head's name. */
  readonly outputs: readonly { readonly sourceLayer: { readonly name: string } }[];
}

/** A layer with weights of its own, under every path that leads to it. */
export interface PlacedLayer {
  readonly layer: StageLayer;
  /** "outer/inner" for a layer in a nested model; several where models share the layer. */
  readonly paths: string[];
}

/** The layers and models that a model is made of. */
export interface ModelParts {
  /** In model order, each once, nested models opened, input layers left out. */
  readonly layers: readonly PlacedLayer[];
  /** The model itself and all nested ones, outermost first. */
  readonly models: readonly { trainable: boolean }[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
}

/** Opens nested models, however deep. */
export function modelParts(model: StageModel): ModelParts {
  const layers = new Map<StageLayer, PlacedLayer>();
  const models = new Set<{ trainable: boolean }>();
  const enter = (inside: StageModel, prefix: string) => {
    models.add(inside);
    // A sequential model runs and trains through a model that it hides.
    const hidden = (inside as { model?: StageModel }).model;
    if (hidden !== undefined && hidden !== null) models.add(hidden);
    for (const layer of inside.layers) {
      const path = prefix + layer.name;
      if (isModel(layer)) enter(layer, `${path}/`);
      else if (!isInputLayer(layer)) {
        const known = layers.get(layer);
        if (known === undefined) layers.set(layer, { layer, paths: [path] });
        else known.paths.push(path);
      }
    }
  };
  enter(model, "");
  const outputs = model.outputs.map(({ sourceLayer }) => sourceLayer.name);
  return { layers: [...layers.values()], models: [...models], outputs };
}

function isModel(layer: StageLayer): layer is StageLayer & StageModel {
  const model = layer as Partial<StageModel>;
  return Array.isArray(model.layers) && Array.isArray(model.outputs);
}

function isInputLayer(layer: StageLayer): boolean {
  return (layer as { getClassName?(): string }).getClassName?.() === "InputLayer";
}

/**
 * The layers that a stage's patterns name: by part, by layer name, by path, or by the name of a
 * nested model, which stands for all that is inside.
 *
 * @throws {TypeError} for a pattern that names nothing, with the nearest layer name
 * @throws {RangeError} for annealing of a head that stays frozen
 */
export function trainedLayers(stage: Stage, parts: ModelParts): Set<StageLayer> {
  const trained = new Set<StageLayer>();
  for (const pattern of stage.train) {
    for (const layer of layersNamed(pattern, parts, { stage, key: "train" })) trained.add(layer);
  }
  checkAnnealed(stage, trained, parts);
  return trained;
}

/**
 * What the learning rate of a layer is multiplied by, for those that `rateFactors` names.
 *
 * @throws {TypeError} for a pattern that names nothing, with the nearest layer name
 */
export function factorsByLayer(stage: Stage, parts: ModelParts): Map<StageLayer, number> {
  const factors = new Map<StageLayer, number>();
  for (const [pattern, factor] of Object.entries(stage.rateFactors)) {
    for (const layer of layersNamed(pattern, parts, { stage, key: "rateFactors" })) {
      if (!factors.has(layer)) factors.set(layer, factor);
    }
  }
  return factors;
}

function layersNamed(
  pattern: string,
  parts: ModelParts,
  asked: { readonly stage: Stage; readonly key: string },
): StageLayer[] {
  const named = PARTS.includes(pattern) ? inPart(pattern, parts) : inPattern(pattern);
  const found = parts.layers.filter(({ paths }) => paths.some(named));
  if (found.length === 0) throw new TypeError(nothingMatched(asked, pattern, parts));
  return found.map(({ layer }) => layer);
}

/** Temperature and noise are weights, and a frozen layer keeps every byte of its weights. */
function checkAnnealed(
  stage: Stage,
  trained: ReadonlySet<StageLayer>,
  { layers }: ModelParts,
): void {
  const annealed = layers.find(({ layer }) => layer.name === "quantum_annealing");
  if (stage.annealing === null || annealed === undefined || trained.has(annealed.layer)) return;
  throw new RangeError(
    `stage "${stage.name}": annealing moves the temperature and noise of ${annealed.paths[0]}, ` +
      `which is frozen. Add it or "quantum" to train, or leave annealing out`,
  );
}

function inPart(part: string, { outputs }: ModelParts): (path: string) => boolean {
  const names = new Set([...PARTS, ...outputs]);
  return (path) => partOf(path, names) === part;
}

function inPattern(pattern: string): (path: string) => boolean {
  const matches = matcher(pattern);
  return (path) => namesOf(path).some(matches);
}

/** "a/b/c" answers to its parts a, b, c and to its paths a/b, a/b/c. */
function namesOf(path: string): string[] {
  const steps = path.split("/");
  return [...steps, ...steps.map((_, i) => steps.slice(0, i + 1).join("/"))];
}

function matcher(pattern: string): (name: string) => boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const expression = new RegExp(`^${escaped}$`, "s");
  return (name) => expression.test(name);
}

function nothingMatched(
  { stage, key }: { readonly stage: Stage; readonly key: string },
  pattern: string,
  parts: ModelParts,
): string {
  const paths = parts.layers.flatMap((placed) => placed.paths);
  const near = nearestName(pattern.replaceAll("*", ""), [...new Set(paths.flatMap(namesOf))]);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  const shown = paths.length > 40 ? [...paths.slice(0, 40), `… ${paths.length - 40} more`] : paths;
  return `stage "${stage.name}": ${key} pattern "${pattern}" matches no layer.${hint} ` +
    `Layers: ${shown.join(", ")}. Use a layer name, * for any letters, or a part: ` +
    PARTS.join(", ");
}
