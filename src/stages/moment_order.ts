/** Gradients as tfjs hands them to an optimizer: by name, or as an ordered list. */
export type NamedGradients =
  | Record<string, unknown>
  | readonly { readonly name: string; readonly tensor: unknown }[];

/** What is needed of an optimizer; tf.Optimizer fits. */
export interface OrderedOptimizer {
  applyGradients(gradients: never): void;
}

/**
 * The gradients in a fixed order, with null for variables that have none.
 *
 * TensorFlow.js optimizers keep their moments by position in this list, not by name: with another
 * set of trainable variables the first moment of one weight would be used for another.
 *
 * @param order names of all variables that may ever train; unknown names go to the end
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inMomentOrder } from "@qsight/qsight/stages";
 * assert.deepEqual(inMomentOrder({ w: 1 }, ["v", "w"]), [
 *   { name: "v", tensor: null },
 *   { name: "w", tensor: 1 },
 * ]);
 * ```
 */
export function inMomentOrder(
  gradients: NamedGradients,
  order: readonly string[],
): { name: string; tensor: unknown }[] {
  const given = new Map(
    Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients),
  );
  const names = [...new Set([...order, ...given.keys()])];
  return names.map((name) => ({ name, tensor: given.get(name) ?? null }));
}

/** An `applyGradients` for one optimizer that keeps every moment with its variable. */
export function orderedApplyGradients(
  optimizer: OrderedOptimizer,
  order: readonly string[],
): (gradients: NamedGradients) => void {
  const apply = optimizer.applyGradients;
  return (gradients) => apply.call(optimizer, inMomentOrder(gradients, order) as never);
}
