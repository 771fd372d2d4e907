import process from "node:process";

/** An environment variable that was looked at, and what it does. */
export interface EnvironmentNote {
  /** Of the variable. */
  readonly name: string;
  /** What it is set to. */
  readonly value: string;
  /** What that does, and what to do about it. */
  readonly effect: string;
}

/** Variables that people set to move a sampler to the GPU, and that do nothing there. */
const PLACEBOS: Readonly<Record<string, string>> = {
  QISKIT_AER_CUDA: "none: neither this project nor qiskit-aer reads it; unset it",
  QISKIT_AER_CUDA_MAJOR: "none at run time: it only steers the packaging of qiskit-aer; unset it",
};

/** The placebo variables that are set. Reads only; without permission to read it finds none. */
export function findPlacebos(): EnvironmentNote[] {
  return Object.entries(PLACEBOS).flatMap(([name, effect]) => {
    const value = readVariable(name);
    return value === undefined ? [] : [{ name, value, effect }];
  });
}

function readVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    // A Deno process without --allow-env.
    return undefined;
  }
}
