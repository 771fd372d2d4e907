import { unknownName } from "../_internal/check_options.ts";

/** The names of the members of `T` that can be called. */
export type MethodName<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never;
}[keyof T];

/** `T` whose methods `K` return promises; everything else as it was. */
export type Guarded<T, K extends keyof T> = {
  [P in keyof T]: P extends K
    ? T[P] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : T[P]
    : T[P];
};

type Method = (...args: unknown[]) => unknown;

/** Runs one call of a guarded method. */
type Around = (call: () => unknown) => unknown;

/**
 * A stand-in for `object` whose named methods go through `around`. Calls reach the object itself as
 * `this`, so that private fields work and its own inner calls do not come through here again.
 *
 * @throws {TypeError} when a name is not a method of the object
 */
export function guardMethods<T extends object>(
  object: T,
  { methods, around, where }: {
    readonly methods: readonly PropertyKey[];
    readonly around: Around;
    readonly where: string;
  },
): T {
  for (const name of methods) {
    if (typeof Reflect.get(object, name) !== "function") {
      throw new TypeError(unknownName(where, "method", String(name), methodNames(object)));
    }
  }
  const made = new Map<PropertyKey, { readonly of: Method; readonly call: Method }>();
  const wrap = (name: PropertyKey, method: Method): Method => {
    const known = made.get(name);
    if (known?.of === method) return known.call;
    const direct: Method = (...args) => Reflect.apply(method, object, args);
    const call: Method = methods.includes(name)
      ? (...args) => around(() => direct(...args))
      : direct;
    made.set(name, { of: method, call });
    return call;
  };
  // The proxy stands on an empty object: one on a frozen object may not change what it returns.
  return new Proxy({} as T, {
    get(_, name) {
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === "function" && name !== "constructor"
        ? wrap(name, value as Method)
        : value;
    },
    set: (_, name, value) => Reflect.set(object, name, value, object),
    has: (_, name) => Reflect.has(object, name),
    deleteProperty: (_, name) => Reflect.deleteProperty(object, name),
    ownKeys: () => Reflect.ownKeys(object),
    getPrototypeOf: () => Reflect.getPrototypeOf(object),
    getOwnPropertyDescriptor(_, name) {
      const found = Reflect.getOwnPropertyDescriptor(object, name);
      return found && { ...found, configurable: true };
    },
  });
}

function methodNames(object: object): string[] {
  const names = new Set<string>();
  for (
    let at: object | null = object;
    at && at !== Object.prototype;
    at = Reflect.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name !== "constructor" && typeof Reflect.get(object, name) === "function") {
        names.add(name);
      }
    }
  }
  return [...names];
}
