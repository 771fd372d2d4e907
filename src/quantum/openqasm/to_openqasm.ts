import { checkOptions } from "../../_internal/check_options.ts";
import { type AffineInput, type Angle, angleValue } from "../angle.ts";
import { anglesOf, type Circuit, type Operation } from "../circuit.ts";
import { elementaryOperations } from "../elementary_operations.ts";
import { freeAngles } from "../free_angles.ts";
import type { GateName } from "../gates.ts";
import { checkArgs, type FloatArray } from "../simulator_contract.ts";

/** Options of {@linkcode toOpenQasm}. */
export interface ToOpenQasmOptions {
  /** 3 keeps free parameters as `input float`; 2 has none. @default {3} */
  readonly version?: 2 | 3;
  /** One input row that takes the place of the parameters. @default parameters stay free */
  readonly inputs?: FloatArray;
  /** Weights that take the place of the parameters. @default parameters stay free */
  readonly weights?: FloatArray;
  /** Writes the circuit as a gate of this name, whose arguments are the parameters, and calls it. */
  readonly gate?: string;
  /** Whether all wires are measured at the end. @default {true} */
  readonly measure?: boolean;
}

/**
 * Writes a circuit as OpenQASM. Wire i is `q[i]`, input i the parameter `xi`, weight i `wi`. Gates
 * about two axes, which readers understand differently, are written as CX and RZ.
 *
 * @throws {TypeError} for version 2 with parameters left free
 * @throws {RangeError} for a matrix on two wires
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, toOpenQasm } from "@qsight/qsight/quantum";
 * assert.match(toOpenQasm(angleEncoding(1)), /input float\[64\] x0;[\s\S]*ry\(x0\) q\[0\];/);
 * const inputs = Float64Array.of(0.5), weights = new Float64Array(0);
 * assert.match(toOpenQasm(angleEncoding(1), { version: 2, inputs, weights }), /ry\(0.5\) q\[0\];/);
 * ```
 */
export function toOpenQasm(circuit: Circuit, options: ToOpenQasmOptions = {}): string {
  checkOptions("toOpenQasm()", options, ["version", "inputs", "weights", "gate", "measure"]);
  const { version = 3, gate, measure = true } = options;
  if (version !== 2 && version !== 3) {
    throw new TypeError(`toOpenQasm(): version must be 2 or 3, found ${version}`);
  }
  const numbers = numbersOf(circuit, options);
  const names = [
    ...Array.from({ length: circuit.inputs }, (_, i) => `x${i}`),
    ...Array.from({ length: circuit.weights }, (_, i) => `w${i}`),
  ];
  if (version === 2 && numbers === undefined && (gate !== undefined || anyFree(circuit))) {
    throw new TypeError(
      `toOpenQasm(): OpenQASM 2 has no free parameters, and the circuit has ${names.length}; ` +
        "give inputs and weights (and gate, to keep the formulas), or version: 3",
    );
  }
  const body = (bound: boolean, wireName: (wire: number) => string) =>
    circuit.operations.flatMap((operation) =>
      statements(operation, bound ? numbers : undefined, wireName)
    );
  const wires = Array.from({ length: circuit.wires }, (_, i) => i);
  const q = (wire: number) => `q[${wire}]`;
  const given = numbers === undefined ? names : [...numbers.inputs, ...numbers.weights].map(number);
  const call = (list: readonly string[]) => list.length === 0 ? "" : `(${list.join(", ")})`;
  const lines = [
    `OPENQASM ${version}.0;`,
    `include "${version === 2 ? "qelib1" : "stdgates"}.inc";`,
    ...(numbers === undefined ? names.map((name) => `input float[64] ${name};`) : []),
    ...(gate === undefined ? [] : [
      `gate ${gate}${call(names)} ${wires.map((wire) => `q${wire}`).join(", ")} {`,
      ...body(false, (wire) => `q${wire}`).map((line) => `  ${line}`),
      "}",
    ]),
    version === 2 ? `qreg q[${circuit.wires}];` : `qubit[${circuit.wires}] q;`,
    ...(measure ? [version === 2 ? `creg c[${circuit.wires}];` : `bit[${circuit.wires}] c;`] : []),
    ...(gate === undefined ? body(true, q) : [`${gate}${call(given)} ${wires.map(q).join(", ")};`]),
    ...(measure ? [version === 2 ? "measure q -> c;" : "c = measure q;"] : []),
  ];
  return lines.join("\n") + "\n";
}

