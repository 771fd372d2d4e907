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

/** Brackets within brackets; nobody writes more, and each costs stack. */
const DEEPEST = 100;

/** Reads `a + b`, `a - b`. */
export function readExpression(reader: TokenReader, depth = 0): Expression {
  if (depth > DEEPEST) {
    throw new OpenQasmError(`more than ${DEEPEST} levels of an angle; write it out`, reader.next);
  }
  let left = readProduct(reader, depth);
  while (true) {
    const sign = reader.takeIf("+") ? 1 : reader.takeIf("-") ? -1 : 0;
    if (sign === 0) return left;
    const a = left, b = readProduct(reader, depth);
    left = (scope) => plus(a(scope), b(scope), sign);
  }
}

function readProduct(reader: TokenReader, depth: number): Expression {
  let left = readSigned(reader, depth);
  while (true) {
    const at = reader.next;
    const a = left;
    if (reader.takeIf("*")) {
      const b = readSigned(reader, depth);
      left = (scope) => times(a(scope), b(scope));
    } else if (reader.takeIf("/")) {
      const b = readSigned(reader, depth);
      left = (scope) => {
        const divisor = numberOf(b(scope), "a divisor", at);
        if (divisor === 0) throw new OpenQasmError("division by zero", at);
        return times(a(scope), constant(1 / divisor));
      };
    } else return left;
  }
}

function readSigned(reader: TokenReader, depth: number): Expression {
  let sign = 1;
  while (reader.next.kind === "symbol" && /^[+-]$/.test(reader.next.value)) {
    if (reader.take().value === "-") sign = -sign;
  }
  const inner = readPower(reader, depth);
  return sign === 1 ? inner : (scope) => times(constant(-1), inner(scope));
}

function readPower(reader: TokenReader, depth: number): Expression {
  const base = readAtom(reader, depth);
  const at = reader.next;
  if (!reader.takeIf("^") && !reader.takeIf("**")) return base;
  const exponent = readSigned(reader, depth + 1);
  return (scope) => {
    const power = numberOf(exponent(scope), "an exponent", at);
    const p = base(scope), value = valueOf(p);
    if (value !== undefined) return constant(value ** power);
    if (power === 1) return p;
    if (power === 2) return times(p, p);
    throw new OpenQasmError(`a free parameter to the power of ${power} is no angle here`, at);
  };
}

function readAtom(reader: TokenReader, depth: number): Expression {
  const token = reader.take();
  if (token.kind === "number") {
    const value = constant(Number(token.value));
    return () => value;
  }
  if (token.value === "(") {
    const inner = readExpression(reader, depth + 1);
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
    const argument = readExpression(reader, depth + 1);
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
