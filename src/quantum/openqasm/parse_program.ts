import { unknownName } from "../../_internal/check_options.ts";
import { readExpression } from "./expression.ts";
import type { Call, Event, GateDefinition, Operand, Program } from "./program.ts";
import { OpenQasmError, type Place, type Token, TokenReader } from "./tokens.ts";

const INCLUDES = ["qelib1.inc", "stdgates.inc"];
/** Statements of the language that a circuit here cannot follow. */
const BEYOND: Readonly<Record<string, string>> = {
  if: "gates that wait for a measurement are not supported; remove the condition",
  reset: "qubits cannot be reset; every circuit starts in |0…0>",
  opaque: "an opaque gate has no matrix; define it with gate … { … }",
  for: "loops are not supported; write the gates out",
  while: "loops are not supported; write the gates out",
  def: "subroutines are not supported; define a gate",
  defcal: "calibrations are not supported; remove them",
  ctrl: "modifiers are not supported; use cx, cp or another gate with a control",
  negctrl: "modifiers are not supported; put an x before and behind the control",
  inv: "modifiers are not supported; write the inverse gate",
  pow: "modifiers are not supported; write the gate several times",
  gphase: "a phase of the whole state has no effect; remove it",
};
const NUMBERS = ["float", "angle"];
const MOST_WIRES = 30;

/**
 * Reads OpenQASM 2, and of OpenQASM 3 what a circuit without classical logic needs.
 *
 * @throws {OpenQasmError} with line and column
 */
export function parseProgram(text: string): Program {
  return new ProgramReader(text).read();
}

class ProgramReader {
  readonly #reader: TokenReader;
  readonly #definitions = new Map<string, GateDefinition>();
  readonly #registers = new Map<string, { readonly first: number; readonly size: number }>();
  readonly #bits = new Set<string>();
  readonly #parameters: string[] = [];
  readonly #events: Event[] = [];
  #wires = 0;
  #library = false;

  constructor(text: string) {
    this.#reader = new TokenReader(text);
  }

  read(): Program {
    this.#version();
    while (this.#reader.next.kind !== "end") this.#statement();
    return {
      definitions: this.#definitions,
      registers: this.#registers,
      wires: this.#wires,
      parameters: this.#parameters,
      library: this.#library,
      events: this.#events,
    };
  }

  #version(): void {
    const reader = this.#reader;
    if (!reader.takeIf("OPENQASM")) {
      throw new OpenQasmError('the text must begin with "OPENQASM 2.0;"', reader.next);
    }
    const token = reader.expectKind("number", "a version");
    if (!/^[23](\.\d)?$/.test(token.value)) {
      throw new OpenQasmError(`version ${token.value} is not known; use 2.0 or 3.0`, token);
    }
    reader.expect(";");
  }

  #statement(): void {
    const reader = this.#reader, token = reader.next;
    if (reader.takeIf(";")) return;
    const { value } = token;
    if (token.kind === "name" && Object.hasOwn(BEYOND, value)) {
      throw new OpenQasmError(`"${value}": ${BEYOND[value]}`, token);
    }
    if (reader.takeIf("include")) return this.#include();
    if (reader.takeIf("qreg")) return this.#oldRegister((name, size) => this.#qubits(name, size));
    if (reader.takeIf("creg")) return this.#oldRegister((name) => this.#newBits(name));
    if (reader.takeIf("qubit")) return this.#newRegister((name, size) => this.#qubits(name, size));
    if (reader.takeIf("bit")) return this.#newRegister((name) => this.#newBits(name));
    if (reader.takeIf("input")) return this.#input();
    if (reader.takeIf("gate")) return this.#gate();
    if (reader.takeIf("barrier")) {
      reader.list(";", () => this.#operand());
      return;
    }
    if (reader.takeIf("measure")) return this.#measure(token);
    const call = this.#call();
    if (call !== undefined) this.#events.push({ kind: "call", ...call });
  }

