import { joinFloats } from "../../_internal/join_floats.ts";

/** What a replica found out about its part of a batch. */
export interface StepPart {
  /** Its share of the loss of each output. */
  readonly losses: readonly number[];
  /** Its share of the gradient of each variable; null where there is none. */
  readonly gradients: readonly (Float32Array | null)[];
  /** Logits of each output, `rows * classes`. */
  readonly logits: readonly Float32Array[];
}

/** Numbers that stand before the gradients, besides losses and which gradients there are. */
const FACTS = 3;

/** Where everything of a {@linkcode StepPart} stands among the numbers that a replica publishes. */
export class StepLayout {
  readonly #outputs: number;
  readonly #classes: number;
  readonly #sizes: readonly number[];
  readonly #gradients: number;
  readonly #logits: number;

  /**
   * @param options.outputs how many outputs have a loss
   * @param options.sizes numbers in each variable that trains
   */
  constructor({ outputs, classes, sizes }: {
    readonly outputs: number;
    readonly classes: number;
    readonly sizes: readonly number[];
  }) {
    this.#outputs = outputs;
    this.#classes = classes;
    this.#sizes = sizes;
    this.#gradients = outputs + sizes.length + FACTS;
    this.#logits = this.#gradients + sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Numbers for a batch of so many rows. */
  capacity(rows: number): number {
    return this.#logits + this.#outputs * this.#classes * rows;
  }

  /**
   * One array of all; a replica without rows has no part.
   *
   * @param fingerprint of the weights, 32 bits; 0 where none was taken
   */
  pack(part: StepPart | null, fingerprint: number): Float32Array {
    const rows = part === null ? 0 : part.logits[0].length / this.#classes;
    const out = new Float32Array(this.capacity(rows));
    // 32 bits do not fit into a float32, 16 do.
    out.set([rows, fingerprint >>> 16, fingerprint & 0xffff], this.#outputs + this.#sizes.length);
    if (part === null) return out;
    out.set(part.losses);
    let at = this.#gradients;
    part.gradients.forEach((gradient, i) => {
      if (gradient !== null) {
        out[this.#outputs + i] = 1;
        out.set(gradient, at);
      }
      at += this.#sizes[i];
    });
    out.set(joinFloats(part.logits), this.#logits);
    return out;
  }

  /** The fingerprint that a replica packed. */
  fingerprint(packed: Float32Array): number {
    const at = this.#outputs + this.#sizes.length;
    return (packed[at + 1] * 65536 + packed[at + 2]) >>> 0;
  }

  /** The whole batch from its parts: sums in the order of the replicas, rows one after the other. */
  combine(parts: readonly Float32Array[]): StepPart {
    let at = this.#gradients;
    const gradients = this.#sizes.map((size, i) => {
      const start = at;
      at += size;
      const having = parts.filter((part) => part[this.#outputs + i] === 1);
      return having.length === 0 ? null : sumOf(having.map((part) => part.subarray(start, at)));
    });
    const losses = Array.from(sumOf(parts.map((part) => part.subarray(0, this.#outputs))));
    const logits = losses.map((_, output) =>
      joinFloats(parts.map((part) => this.#rows(part, output)))
    );
    return { losses, gradients, logits };
  }

  #rows(part: Float32Array, output: number): Float32Array {
    const size = part[this.#outputs + this.#sizes.length] * this.#classes;
    const start = this.#logits + output * size;
    return part.subarray(start, start + size);
  }
}

function sumOf([first, ...others]: readonly Float32Array[]): Float32Array {
  const sum = first.slice();
  for (const other of others) for (let i = 0; i < sum.length; i++) sum[i] += other[i];
  return sum;
}
