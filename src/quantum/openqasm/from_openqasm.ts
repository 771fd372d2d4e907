import { checkOptions, unknownName } from "../../_internal/check_options.ts";
import { type Circuit, defineCircuit, type Observable } from "../circuit.ts";
import { type GateName, GATES } from "../gates.ts";
import { checkCounts } from "./check_call.ts";
import { OperationList } from "./operation_list.ts";
import type { Scope } from "./expression.ts";
import { GATE_LIBRARY } from "./gate_library.ts";
import { parseProgram } from "./parse_program.ts";
import type { Call, GateDefinition, Operand, Program } from "./program.ts";
import { namedParameters, variable } from "./polynomial.ts";
import { OpenQasmError } from "./tokens.ts";

/** Options of {@linkcode fromOpenQasm}. */
export interface FromOpenQasmOptions {
  /** What is measured at the end. @default {"z"} */
  readonly observable?: Observable;
  /** Reads this gate of the text as the circuit, its arguments as parameters. @default the program */
  readonly gate?: string;
}

/** Names of the gate with three angles. */
const UNIVERSAL: readonly string[] = ["u", "u3"];
/** Gates within gates. */
const DEEPEST = 200;

/**
 * Reads OpenQASM 2 with the gates of qelib1.inc and gates of its own, and the part of OpenQASM 3
 * that {@linkcode toOpenQasm} writes (`input float`, `qubit`, `bit`, `c = measure q`). Qubits become
 * wires in the order of declaration. Free parameters `x0, x1, …` become inputs, all others weights:
 * `w0, w1, …` by their number, the rest in the order of declaration. Measurements may only stand at
 * the end, as all wires are read there anyway. Gates that this project does not have are unfolded, up
 * to a phase of the whole state.
 *
 * @throws {OpenQasmError} with line and column, what was found and what would do
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fromOpenQasm } from "@qsight/qsight/quantum";
 * const circuit = fromOpenQasm(`
 *   OPENQASM 2.0;
 *   include "qelib1.inc";
 *   gate turn(a) q { ry(2*a) q; }
 *   qreg q[2];
 *   turn(pi/4) q[0];
 *   cx q[0], q[1];
 * `);
 * assert.deepEqual(circuit.operations.map(({ gate }) => gate), ["ry", "cx"]);
 * assert.throws(() => fromOpenQasm("OPENQASM 2.0;\nqreg q[2];\nhh q[0];"), /line 3, column 1/);
 * ```
 */
export function fromOpenQasm(text: string, options: FromOpenQasmOptions = {}): Circuit {
  checkOptions("fromOpenQasm()", options, ["observable", "gate"]);
  const program = parseProgram(text);
  return new Unfolder(program, options).circuit();
}

let library: ReadonlyMap<string, GateDefinition> | undefined;

class Unfolder {
  readonly #program: Program;
  readonly #options: FromOpenQasmOptions;
  readonly #measured = new Set<number>();
  #list = new OperationList(new Map());
  #depth = 0;

  constructor(program: Program, options: FromOpenQasmOptions) {
    this.#program = program;
    this.#options = options;
  }

  circuit(): Circuit {
    const { observable, gate } = this.#options;
    const wires = gate === undefined ? this.#unfoldProgram() : this.#unfoldGate(gate);
    return defineCircuit({
      wires,
      operations: this.#list.operations,
      inputs: this.#list.count("input"),
      weights: this.#list.count("weight"),
      observable,
    });
  }

  #unfoldProgram(): number {
    const { events, wires, parameters } = this.#program;
    if (wires === 0) {
      throw new OpenQasmError("no qubits are declared; write qreg q[2];", { line: 1, column: 1 });
    }
    this.#list = new OperationList(namedParameters(parameters));
    const scope = new Map(parameters.map((name) => [name, variable(name)]));
    for (const event of events) {
      if (event.kind === "measure") {
        for (const wire of this.#wiresOf(event.operand)) this.#measured.add(wire);
        continue;
      }
      for (const wires of this.#broadcast(event)) this.#apply(event, wires, scope);
    }
    return wires;
  }

  #unfoldGate(name: string): number {
    const definition = this.#program.definitions.get(name);
    if (definition === undefined) {
      const known = this.#program.definitions.keys();
      throw new TypeError(unknownName("fromOpenQasm()", "gate", name, known));
    }
    this.#list = new OperationList(namedParameters(definition.parameters));
    const scope = new Map(definition.parameters.map((name) => [name, variable(name)]));
    this.#unfold(definition, definition.wires.map((_, i) => i), scope);
    return definition.wires.length;
  }

