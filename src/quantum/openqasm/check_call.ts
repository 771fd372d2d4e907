import type { Call } from "./program.ts";
import { OpenQasmError } from "./tokens.ts";

/** @throws {OpenQasmError} when a gate got another number of angles or qubits than it takes */
export function checkCounts(
  call: Call,
  wanted: { readonly angles: number; readonly wires: number },
): void {
  const found = { angles: call.angles.length, wires: call.operands.length };
  if (found.angles === wanted.angles && found.wires === wanted.wires) return;
  const say = (n: { readonly angles: number; readonly wires: number }) =>
    `${n.angles} angle${n.angles === 1 ? "" : "s"} and ${n.wires} qubit${n.wires === 1 ? "" : "s"}`;
  throw new OpenQasmError(`"${call.gate}" takes ${say(wanted)}, found ${say(found)}`, call);
}
