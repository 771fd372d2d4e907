import type { Angle } from "../angle.ts";
import type { Operation } from "../circuit.ts";
import { type GateName, GATES } from "../gates.ts";
import { checkCounts } from "./check_call.ts";
import { anglesOf, type Parameter, type Polynomial } from "./polynomial.ts";
import type { Call } from "./program.ts";
import { OpenQasmError } from "./tokens.ts";

/** No text of a page unfolds to more. */
const MOST_GATES = 1_000_000;

/** Collects the operations of a circuit. */
export class OperationList {
  /** So far. */
  readonly operations: Operation[] = [];
  readonly #parameters: ReadonlyMap<string, Parameter>;

  constructor(parameters: ReadonlyMap<string, Parameter>) {
    this.#parameters = parameters;
  }

  /** How many inputs or weights the parameters ask for. */
  count(kind: Parameter["kind"]): number {
    return Math.max(
      0,
      ...[...this.#parameters.values()].map((p) => p.kind === kind ? p.index + 1 : 0),
    );
  }

  /** U(θ, φ, λ). */
  universal(call: Call, wires: readonly number[], angles: readonly Polynomial[]): void {
    checkCounts(call, { angles: 3, wires: 1 });
    const found = angles.map((angle) => this.#anglesOf(call, angle));
    if (found.every((each) => each.length === 1)) {
      return this.#add(call, { gate: "u", wires, angles: found.flat() });
    }
    // U(θ, φ, λ) = RZ(φ) RY(θ) RZ(λ) up to a phase, and sums of angles become several gates.
    const [theta, phi, lambda] = angles;
    this.push(call, "rz", wires, [lambda]);
    this.push(call, "ry", wires, [theta]);
    this.push(call, "rz", wires, [phi]);
  }

  /** One gate of one angle or none; a sum of angles becomes several gates. */
  push(
    call: Call,
    gate: GateName,
    wires: readonly number[],
    angles: readonly Polynomial[] = [],
  ): void {
    const { wires: wanted, angle: turned } = GATES[gate];
    if (angles.length !== Number(turned) || wires.length !== wanted) {
      checkCounts(call, { angles: Number(turned), wires: [wanted].flat()[0] });
    }
    if (!turned) return this.#add(call, { gate, wires });
    for (const angle of this.#anglesOf(call, angles[0])) this.#add(call, { gate, wires, angle });
  }

  #anglesOf(call: Call, polynomial: Polynomial): readonly Angle[] {
    const found = anglesOf(polynomial, this.#parameters);
    if (found === undefined) {
      throw new OpenQasmError(
        "this angle is none that a circuit here has; it may be a sum of numbers, inputs, products " +
          "of two inputs, and weights times numbers",
        call,
      );
    }
    const odd = [...polynomial.values()].find((value) => !Number.isFinite(value));
    if (odd === undefined) return found;
    throw new OpenQasmError(`the angle of "${call.gate}" is ${odd}`, call);
  }

  #add(call: Call, operation: Operation): void {
    const { wires } = operation;
    if (new Set(wires).size !== wires.length) {
      throw new OpenQasmError(`"${call.gate}" acts on one qubit twice; they must differ`, call);
    }
    if (this.operations.length >= MOST_GATES) {
      throw new OpenQasmError(`the text unfolds to more than ${MOST_GATES} gates`, call);
    }
    this.operations.push(operation);
  }
}
