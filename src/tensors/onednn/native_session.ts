import type { TensorInfo } from "@tensorflow/tfjs";
import { address, type WasmBackend } from "../kernels/wasm_heap.ts";
import type { Onednn } from "./onednn.ts";
import type { Primitive } from "./primitive.ts";
import { PrimitiveCache } from "./primitive_cache.ts";

/** A kernel that was left to the wasm backend all the same. */
export interface KernelFallback {
  readonly kernel: string;
  readonly reason: string;
  /** How often so far. */
  count: number;
}

/** An open oneDNN that computes on the tensors of a wasm backend, where they are. */
export class NativeSession {
  readonly onednn: Onednn;
  readonly primitives = new PrimitiveCache();
  /** Grows with each new reason; there are few. */
  readonly fallbacks: KernelFallback[] = [];
  readonly #backend: WasmBackend;
  #memory: ArrayBufferLike | undefined;
  #base = 0;

  constructor(onednn: Onednn, backend: WasmBackend) {
    this.onednn = onednn;
    this.#backend = backend;
  }

  /** Computes a tensor with the primitive kept under a key; a text says why it cannot. */
  compute(
    key: string,
    { build, inputs, output }: {
      readonly build: (onednn: Onednn) => Primitive;
      readonly inputs: readonly TensorInfo[];
      /** Makes the tensor that is written last. */
      readonly output: () => TensorInfo;
    },
  ): TensorInfo | string {
    const primitive = this.primitives.get(key, () => {
      this.onednn.scratch.clear();
      return build(this.onednn);
    });
    if (typeof primitive === "string") return primitive;
    // Before the heap is asked where it is: making this may let it grow, and with it move.
    const result = output();
    const base = this.#heapBase();
    try {
      primitive.run([...inputs, result].map((tensor) => base + address(this.#backend, tensor)));
    } catch (error) {
      this.#backend.disposeData(result.dataId);
      return (error as Error).message;
    }
    return result;
  }

  /** Notes that a kernel was left to the wasm backend. */
  note(kernel: string, reason: string): void {
    const known = this.fallbacks.find((one) => one.kernel === kernel && one.reason === reason);
    if (known === undefined) this.fallbacks.push({ kernel, reason, count: 1 });
    else known.count++;
  }

  close(): void {
    this.primitives.clear();
    this.onednn.close();
  }

  /** Where the heap begins in the memory of the process; asked again after each growth. */
  #heapBase(): number {
    const { buffer } = this.#backend.wasm.asm.memory;
    if (buffer !== this.#memory) {
      this.#base = this.onednn.addressOf(new Uint8Array(buffer));
      this.#memory = buffer;
    }
    return this.#base;
  }
}
