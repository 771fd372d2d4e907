import process from "node:process";
import { PLACEBO_VARIABLES } from "../hardware/compatibility/placebo_variables.ts";

/** An environment variable that was looked at, and what it does. */
export interface EnvironmentNote {
  /** Of the variable. */
  readonly name: string;
  /** What it is set to. */
  readonly value: string;
  /** What that does, and what to do about it. */
  readonly effect: string;
}

/**
 * The variables that are set to move a sampler to the GPU, and that do nothing there. Reads only;
 * without permission to read it finds none.
 */
export function findPlacebos(): EnvironmentNote[] {
  return PLACEBO_VARIABLES.flatMap(({ name, believed, effect }) => {
    if (believed !== "qiskit-aer") return [];
    const value = readVariable(name);
    return value === undefined ? [] : [{ name, value, effect }];
  });
}

/** The value of a variable; a process that may not read it finds none. */
export function readVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    // A Deno process without --allow-env.
    return undefined;
  }
}
