import type { HybridModel } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import { factorsByLayer, modelParts } from "../stages/stage_model.ts";
import type { Variable } from "../tensors/tf.ts";

/** The variables in groups of one learning rate each. */
export function byRate(
  model: HybridModel,
  { variables, stage }: { readonly variables: readonly Variable[]; readonly stage: Stage },
): { readonly members: readonly Variable[]; readonly factor: number }[] {
  if (Object.keys(stage.rateFactors).length === 0) return [{ members: variables, factor: 1 }];
  const factors = new Map<Variable, number>();
  for (const [layer, factor] of factorsByLayer(stage, modelParts(model.network))) {
    for (const weight of layer.weights) factors.set(weight.read() as unknown as Variable, factor);
  }
  const groups = new Map<number, Variable[]>();
  for (const variable of variables) {
    const factor = factors.get(variable) ?? 1;
    groups.set(factor, [...groups.get(factor) ?? [], variable]);
  }
  return Array.from(groups, ([factor, members]) => ({ factor, members }));
}
