import type { CircuitPlan } from "../circuit_plan.ts";
import type { ProgramWriter } from "./program_writer.ts";
import type { TurnTable } from "./turn_table.ts";

/** What decides about the shape of a program, beside the circuit. */
export interface ProgramShape {
  /** Bytes of a number of the state. */
  readonly real: 4 | 8;
  /** Samples side by side. */
  readonly width: number;
  /** Samples that there is room for; a multiple of `width`. */
  readonly capacity: number;
  /** Flips of one pass, and so the size of a block. */
  readonly most: number;
  /** Whether states are kept for the way back, or computed again. */
  readonly keepsTape: boolean;
}

/** Everything that the passes of a program are written with. */
export interface ProgramContext {
  readonly plan: CircuitPlan;
  readonly writer: ProgramWriter;
  readonly turns: TurnTable;
  readonly shape: ProgramShape;
}
