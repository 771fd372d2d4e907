import { orderedApplyGradients, type OrderedOptimizer } from "./moment_order.ts";
import type { Patches } from "./patches.ts";
import { ENSEMBLE, type Stage } from "./stage.ts";
import type { StageModel, StageWeight } from "./stage_model.ts";

/** The part of a tensor that a constant loss needs. */
interface LossTensor {
  mul(factor: number): LossTensor;
  zerosLike(): LossTensor;
  sum(): LossTensor;
  toFloat(): LossTensor;
  dispose(): void;
}

type Loss = (yTrue: LossTensor, yPred: LossTensor) => LossTensor;
type TestFunction = (data: unknown) => LossTensor[];

/** What `compile()` of tfjs 4.22 leaves on the model that fits. */
export interface CompiledModel extends StageModel {
  readonly optimizer?: OrderedOptimizer;
  readonly trainableWeights: readonly StageWeight[];
  collectedTrainableWeights?: readonly StageWeight[];
  lossFunctions?: readonly Loss[];
  metricsTensors?: readonly (readonly [Loss, number])[];
  testFunction?: TestFunction;
  makeTestFunction?(): TestFunction;
  testLoop?(...args: unknown[]): unknown;
  evaluateDataset?(...args: unknown[]): unknown;
}

/** A sequential model compiles and fits through a model that it hides. */
export function fittingModel(model: StageModel): CompiledModel {
  return (model as { model?: CompiledModel }).model ?? (model as CompiledModel);
}

/** Makes `compile()`d state follow the stage; does nothing for a model that is not compiled. */
export function stageCompiledModel(
  model: CompiledModel,
  stage: Stage,
  { patches, order }: { patches: Patches; order: readonly string[] },
): void {
  if (model.optimizer !== undefined && !patches.has(model.optimizer, "applyGradients")) {
    const ordered = orderedApplyGradients(model.optimizer, order);
    patches.put(model.optimizer, "applyGradients", ordered);
  }
  if (model.lossFunctions === undefined) return;
  stageLosses(model, stage, patches);
  if (model.outputs.length > 1 && !patches.has(model, "makeTestFunction")) {
    patches.put(model, "makeTestFunction", withTotalLossFirst(model));
  }
}

/** Calls back before each pass of tfjs's own validation, which has no callback for that. */
export function beforeValidation(
  model: CompiledModel,
  { patches, call }: { patches: Patches; call: () => void },
): void {
  for (const key of ["testLoop", "evaluateDataset"] as const) {
    const pass = model[key];
    if (pass === undefined || patches.has(model, key)) continue;
    patches.put(model, key, (...args: unknown[]) => {
      call();
      return pass.apply(model, args);
    });
  }
}

/** Loss functions by output: weighted for active heads, a constant 0 for all others. */
function stageLosses(model: CompiledModel, stage: Stage, patches: Patches): void {
  if (patches.has(model, "lossFunctions")) return;
  const losses = model.lossFunctions!.map((loss, i) =>
    weighted(loss, lossWeight(stage, model.outputs[i].sourceLayer.name))
  );
  patches.put(model, "lossFunctions", losses);
  const metrics = model.metricsTensors;
  if (metrics === undefined || losses.length === 1) return;
  // The first metrics of a model with several outputs are the losses themselves.
  const own = metrics.map((metric, i) => i < losses.length ? [losses[i], metric[1]] : metric);
  patches.put(model, "metricsTensors", own);
}

function lossWeight(stage: Stage, output: string): number {
  return output === ENSEMBLE || stage.heads.includes(output) ? stage.lossWeights[output] ?? 1 : 0;
}

function weighted(loss: Loss, weight: number): Loss {
  if (weight === 1) return loss;
  // Made from the labels, so that neither a gradient nor a NaN of the output can pass.
  if (weight === 0) return (yTrue) => yTrue.zerosLike().toFloat().sum();
  return (yTrue, yPred) => loss(yTrue, yPred).mul(weight);
}

/**
 * tfjs 4.22 returns the running sum of the losses after each output, one value per output, before
 * the metrics: `val_loss` would be the loss of the first output alone, constant where that head is
 * inactive, and all later values would stand under the wrong names.
 */
function withTotalLossFirst(model: CompiledModel): () => TestFunction {
  const make = model.makeTestFunction!;
  return () => {
    make.call(model);
    const test = model.testFunction!;
    const last = model.outputs.length - 1;
    model.testFunction = (data) => {
      const values = test(data);
      for (const partial of values.splice(0, last)) partial.dispose();
      return values;
    };
    return model.testFunction;
  };
}
