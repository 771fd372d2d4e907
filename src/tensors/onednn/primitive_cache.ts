import type { Primitive } from "./primitive.ts";

/** Primitives by what they compute; those that were not used for longest are freed. */
export class PrimitiveCache {
  readonly #capacity: number;
  /** From the one used longest ago to the one used last; a text says why there is none. */
  readonly #kept = new Map<string, Primitive | string>();

  constructor(capacity = 256) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** What is kept under a key, or what `build` makes; why it could not is kept as well. */
  get(key: string, build: () => Primitive): Primitive | string {
    const found = this.#kept.get(key) ?? built(build);
    this.#kept.delete(key);
    this.#kept.set(key, found);
    if (this.#kept.size > this.#capacity) {
      const [oldest] = this.#kept.keys();
      this.#drop(oldest);
    }
    return found;
  }

  /** Frees all. */
  clear(): void {
    for (const key of [...this.#kept.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    if (found !== undefined && typeof found !== "string") found.free();
  }
}

function built(build: () => Primitive): Primitive | string {
  try {
    return build();
  } catch (error) {
    return (error as Error).message;
  }
}
