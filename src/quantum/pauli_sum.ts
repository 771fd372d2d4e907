import { unknownName } from "../_internal/check_options.ts";
import { type Circuit, defineCircuit, type OperationDeclaration } from "./circuit.ts";

/**
 * A sum of Pauli strings: `"ZZI"` for one with coefficient 1, `{ ZZI: 0.5, IXX: -1 }` for several.
 * One letter a wire, wire 0 first (Qiskit writes qubit 0 last).
 */
export type PauliSum = string | Readonly<Record<string, number>>;

/** Pauli strings that can be measured together, as no wire asks for two different axes. */
export interface PauliGroup {
  /** For each wire the axis that is turned to Z before measuring; "I" where any will do. */
  readonly basis: string;
  /** The strings that are measured so. */
  readonly terms: readonly PauliTerm[];
}

/** A Pauli string of a group. */
export interface PauliTerm {
  /** The wires that count, wire 0 as the most significant bit. */
  readonly mask: number;
  /** For each observable, how much of the string is in it. */
  readonly coefficients: Float64Array;
  /** Where that is not 0. */
  readonly present: readonly number[];
}

/**
 * Sorts the strings of several observables into groups, each of which takes one circuit.
 *
 * @throws {RangeError} for strings of another length, letters that are no Pauli matrix, and
 * coefficients that are not finite
 */
export function groupPaulis(
  where: string,
  observables: readonly PauliSum[],
  wires: number,
): PauliGroup[] {
  const strings = new Map<string, Float64Array>();
  observables.forEach((observable, i) => {
    const sum = typeof observable === "string" ? { [observable]: 1 } : observable;
    if (typeof sum !== "object" || sum === null || Array.isArray(sum)) {
      throw new TypeError(
        `${where}: observable ${i} is ${sum}; give "ZZ", or { ZZ: 0.5, XI: 1 }`,
      );
    }
    for (const [string, coefficient] of Object.entries(sum)) {
      checkTerm(`${where}: observable ${i}`, string, { coefficient, wires });
      const row = strings.get(string) ?? new Float64Array(observables.length);
      row[i] += coefficient;
      strings.set(string, row);
    }
  });
  const groups: { basis: string; terms: PauliTerm[] }[] = [];
  for (const [string, coefficients] of strings) {
    const present = [...coefficients.keys()].filter((i) => coefficients[i] !== 0);
    const term = { mask: maskOf(string), coefficients, present };
    const group = groups.find(({ basis }) => goTogether(basis, string));
    if (group === undefined) groups.push({ basis: string, terms: [term] });
    else {
      group.basis = joined(group.basis, string);
      group.terms.push(term);
    }
  }
  return groups;
}

function checkTerm(
  where: string,
  string: string,
  { coefficient, wires }: { readonly coefficient: number; readonly wires: number },
): void {
  const odd = [...string].find((letter) => !"IXYZ".includes(letter));
  if (odd !== undefined) {
    throw new RangeError(unknownName(`${where}, "${string}"`, "Pauli matrix", odd, [..."IXYZ"]));
  }
  if (string.length !== wires) {
    throw new RangeError(
      `${where}: "${string}" has ${string.length} letters, the circuit has ${wires} wires; ` +
        "write one letter a wire, I where nothing is measured",
    );
  }
  if (typeof coefficient !== "number" || !Number.isFinite(coefficient)) {
    throw new RangeError(`${where}: the coefficient of "${string}" is ${coefficient}, not finite`);
  }
}

function goTogether(a: string, b: string): boolean {
  return [...a].every((letter, i) => letter === "I" || b[i] === "I" || letter === b[i]);
}

function joined(a: string, b: string): string {
  return [...a].map((letter, i) => letter === "I" ? b[i] : letter).join("");
}

/** The wires that count, wire 0 as the most significant bit. */
function maskOf(string: string): number {
  return [...string].reduce((mask, letter) => 2 * mask + (letter === "I" ? 0 : 1), 0);
}

const measured = new WeakMap<Circuit, Map<string, Circuit>>();

/** The circuit with the gates that turn each axis of `basis` to Z, and probabilities as its answer. */
export function measuredIn(circuit: Circuit, basis: string): Circuit {
  const made = measured.get(circuit) ?? new Map<string, Circuit>();
  measured.set(circuit, made);
  const turns = [...basis].flatMap((letter, wire): OperationDeclaration[] => {
    if (letter === "X") return [{ gate: "h", wires: [wire] }];
    return letter === "Y" ? [{ gate: "rx", wires: [wire], angle: Math.PI / 2 }] : [];
  });
  const key = turns.length === 0 ? "" : basis;
  const known = made.get(key) ?? defineCircuit({
    ...circuit,
    operations: [...circuit.operations, ...turns],
    observable: "probabilities",
    outputs: undefined,
  });
  made.set(key, known);
  return known;
}

/** Of each observable the value that the strings of a group add to it in a basis state. */
export function valueIn(group: PauliGroup, state: number, into: Float64Array): Float64Array {
  into.fill(0);
  for (const { mask, coefficients, present } of group.terms) {
    const sign = oddBits(state & mask) ? -1 : 1;
    for (const i of present) into[i] += sign * coefficients[i];
  }
  return into;
}

/** `[2 ** wires, count]`: the values in all basis states. */
export function valueTable(group: PauliGroup, wires: number, count: number): Float64Array {
  const values = new Float64Array(2 ** wires * count);
  for (let state = 0; state < 2 ** wires; state++) {
    valueIn(group, state, values.subarray(state * count, (state + 1) * count));
  }
  return values;
}

function oddBits(x: number): boolean {
  x ^= x >> 16;
  x ^= x >> 8;
  x ^= x >> 4;
  return ((0x6996 >> (x & 15)) & 1) === 1;
}
