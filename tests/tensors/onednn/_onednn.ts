// The library of the system, watched or tampered with, for tests that need it.
import { denoInterface } from "../../../src/tensors/onednn/deno_interface.ts";
import { findOnednn } from "../../../src/tensors/onednn/find_onednn.ts";
import type {
  ForeignInterface,
  ForeignLibrary,
  Signatures,
} from "../../../src/tensors/onednn/foreign_library.ts";
import { Onednn } from "../../../src/tensors/onednn/onednn.ts";

const found = await findOnednn();

/** Why tests that compute with oneDNN cannot run here, or undefined. */
export const NO_ONEDNN: string | undefined = found instanceof Onednn ? undefined : found.reason;

type Call = (...values: readonly (number | bigint)[]) => number;

/** Deno's interface where `change` may give another function in the place of one of the library's. */
export function tampered(change: (name: string, call: Call) => Call): ForeignInterface {
  const real = denoInterface(Deno as unknown as Parameters<typeof denoInterface>[0]);
  return {
    open<S extends Signatures>(path: string, signatures: S): ForeignLibrary<S> {
      const library = real.open(path, signatures);
      const functions = Object.entries<Call>(library.functions)
        .map(([name, call]) => [name, change(name, call)]);
      return { ...library, functions: Object.fromEntries(functions) };
    },
  };
}

/** Opens oneDNN through another interface than the runtime's. */
export async function openThrough(foreign: ForeignInterface): Promise<Onednn> {
  const onednn = await findOnednn({}, { getInterface: () => Promise.resolve(foreign) });
  if (!(onednn instanceof Onednn)) throw new Error(onednn.reason);
  return onednn;
}
