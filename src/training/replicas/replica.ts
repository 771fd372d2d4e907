import type { BatchRows } from "../../model/layers/batch_rows.ts";
import { type NamedTensorMap, type Tensor, tfjs, type Variable } from "../../tensors/tf.ts";
import { StepLayout, type StepPart } from "./step_layout.ts";

/** Tensors of one part of a batch. */
export interface PartTensors {
  /** Loss of each output, its mean over the part. */
  readonly losses: Tensor;
  readonly logits: readonly Tensor[];
  /** By the name of the variable. */
  readonly gradients: NamedTensorMap;
}

/** The whole of a batch whose parts were computed by several replicas. */
export interface WholeStep {
  readonly losses: readonly number[];
  readonly logits: readonly Float32Array[];
  /** The caller's to dispose. */
  readonly gradients: NamedTensorMap;
}

/** One of several copies of a model in one step. */
export interface Replica {
  /** What the mean loss of its part counts in that of the batch. */
  readonly share: number;
  /** Which rows of the batch are its own. */
  readonly rows: BatchRows;
  /** Gives its part, null for none, and gets the whole; the tensors stay the caller's. */
  exchange(variables: readonly Variable[], part: PartTensors | null): Promise<WholeStep>;
}

/** Publishes numbers and resolves to those of all replicas. */
export type Gather = (own: Float32Array) => Promise<Float32Array[]>;

/** What one step of a replica is about. */
export interface ReplicaStep extends Pick<Replica, "share" | "rows"> {
  /** Whether the weights of all replicas are compared. */
  readonly compare: boolean;
}

/** A replica as long as a stage lasts: the same variables train, the same heads vote. */
export class StageReplica {
  readonly #layout: StepLayout;
  readonly #gather: Gather;

  constructor(layout: StepLayout, gather: Gather) {
    this.#layout = layout;
    this.#gather = gather;
  }

  /** The replica in one step. */
  at({ share, rows, compare }: ReplicaStep): Replica {
    const exchange = async (variables: readonly Variable[], part: PartTensors | null) => {
      const numbers = part === null ? null : await read(variables, { part, share });
      const print = compare ? fingerprint(await Promise.all(variables.map(values))) : 0;
      const all = await this.#gather(this.#layout.pack(numbers, print));
      if (compare) this.#assertEqual(all);
      const { losses, logits, gradients } = this.#layout.combine(all);
      return { losses, logits, gradients: tensors(variables, gradients) };
    };
    return { share, rows, exchange };
  }

  #assertEqual(all: readonly Float32Array[]): void {
    const prints = all.map((packed) => this.#layout.fingerprint(packed));
    const other = prints.findIndex((print) => print !== prints[0]);
    if (other === -1) return;
    throw new Error(
      `fit: the weights of replica ${other} differ from those of the model, and the same steps must ` +
        `leave the same bytes. Whatever changes weights during a training, such as a callback, ` +
        `reaches one copy only: leave it out, or pass replicas: 1`,
    );
  }
}

/** The layout of a step, from what trains and answers. */
export function layoutOf(
  variables: readonly Variable[],
  { outputs, classes }: { readonly outputs: number; readonly classes: number },
): StepLayout {
  return new StepLayout({ outputs, classes, sizes: variables.map(({ size }) => size) });
}

async function read(
  variables: readonly Variable[],
  { part, share }: { readonly part: PartTensors; readonly share: number },
): Promise<StepPart> {
  const { losses, logits, gradients } = part;
  const own = variables.map(({ name }) => gradients[name] ?? null);
  return {
    losses: Array.from(await values(losses), (loss) => loss * share),
    gradients: await Promise.all(own.map((x) => x === null ? null : values(x))),
    logits: await Promise.all(logits.map(values)),
  };
}

async function values(tensor: Tensor): Promise<Float32Array> {
  return await tensor.data() as Float32Array;
}

function tensors(
  variables: readonly Variable[],
  gradients: readonly (Float32Array | null)[],
): NamedTensorMap {
  const found: NamedTensorMap = {};
  variables.forEach(({ name, shape }, i) => {
    const gradient = gradients[i];
    if (gradient !== null) found[name] = tfjs().tensor(gradient, shape);
  });
  return found;
}

/** 32 bits that follow from every bit of the numbers (FNV-1a by words). */
export function fingerprint(arrays: readonly Float32Array[]): number {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, length } of arrays) {
    const words = new Uint32Array(buffer, byteOffset, length);
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ words[i], 0x01000193);
  }
  return hash >>> 0;
}
