import { type NamedTensorMap, type Tensor, tfjs, type Variable } from "../tensors/tf.ts";
import { eachGradient } from "./each_gradient.ts";
import type { NamedTensor } from "./named_tensors.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/** Options of {@linkcode Sgd}. */
export interface SgdOptions {
  /** Share of the last step that goes on. @default {0.9} */
  readonly momentum?: number;
  /** Added to the gradients of matrices and kernels, times the weight. @default {0} */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent with momentum: v ← momentum · v + gradient, weight ← weight − rate · v. */
export class Sgd implements Optimizer {
  readonly #momentum: number;
  readonly #weightDecay: number;
  readonly #velocities = new Map<string, Variable>();

  constructor({ momentum = 0.9, weightDecay = 0 }: SgdOptions = {}) {
    this.#momentum = momentum;
    this.#weightDecay = weightDecay;
  }

  apply(
    variables: readonly Variable[],
    { gradients, learningRate }: { gradients: NamedTensorMap; learningRate: number },
  ): void {
    eachGradient({ variables, gradients }, (variable, gradient) => {
      this.#step(variable, gradient, learningRate);
    });
  }

  #step(variable: Variable, gradient: Tensor, learningRate: number): void {
    const velocity = this.#velocityOf(variable.name, variable.shape);
    const decay = variable.rank >= 2 ? this.#weightDecay : 0;
    const pull = decay === 0 ? gradient : gradient.add(variable.mul(decay));
    velocity.assign(velocity.mul(this.#momentum).add(pull));
    variable.assign(variable.sub(velocity.mul(learningRate)));
  }

  #velocityOf(name: string, shape: number[]): Variable {
    const known = this.#velocities.get(name);
    if (known !== undefined) return known;
    const tf = tfjs();
    const made = tf.tidy(() => tf.variable(tf.zeros(shape), false));
    this.#velocities.set(name, made);
    return made;
  }

  async state(): Promise<OptimizerState> {
    const tensors: NamedTensor[] = await Promise.all(
      Array.from(this.#velocities, async ([name, velocity]) => ({
        name: `velocity/${name}`,
        shape: velocity.shape,
        values: await velocity.data() as Float32Array,
      })),
    );
    return { steps: {}, tensors };
  }

  restore({ tensors }: OptimizerState): void {
    const tf = tfjs();
    for (const { name, shape, values } of tensors) {
      const velocity = this.#velocityOf(name.replace(/^velocity\//, ""), [...shape]);
      tf.tidy(() => velocity.assign(tf.tensor(values, [...shape])));
    }
  }

  /** Frees the velocities. */
  dispose(): void {
    tfjs().dispose([...this.#velocities.values()]);
    this.#velocities.clear();
  }
}
