import type { LayersModel, Variable } from "../tensors/tf.ts";
import type { AccumulatedState, GradientAccumulator } from "./accumulate_gradients.ts";
import { namedWeights } from "./named_tensors.ts";
import { type Optimizer, type OptimizerState, renameState } from "./optimizer.ts";

/** What moves weights from step to step. */
export interface StepMemory {
  readonly optimizer: Optimizer;
  /** Undefined where each batch is a step. */
  readonly accumulator: GradientAccumulator | undefined;
}

/** What it remembers, under names that are the same in every process and thread. */
export interface StepState {
  readonly optimizer: OptimizerState;
  readonly accumulated: AccumulatedState | null;
}

/** What optimizer and accumulator of a network remember. */
export async function readStepState(
  network: LayersModel,
  { optimizer, accumulator }: StepMemory,
): Promise<StepState> {
  const names = stableNames(network);
  const rename = (name: string) => names.get(name)!;
  const waiting = await accumulator?.state();
  return {
    optimizer: renameState(await optimizer.state(), rename),
    accumulated: waiting === undefined ? null : renamed(waiting, rename),
  };
}

/** Lets optimizer and accumulator go on from what others remembered. */
export function restoreStepState(
  network: LayersModel,
  { optimizer, accumulator }: StepMemory,
  state: StepState,
): void {
  const names = new Map(Array.from(stableNames(network), ([name, stable]) => [stable, name]));
  const rename = (name: string) => names.get(name)!;
  optimizer.restore(renameState(state.optimizer, rename));
  if (state.accumulated !== null) accumulator?.restore(renamed(state.accumulated, rename));
}

function renamed(state: AccumulatedState, rename: (name: string) => string): AccumulatedState {
  return { ...state, tensors: state.tensors.map((x) => ({ ...x, name: rename(x.name) })) };
}

/** The name of each weight that is the same in every process, by the one in this process. */
function stableNames(network: LayersModel): Map<string, string> {
  return new Map(
    namedWeights(network)
      .map(({ name, variable }) => [(variable.read() as Variable).name, name]),
  );
}