interface Numbers {
  readonly inputs: FloatArray;
  readonly weights: FloatArray;
}

function numbersOf(circuit: Circuit, options: ToOpenQasmOptions): Numbers | undefined {
  const none = new Float64Array(0);
  const { inputs = circuit.inputs === 0 ? none : undefined } = options;
  const { weights = circuit.weights === 0 ? none : undefined } = options;
  if (inputs === undefined && weights === undefined) return undefined;
  if (inputs === undefined || weights === undefined) {
    if (options.inputs === undefined && options.weights === undefined) return undefined;
    throw new TypeError("toOpenQasm(): give both inputs and weights, or neither");
  }
  checkArgs("toOpenQasm()", circuit, { inputs, weights, batch: 1 });
  return { inputs, weights };
}

const anyFree = (circuit: Circuit) => freeAngles(circuit).length > 0;

/** The gates around a ZZ rotation that make it an XX or YY rotation. */
const AROUND: Partial<Record<GateName, readonly [before: string, after: string]>> = {
  rxx: ["h", "h"],
  ryy: ["rx(pi/2)", "rx(-pi/2)"],
  rzz: ["", ""],
};

function statements(
  operation: Operation,
  numbers: Numbers | undefined,
  nameOf: (wire: number) => string,
): string[] {
  const { gate, wires } = operation;
  if (gate === "unitary") {
    if (wires.length > 1) {
      throw new RangeError(
        "toOpenQasm(): OpenQASM has no matrices on two wires; write this one as gates",
      );
    }
    return elementaryOperations([operation]).flatMap((one) => statements(one, numbers, nameOf));
  }
  const on = wires.map(nameOf);
  const texts = anglesOf(operation).map((angle) =>
    numbers === undefined ? expression(angle) : number(angleValue(angle, { ...numbers, row: 0 }))
  );
  const around = AROUND[gate];
  if (around === undefined) {
    const angles = texts.length === 0 ? "" : `(${texts.join(", ")})`;
    return [`${gate === "u" ? "u3" : gate}${angles} ${on.join(", ")};`];
  }
  const each = (turn: string) => turn === "" ? [] : on.map((wire) => `${turn} ${wire};`);
  return [
    ...each(around[0]),
    `cx ${on.join(", ")};`,
    `rz(${texts[0]}) ${on[1]};`,
    `cx ${on.join(", ")};`,
    ...each(around[1]),
  ];
}

function expression(angle: Angle): string {
  switch (angle.kind) {
    case "const":
      return number(angle.value);
    case "input":
      return affine(angle);
    case "weight":
      return scaled(angle.scale, `w${angle.index}`);
    case "product":
      return scaled(angle.scale, angle.factors.map((factor) => `(${affine(factor)})`).join("*"));
  }
}

function affine({ index, scale, offset }: AffineInput): string {
  const linear = scaled(scale, `x${index}`);
  if (offset === 0) return linear;
  return `${linear} ${offset < 0 ? "-" : "+"} ${number(Math.abs(offset))}`;
}

function scaled(scale: number, what: string): string {
  return scale === 1 ? what : `${number(scale)}*${what}`;
}

/** All digits; simple fractions of π by name where that is the same number. */
function number(value: number): string {
  for (const below of [1, 2, 4, 8]) {
    const above = Math.round(value * below / Math.PI);
    if (above === 0 || Math.abs(above) > 16 || above * Math.PI / below !== value) continue;
    const top = above === 1 ? "pi" : above === -1 ? "-pi" : `${above}*pi`;
    return below === 1 ? top : `${top}/${below}`;
  }
  return String(value);
}
