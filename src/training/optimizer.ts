import type { NamedTensorMap, Variable } from "../tensors/tf.ts";
import type { NamedTensor } from "./named_tensors.ts";

/** What moves weights along their gradients and remembers something of each. */
export interface Optimizer {
  /** One step; variables without a gradient stay as they are. */
  apply(
    variables: readonly Variable[],
    options: { readonly gradients: NamedTensorMap; readonly learningRate: number },
  ): void;
  /** What it remembers, by the names of the variables. */
  state(): Promise<OptimizerState>;
  /** Goes on from what another one remembered. */
  restore(state: OptimizerState): void;
  /** Frees what it remembers. */
  dispose(): void;
}

/** What an optimizer remembers. */
export interface OptimizerState {
  /** Steps of each variable. */
  readonly steps: Readonly<Record<string, number>>;
  /** Named `<moment>/<variable>`. */
  readonly tensors: readonly NamedTensor[];
}

/** The state under other names, e.g. those that stay the same in another process. */
export function renameState(
  { steps, tensors }: OptimizerState,
  rename: (variable: string) => string,
): OptimizerState {
  return {
    steps: Object.fromEntries(Object.entries(steps).map(([name, n]) => [rename(name), n])),
    tensors: tensors.map((tensor) => {
      const [, moment, variable] = /^([^/]+)\/(.+)$/.exec(tensor.name)!;
      return { ...tensor, name: `${moment}/${rename(variable)}` };
    }),
  };
}
