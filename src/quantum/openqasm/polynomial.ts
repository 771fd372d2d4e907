import { type Angle, inputAngle, productAngle, weightAngle } from "../angle.ts";

/** A sum of products of free names with factors; the key "" is the constant, "x0*x1" a product. */
export type Polynomial = ReadonlyMap<string, number>;

/** A number as a polynomial. */
export const constant = (value: number): Polynomial => new Map([["", value]]);

/** A free name as a polynomial. */
export const variable = (name: string): Polynomial => new Map([[name, 1]]);

/** The number that it is, or undefined when a name is free in it. */
export function valueOf(p: Polynomial): number | undefined {
  return [...p.keys()].every((key) => key === "") ? p.get("") ?? 0 : undefined;
}

/** `a + factor * b`. */
export function plus(a: Polynomial, b: Polynomial, factor = 1): Polynomial {
  const sum = new Map(a);
  for (const [key, value] of b) sum.set(key, (sum.get(key) ?? 0) + factor * value);
  return withoutZeros(sum);
}

/** The product. */
export function times(a: Polynomial, b: Polynomial): Polynomial {
  const product = new Map<string, number>();
  for (const [left, x] of a) {
    for (const [right, y] of b) {
      const key = [...namesOf(left), ...namesOf(right)].sort().join("*");
      product.set(key, (product.get(key) ?? 0) + x * y);
    }
  }
  return withoutZeros(product);
}

function withoutZeros(p: Map<string, number>): Polynomial {
  for (const [key, value] of p) if (value === 0 && key !== "") p.delete(key);
  return p;
}

/** The names of a product. */
export function namesOf(key: string): string[] {
  return key === "" ? [] : key.split("*");
}

/** What a free name stands for. */
export interface Parameter {
  readonly kind: "input" | "weight";
  readonly index: number;
}

/** Inputs are called x0, x1, …; all else are weights, w0, w1, … by their number. */
export function namedParameters(names: readonly string[]): ReadonlyMap<string, Parameter> {
  const numbered = (letter: string, name: string) =>
    new RegExp(`^${letter}(\\d+)$`).exec(name)?.[1];
  const taken = names.flatMap((name) => Number(numbered("w", name) ?? []));
  let next = Math.max(-1, ...taken.filter(Number.isInteger)) + 1;
  return new Map(names.map((name): [string, Parameter] => {
    const input = numbered("x", name), weight = numbered("w", name);
    if (input !== undefined) return [name, { kind: "input", index: Number(input) }];
    return [name, { kind: "weight", index: weight === undefined ? next++ : Number(weight) }];
  }));
}

/**
 * Angles whose sum is the polynomial: one where a circuit has an angle of that form, otherwise
 * several, which gates about one axis may turn by one after the other.
 *
 * @returns undefined when it is no sum of constants, inputs, products of two inputs, and weights
 */
export function anglesOf(
  p: Polynomial,
  parameters: ReadonlyMap<string, Parameter>,
): Angle[] | undefined {
  const product = factored(p, parameters);
  if (product !== undefined) return [product];
  const angles: Angle[] = [];
  let offset = p.get("") ?? 0;
  for (const [key, scale] of p) {
    const found = namesOf(key).map((name) => parameters.get(name)!);
    if (found.length === 0) continue;
    const [a, b] = found;
    if (found.length === 1 && a.kind === "weight") angles.push(weightAngle(a.index, { scale }));
    else if (found.length === 1) {
      // The constant goes into the first angle that can take it.
      angles.push(inputAngle(a.index, { scale, offset }));
      offset = 0;
    } else if (found.length === 2 && a.kind === "input" && b.kind === "input") {
      angles.push(productAngle([inputAngle(a.index), inputAngle(b.index)], { scale }));
    } else return undefined;
  }
  if (offset !== 0 || angles.length === 0) angles.push({ kind: "const", value: offset });
  return angles;
}

/** `scale * (x + a) * (y + b)` of two different inputs, if that is what it is. */
function factored(
  p: Polynomial,
  parameters: ReadonlyMap<string, Parameter>,
): Angle | undefined {
  const top = [...p.keys()].find((key) => namesOf(key).length === 2);
  if (top === undefined) return undefined;
  const [x, y] = namesOf(top);
  const inputs = [x, y].map((name) => parameters.get(name)!);
  const fits = [...p.keys()].every((key) => key === top || ["", x, y].includes(key));
  if (x === y || !fits || inputs.some(({ kind }) => kind !== "input")) return undefined;
  const scale = p.get(top)!, a = (p.get(y) ?? 0) / scale, b = (p.get(x) ?? 0) / scale;
  const rest = p.get("") ?? 0;
  if (Math.abs(scale * a * b - rest) > 1e-12 * Math.max(1, Math.abs(rest))) return undefined;
  return productAngle([
    inputAngle(inputs[0].index, { offset: a }),
    inputAngle(inputs[1].index, { offset: b }),
  ], { scale });
}