  #wiresOf(operand: Operand): number[] {
    const { name, index } = operand;
    const register = this.#program.registers.get(name);
    if (register === undefined) {
      const known = this.#program.registers.keys();
      throw new OpenQasmError(unknownName("operand", "quantum register", name, known), operand);
    }
    const { first, size } = register;
    if (index === undefined) return Array.from({ length: size }, (_, i) => first + i);
    if (index < size) return [first + index];
    throw new OpenQasmError(`${name}[${index}] is outside ${name}[0…${size - 1}]`, operand);
  }

  /** `cx a, b;` of whole registers is one gate for each place. */
  #broadcast(call: Call): number[][] {
    const lists = call.operands.map((operand) => this.#wiresOf(operand));
    const whole = call.operands.map(({ index }) => index === undefined);
    const sizes = lists.filter((_, i) => whole[i]).map((list) => list.length);
    if (sizes.some((size) => size !== sizes[0])) {
      throw new OpenQasmError(`registers of ${sizes.join(" and ")} qubits do not match`, call);
    }
    return Array.from(
      { length: sizes[0] ?? 1 },
      (_, k) => lists.map((list, i) => whole[i] ? list[k] : list[0]),
    );
  }

  #apply(call: Call, wires: readonly number[], scope: Scope): void {
    const late = wires.find((wire) => this.#measured.has(wire));
    if (late !== undefined) {
      throw new OpenQasmError(
        `"${call.gate}" acts on a qubit that was measured before; measure at the end`,
        call,
      );
    }
    const { gate } = call;
    const angles = call.angles.map((angle) => angle(scope));
    const definition = this.#program.definitions.get(gate) ?? this.#fromLibrary(gate);
    if (definition !== undefined) {
      checkCounts(call, { angles: definition.parameters.length, wires: definition.wires.length });
      const inner = new Map(definition.parameters.map((name, i) => [name, angles[i]]));
      return this.#unfold(definition, wires, inner);
    }
    if (gate === "U" || (this.#program.library && UNIVERSAL.includes(gate))) {
      return this.#list.universal(call, wires, angles);
    }
    if (gate === "CX") return this.#list.push(call, "cx", wires);
    if (!this.#isNative(gate)) throw this.#unknown(call);
    this.#list.push(call, gate, wires, angles);
  }

  #unfold(definition: GateDefinition, wires: readonly number[], scope: Scope): void {
    const places = new Map(definition.wires.map((name, i) => [name, wires[i]]));
    for (const call of definition.body) {
      const on = call.operands.map((operand) => {
        const wire = places.get(operand.name);
        if (wire !== undefined && operand.index === undefined) return wire;
        const message = unknownName(
          `gate "${definition.name}"`,
          "qubit",
          operand.name,
          places.keys(),
        );
        throw new OpenQasmError(message, operand);
      });
      if (++this.#depth > DEEPEST) {
        throw new OpenQasmError(`gate "${call.gate}" comes to call itself; unfold it`, call);
      }
      this.#apply(call, on, scope);
      this.#depth--;
    }
  }

  #isNative(gate: string): gate is GateName {
    return this.#program.library && Object.hasOwn(GATES, gate) && gate !== "unitary";
  }

  #fromLibrary(gate: string): GateDefinition | undefined {
    if (!this.#program.library || Object.hasOwn(GATES, gate)) return undefined;
    library ??= parseProgram(`OPENQASM 2.0; ${GATE_LIBRARY}`).definitions;
    return library.get(gate);
  }

  #unknown(call: Call): OpenQasmError {
    const { library: included, definitions } = this.#program;
    if (!included) {
      return new OpenQasmError(
        `gate "${call.gate}" is not defined; write include "qelib1.inc"; above, or define it`,
        call,
      );
    }
    const known = [
      ...definitions.keys(),
      ...Object.keys(GATES).filter((gate) => this.#isNative(gate)),
      ...(library?.keys() ?? []),
    ];
    return new OpenQasmError(unknownName("program", "gate", call.gate, known), call);
  }
}
