import type { WasmBackend } from "../kernels/wasm_heap.ts";
import type { Onednn } from "./onednn.ts";
import type { Primitive } from "./primitive.ts";
import { PrimitiveCache } from "./primitive_cache.ts";

/** What was left to the wasm backend all the same. */
export interface KernelFallback {
  /** A kernel's name, or a pass of convolutions. */
  readonly kernel: string;
  /** Why. */
  readonly reason: string;
  /** How often so far. */
  count: number;
}

/** An open oneDNN that computes on the tensors of a wasm backend, where they are. */
export class NativeSession {
  readonly onednn: Onednn;
  readonly backend: WasmBackend;
  readonly primitives = new PrimitiveCache();
  /** Grows with each new reason; there are few. */
  readonly fallbacks: KernelFallback[] = [];
  #memory: ArrayBufferLike | undefined;
  #base = 0;

  constructor(onednn: Onednn, backend: WasmBackend) {
    this.onednn = onednn;
    this.backend = backend;
  }

  /**
   * Runs the primitive kept under a key on numbers at these places of the heap, one for each operand;
   * a text says why it cannot.
   */
  run(
    key: string,
    build: (onednn: Onednn) => Primitive,
    places: readonly number[],
  ): string | undefined {
    const primitive = this.primitives.get(key, () => {
      this.onednn.scratch.clear();
      return build(this.onednn);
    });
    if (typeof primitive === "string") return primitive;
    const base = this.#heapBase();
    return primitive.run(places.map((place) => base + place));
  }

  /** Notes that something was left to the wasm backend. */
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
    const { buffer } = this.backend.wasm.asm.memory;
    if (buffer !== this.#memory) {
      this.#base = this.onednn.addressOf(new Uint8Array(buffer));
      this.#memory = buffer;
    }
    return this.#base;
  }
}
