import type { Expression } from "./expression.ts";
import type { Place } from "./tokens.ts";

/** A register, or one of its members. */
export interface Operand extends Place {
  readonly name: string;
  readonly index?: number;
}

/** A gate that is to act. */
export interface Call extends Place {
  readonly gate: string;
  readonly angles: readonly Expression[];
  readonly operands: readonly Operand[];
}

/** A gate that the text defines. */
export interface GateDefinition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly wires: readonly string[];
  readonly body: readonly Call[];
}

/** Something that happens to qubits, in order. */
export type Event =
  | ({ readonly kind: "call" } & Call)
  | ({ readonly kind: "measure"; readonly operand: Operand } & Place);

/** A text as data. */
export interface Program {
  readonly definitions: ReadonlyMap<string, GateDefinition>;
  /** First wire and size of each quantum register. */
  readonly registers: ReadonlyMap<string, { readonly first: number; readonly size: number }>;
  readonly wires: number;
  /** Names of free parameters in the order of declaration. */
  readonly parameters: readonly string[];
  /** Whether qelib1.inc or stdgates.inc was included. */
  readonly library: boolean;
  readonly events: readonly Event[];
}
