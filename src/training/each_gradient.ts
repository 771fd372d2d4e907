import { type NamedTensorMap, type Tensor, tfjs, type Variable } from "../tensors/tf.ts";

/** Moves each variable that has a gradient, within a tidy; the others stay as they are. */
export function eachGradient(
  { variables, gradients }: {
    readonly variables: readonly Variable[];
    readonly gradients: NamedTensorMap;
  },
  move: (variable: Variable, gradient: Tensor) => void,
): void {
  for (const variable of variables) {
    const gradient = gradients[variable.name];
    if (gradient === undefined || gradient === null) continue;
    tfjs().tidy(() => move(variable, gradient));
  }
}
