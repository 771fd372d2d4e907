import type { LayersModel } from "../tf.ts";

/** A weight of a layers model. */
export type LayerVariable = LayersModel["weights"][number];

/**
 * The weights of a model by the names that its own files have: layer and weight, without the number
 * that TensorFlow.js appends to a name that it saw before.
 *
 * @throws {Error} when two weights have one name
 */
export function namedWeights(model: LayersModel, where: string): Map<string, LayerVariable> {
  const named = new Map<string, LayerVariable>();
  for (const weight of model.weights) {
    const name = weight.originalName;
    if (named.has(name)) {
      throw new Error(
        `${where}: two weights of the model are named "${name}". Give its layers names of their own`,
      );
    }
    named.set(name, weight);
  }
  return named;
}

/** Which weights of a model are among those given, which are not, and which of those it lacks. */
export function matchNames(
  model: ReadonlyMap<string, unknown>,
  given: ReadonlyMap<string, unknown>,
): ImportedWeights {
  const [own, theirs] = [model, given].map((names) => [...names.keys()].sort());
  return {
    assigned: own.filter((name) => given.has(name)),
    missing: own.filter((name) => !given.has(name)),
    unexpected: theirs.filter((name) => !model.has(name)),
  };
}

/** What {@linkcode importWeights} did, by names in the model, sorted. */
export interface ImportedWeights {
  /** Weights that have their values from the file now. */
  readonly assigned: string[];
  /** Weights of the model that the file lacks: they are as they were. */
  readonly missing: string[];
  /** Tensors of the file that the model lacks. */
  readonly unexpected: string[];
}
