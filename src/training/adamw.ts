import { adamStep } from "../tensors/kernels/adam_step.ts";
import { type NamedTensorMap, type Tensor, tfjs, type Variable } from "../tensors/tf.ts";
import { eachGradient } from "./each_gradient.ts";
import type { NamedTensor } from "./named_tensors.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/** Options of {@linkcode AdamW}. */
export interface AdamWOptions {
  /** Decay of the first moment. @default {0.9} */
  readonly beta1?: number;
  /** Decay of the second moment. @default {0.999} */
  readonly beta2?: number;
  /** Added to the root of the second moment. @default {1e-8} */
  readonly epsilon?: number;
  /** Decoupled weight decay, applied to matrices and kernels only. @default {0} */
  readonly weightDecay?: number;
  /**
   * Whether the decay is added to the gradient, times the weight, and so passes through the moments:
   * Adam with an L2 penalty instead of AdamW. @default {false}
   */
  readonly coupled?: boolean;
}

/** The moments of one variable. */
interface Moments {
  readonly first: Variable;
  readonly second: Variable;
  steps: number;
}

/**
 * AdamW (Loshchilov and Hutter, arXiv:1711.05101). Moments are kept by variable name: tfjs's own Adam
 * keeps them by position, so that another set of trainable variables gets another's moments.
 */
export class AdamW implements Optimizer {
  readonly #options: Required<AdamWOptions>;
  readonly #moments = new Map<string, Moments>();

  constructor(
    { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, coupled = false }: AdamWOptions =
      {},
  ) {
    this.#options = { beta1, beta2, epsilon, weightDecay, coupled };
  }

  /** One step; variables without a gradient stay as they are. */
  apply(
    variables: readonly Variable[],
    { gradients, learningRate }: { gradients: NamedTensorMap; learningRate: number },
  ): void {
    eachGradient({ variables, gradients }, (variable, gradient) => {
      this.#step(variable, gradient, learningRate);
    });
  }

  #step(variable: Variable, given: Tensor, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay, coupled } = this.#options;
    const decay = variable.rank >= 2 ? weightDecay : 0;
    const gradient = coupled && decay > 0 ? given.add(variable.mul(decay)) : given;
    const moments = this.#momentsOf(variable.name, variable.shape);
    moments.steps++;
    const next = adamStep(tfjs(), { gradient, ...moments, value: variable }, {
      beta1,
      beta2,
      correction1: 1 - beta1 ** moments.steps,
      correction2: 1 - beta2 ** moments.steps,
      learningRate,
      epsilon,
      kept: coupled ? 1 : 1 - learningRate * decay,
    });
    moments.first.assign(next.first);
    moments.second.assign(next.second);
    variable.assign(next.value);
  }

  #momentsOf(name: string, shape: number[]): Moments {
    const known = this.#moments.get(name);
    if (known !== undefined) return known;
    const tf = tfjs();
    const zeros = () => tf.tidy(() => tf.variable(tf.zeros(shape), false));
    const made = { first: zeros(), second: zeros(), steps: 0 };
    this.#moments.set(name, made);
    return made;
  }

  async state(): Promise<OptimizerState> {
    const tensors: NamedTensor[] = [];
    for (const [name, { first, second }] of this.#moments) {
      for (const [moment, variable] of Object.entries({ first, second })) {
        const values = await variable.data() as Float32Array;
        tensors.push({ name: `${moment}/${name}`, shape: variable.shape, values });
      }
    }
    const steps = Object.fromEntries(
      Array.from(this.#moments, ([name, { steps }]) => [name, steps]),
    );
    return { steps, tensors };
  }

  restore({ steps, tensors }: OptimizerState): void {
    const tf = tfjs();
    for (const { name, shape, values } of tensors) {
      const [, moment, variable] = /^(first|second)\/(.+)$/.exec(name)!;
      const moments = this.#momentsOf(variable, [...shape]);
      moments.steps = steps[variable];
      tf.tidy(() => moments[moment as "first" | "second"].assign(tf.tensor(values, [...shape])));
    }
  }

  /** Frees the moments. */
  dispose(): void {
    for (const { first, second } of this.#moments.values()) {
      first.dispose();
      second.dispose();
    }
    this.#moments.clear();
  }
}
