/**
 * Own properties put on other people's objects, and taken off again so that nothing remains. A
 * property counts as put only while it still has the value given here, so that somebody's later
 * change is never undone by mistake.
 */
export class Patches {
  #put: { target: object; key: PropertyKey; value: unknown; before?: PropertyDescriptor }[] = [];

  /** Puts a value, unless it is there already. */
  put(target: object, key: PropertyKey, value: unknown): void {
    if (this.has(target, key)) return;
    const before = Object.getOwnPropertyDescriptor(target, key);
    this.#put.push({ target, key, value, before });
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: before?.enumerable ?? false,
      configurable: true,
    });
  }

  /** Whether a value put here is still in its place. */
  has(target: object, key: PropertyKey): boolean {
    return this.#put.some((put) =>
      put.target === target && put.key === key &&
      Object.getOwnPropertyDescriptor(target, key)?.value === put.value
    );
  }

  /** Takes everything off, last put first. */
  takeOff(): void {
    for (const { target, key, value, before } of this.#put.reverse()) {
      if (Object.getOwnPropertyDescriptor(target, key)?.value !== value) continue;
      if (before === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, before);
    }
    this.#put = [];
  }
}
