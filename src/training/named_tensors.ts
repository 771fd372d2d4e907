import { joinFloats } from "../_internal/join_floats.ts";
import type { LayerVariable } from "../tensors/files/named_weights.ts";
import { type LayersModel, tfjs } from "../tensors/tf.ts";

/** Float32 numbers with a name, outside any backend. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Weights by the name of their layer; tfjs's own names get a suffix in a second model. */
export function namedWeights(network: LayersModel): { name: string; variable: LayerVariable }[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map((variable) => ({ name: variable.originalName, variable }))
  );
}

/** All weights of a network, moving statistics included, as they are now. */
export async function readWeights(network: LayersModel): Promise<NamedTensor[]> {
  return await Promise.all(
    namedWeights(network).map(async ({ name, variable }) => ({
      name,
      shape: variable.shape as number[],
      values: await variable.read().data() as Float32Array,
    })),
  );
}

/** Puts values into the weights of their names; all names must be the network's. */
export function writeWeights(network: LayersModel, tensors: readonly NamedTensor[]): void {
  const tf = tfjs();
  const byName = new Map(namedWeights(network).map(({ name, variable }) => [name, variable]));
  for (const { name, shape, values } of tensors) {
    tf.tidy(() => void byName.get(name)!.write(tf.tensor(values, [...shape])));
  }
}

/** The numbers of all tensors, one after the other, as bytes. */
export function packTensors(tensors: readonly NamedTensor[]): Uint8Array {
  return new Uint8Array(joinFloats(tensors.map(({ values }) => values)).buffer);
}

/** What {@linkcode packTensors} packed, by the list of what is in it. */
export function unpackTensors(
  bytes: Uint8Array,
  index: readonly Omit<NamedTensor, "values">[],
): NamedTensor[] {
  const all = new Float32Array(bytes.slice().buffer);
  let at = 0;
  return index.map(({ name, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = all.slice(at, at + size);
    at += size;
    return { name, shape, values };
  });
}

/** Those whose name begins with `<prefix>/`, named without it. */
export function tensorsUnder(prefix: string, tensors: readonly NamedTensor[]): NamedTensor[] {
  const start = `${prefix}/`;
  return tensors.filter(({ name }) => name.startsWith(start))
    .map((tensor) => ({ ...tensor, name: tensor.name.slice(start.length) }));
}

/** The same tensors, each name behind `<prefix>/`. */
export function putUnder(prefix: string, tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.map((tensor) => ({ ...tensor, name: `${prefix}/${tensor.name}` }));
}
