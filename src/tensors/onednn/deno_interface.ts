import type {
  ForeignInterface,
  ForeignLibrary,
  ForeignType,
  Signatures,
} from "./foreign_library.ts";

/** The parts of Deno's own interface that are needed here; Node has no types for them. */
export interface DenoForeign {
  dlopen(path: string, symbols: Record<string, unknown>): {
    readonly symbols: Record<string, (...values: readonly (number | bigint)[]) => number | bigint>;
  };
  readonly UnsafePointer: {
    of(view: Uint8Array): object | null;
    create(address: bigint): object | null;
    value(pointer: object | null): bigint;
  };
  readonly UnsafePointerView: { copyInto(pointer: object, destination: Uint8Array): void };
}

/** An address is not Deno's "pointer", which would make an object of each. */
const TYPES: Readonly<Record<ForeignType, string>> = {
  address: "usize",
  i32: "i32",
  f32: "f32",
  void: "void",
};

/** `Deno.dlopen` as a {@linkcode ForeignInterface}. */
export function denoInterface(deno: DenoForeign): ForeignInterface {
  return { open: (path, signatures) => openInDeno(deno, { path, signatures }) };
}

function openInDeno<S extends Signatures>(
  deno: DenoForeign,
  { path, signatures }: { readonly path: string; readonly signatures: S },
): ForeignLibrary<S> {
  const { UnsafePointer, UnsafePointerView } = deno;
  const wanted = Object.entries(signatures).map(([name, [result, ...parameters]]) => [
    name,
    { result: TYPES[result], parameters: parameters.map((type) => TYPES[type]) },
  ]);
  const library = deno.dlopen(path, Object.fromEntries(wanted));
  const functions = Object.entries(signatures).map(([name, [result]]) => {
    const call = library.symbols[name];
    // Deno gives addresses as bigint.
    return [name, result !== "address" ? call : (...values: number[]) => Number(call(...values))];
  });
  return {
    functions: Object.fromEntries(functions),
    addressOf: (view) => Number(UnsafePointer.value(UnsafePointer.of(view))),
    read: (address, bytes) => {
      const copy = new Uint8Array(bytes);
      UnsafePointerView.copyInto(UnsafePointer.create(BigInt(address))!, copy);
      return copy;
    },
  };
}
