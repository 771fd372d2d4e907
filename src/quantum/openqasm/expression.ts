import { unknownName } from "../../_internal/check_options.ts";
import { constant, plus, type Polynomial, times, valueOf } from "./polynomial.ts";
import { OpenQasmError, type Place, type TokenReader } from "./tokens.ts";

/** What names stand for. */
export type Scope = ReadonlyMap<string, Polynomial>;

/** An expression that was read and waits for its names. */
export type Expression = (scope: Scope) => Polynomial;

const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  tau: 2 * Math.PI,
  τ: 2 * Math.PI,
  euler: Math.E,
  ℇ: Math.E,
};

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
  sqrt: Math.sqrt,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
};

/** Reads `a + b`, `a - b`. */
export function readExpression(reader: TokenReader): Expression {
  let left = readProduct(reader);
  while (true) {
    const sign = reader.takeIf("+") ? 1 : reader.takeIf("-") ? -1 : 0;
    if (sign === 0) return left;
    const a = left, b = readProduct(reader);
    left = (scope) => plus(a(scope), b(scope), sign);
  }
}

function readProduct(reader: TokenReader): Expression {
  let left = readSigned(reader);
  while (true) {
    const at = reader.next;
    const a = left;
    if (reader.takeIf("*")) {
      const b = readSigned(reader);
      left = (scope) => times(a(scope), b(scope));
    } else if (reader.takeIf("/")) {
      const b = readSigned(reader);
      left = (scope) => {
        const divisor = numberOf(b(scope), "a divisor", at);
        if (divisor === 0) throw new OpenQasmError("division by zero", at);
        return times(a(scope), constant(1 / divisor));
      };
    } else return left;
  }
}

function readSigned(reader: TokenReader): Expression {
  if (reader.takeIf("+")) return readSigned(reader);
  if (!reader.takeIf("-")) return readPower(reader);
  const inner = readSigned(reader);
  return (scope) => times(constant(-1), inner(scope));
}

function readPower(reader: TokenReader): Expression {
  const base = readAtom(reader);
  const at = reader.next;
  if (!reader.takeIf("^") && !reader.takeIf("**")) return base;
  const exponent = readSigned(reader);
  return (scope) => {
    const power = numberOf(exponent(scope), "an exponent", at);
    const p = base(scope), value = valueOf(p);
    if (value !== undefined) return constant(value ** power);
    if (power === 1) return p;
    if (power === 2) return times(p, p);
    throw new OpenQasmError(`a free parameter to the power of ${power} is no angle here`, at);
  };
}

function readAtom(reader: TokenReader): Expression {
  const token = reader.take();
  if (token.kind === "number") {
    const value = constant(Number(token.value));
    return () => value;
  }
  if (token.value === "(") {
    const inner = readExpression(reader);
    reader.expect(")");
    return inner;
  }
  if (token.kind !== "name") {
    throw new OpenQasmError(`expected a number, found "${token.value}"`, token);
  }
  const name = token.value;
  if (reader.takeIf("(")) {
    if (!Object.hasOwn(FUNCTIONS, name)) {
      const known = Object.keys(FUNCTIONS);
      throw new OpenQasmError(unknownName("angle", "function", name, known), token);
    }
    const argument = readExpression(reader);
    reader.expect(")");
    return (scope) =>
      constant(FUNCTIONS[name](numberOf(argument(scope), `the argument of ${name}()`, token)));
  }
  return (scope) => {
    const found = scope.get(name);
    if (found !== undefined) return found;
    if (Object.hasOwn(CONSTANTS, name)) return constant(CONSTANTS[name]);
    const known = [...scope.keys(), ...Object.keys(CONSTANTS)];
    throw new OpenQasmError(unknownName("angle", "parameter", name, known), token);
  };
}

function numberOf(p: Polynomial, what: string, at: Place): number {
  const value = valueOf(p);
  if (value !== undefined) return value;
  throw new OpenQasmError(`${what} must be a number, and a free parameter stands in it`, at);
}
