import type { NamedTensorMap, Tensor, Tf, Variable } from "../tf.ts";
import { adamStep } from "./adam_step.ts";

interface Moment {
  readonly originalName: string;
  readonly variable: Variable;
}

/** What is read of `tf.train.adam()`, and set. */
interface AdamOptimizer {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  readonly accumulatedFirstMoment: Moment[];
  readonly accumulatedSecondMoment: Moment[];
  applyGradients(gradients: Gradients): void;
  incrementIterations(): void;
}

type Gradients = NamedTensorMap | { readonly name: string; readonly tensor: Tensor }[];

const completed = new WeakSet<Tf>();

/** Lets `tf.train.adam()` on wasm take one kernel for each variable, not about fifteen. */
export function speedUpAdam(tf: Tf): void {
  if (completed.has(tf)) return;
  const prototype = tf.AdamOptimizer.prototype as unknown as AdamOptimizer;
  const brought = prototype.applyGradients;
  prototype.applyGradients = function (this: AdamOptimizer, gradients) {
    const listed = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const known = listed.every((_, i) => this.accumulatedFirstMoment[i] !== undefined);
    // The first step makes the moments.
    if (tf.getBackend() !== "wasm" || !known) return brought.call(this, gradients);
    tf.tidy(() => {
      const correction1 = 1 - this.accBeta1.dataSync()[0];
      const correction2 = 1 - this.accBeta2.dataSync()[0];
      const { beta1, beta2, learningRate, epsilon } = this;
      const rates = { beta1, beta2, learningRate, epsilon, correction1, correction2 };
      listed.forEach(({ name, tensor }, i) => {
        if (tensor === null || tensor === undefined) return;
        const value = tf.engine().registeredVariables[name];
        const first = this.accumulatedFirstMoment[i].variable;
        const second = this.accumulatedSecondMoment[i].variable;
        const next = adamStep(tf, { gradient: tensor, first, second, value }, rates);
        first.assign(next.first);
        second.assign(next.second);
        value.assign(next.value);
      });
      this.accBeta1.assign(tf.mul(this.accBeta1, beta1));
      this.accBeta2.assign(tf.mul(this.accBeta2, beta2));
    });
    this.incrementIterations();
  };
  completed.add(tf);
}