  #include(): void {
    const file = this.#reader.expectKind("text", "the name of a file");
    const name = file.value.slice(1, -1);
    if (!INCLUDES.includes(name)) {
      throw new OpenQasmError(unknownName("include", "file", name, INCLUDES), file);
    }
    this.#library = true;
    this.#reader.expect(";");
  }

  #oldRegister(add: (name: Token, size: number) => void): void {
    const reader = this.#reader, name = reader.expectKind("name", "a name");
    reader.expect("[");
    add(name, reader.whole("the size"));
    reader.expect("]");
    reader.expect(";");
  }

  #newRegister(add: (name: Token, size: number) => void): void {
    const reader = this.#reader;
    let size = 1;
    if (reader.takeIf("[")) {
      size = reader.whole("the size");
      reader.expect("]");
    }
    const name = reader.expectKind("name", "a name");
    add(name, size);
    if (!reader.takeIf("=")) return void reader.expect(";");
    this.#measure(reader.expect("measure"));
  }

  #qubits(token: Token, size: number): void {
    this.#fresh(token);
    if (size < 1) throw new OpenQasmError("a register has at least one qubit", token);
    this.#registers.set(token.value, { first: this.#wires, size });
    this.#wires += size;
    if (this.#wires > MOST_WIRES) {
      throw new OpenQasmError(
        `${this.#wires} qubits are more than the ${MOST_WIRES} wires of a circuit; declare fewer`,
        token,
      );
    }
  }

  #newBits(token: Token): void {
    this.#fresh(token);
    this.#bits.add(token.value);
  }

  #fresh(token: Token): void {
    if (!this.#registers.has(token.value) && !this.#bits.has(token.value)) return;
    throw new OpenQasmError(`"${token.value}" is declared twice; take another name`, token);
  }

  #input(): void {
    const reader = this.#reader, type = reader.expectKind("name", "a type");
    if (!NUMBERS.includes(type.value)) {
      throw new OpenQasmError(unknownName("input", "type", type.value, NUMBERS), type);
    }
    if (reader.takeIf("[")) {
      reader.whole("a width");
      reader.expect("]");
    }
    const name = reader.expectKind("name", "a name");
    if (this.#parameters.includes(name.value)) {
      throw new OpenQasmError(`"${name.value}" is declared twice; take another name`, name);
    }
    this.#parameters.push(name.value);
    reader.expect(";");
  }

  #gate(): void {
    const reader = this.#reader, name = reader.expectKind("name", "a name");
    if (this.#definitions.has(name.value)) {
      throw new OpenQasmError(`gate "${name.value}" is defined twice; take another name`, name);
    }
    const word = () => reader.expectKind("name", "a name").value;
    const parameters = reader.takeIf("(") ? reader.list(")", word) : [];
    const wires = reader.list("{", word);
    const body: Call[] = [];
    while (!reader.takeIf("}")) {
      if (reader.takeIf("barrier")) {
        reader.list(";", word);
        continue;
      }
      const token = reader.next;
      if (token.kind === "name" && Object.hasOwn(BEYOND, token.value)) {
        throw new OpenQasmError(`"${token.value}": ${BEYOND[token.value]}`, token);
      }
      const call = this.#call();
      if (call !== undefined) body.push(call);
    }
    this.#definitions.set(name.value, { name: name.value, parameters, wires, body });
  }

  /** A gate with angles and operands; undefined for `c = measure q;`, which begins the same way. */
  #call(): Call | undefined {
    const reader = this.#reader, name = reader.expectKind("name", "a statement");
    if (this.#bits.has(name.value)) {
      if (reader.takeIf("[")) {
        reader.whole("an index");
        reader.expect("]");
      }
      reader.expect("=");
      this.#measure(reader.expect("measure"));
      return undefined;
    }
    const { line, column, value: gate } = name;
    const angles = reader.takeIf("(") ? reader.list(")", () => readExpression(reader)) : [];
    const operands = reader.list(";", () => this.#operand());
    return { gate, angles, operands, line, column };
  }

  #operand(): Operand {
    const reader = this.#reader;
    const { value: name, line, column } = reader.expectKind("name", "a qubit");
    if (!reader.takeIf("[")) return { name, line, column };
    const index = reader.whole("an index");
    reader.expect("]");
    return { name, index, line, column };
  }

  /** `measure q;` and `measure q -> c;`: which bit gets it plays no part, all wires are read. */
  #measure({ line, column }: Place): void {
    const operand = this.#operand();
    if (this.#reader.takeIf("->")) {
      const bits = this.#operand();
      if (!this.#bits.has(bits.name)) {
        const message = unknownName("measure", "classical register", bits.name, this.#bits);
        throw new OpenQasmError(message, bits);
      }
    }
    this.#reader.expect(";");
    this.#events.push({ kind: "measure", operand, line, column });
  }
}
