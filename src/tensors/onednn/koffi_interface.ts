import type * as Koffi from "koffi";
import type {
  ForeignInterface,
  ForeignLibrary,
  ForeignType,
  Signatures,
} from "./foreign_library.ts";

const TYPES: Readonly<Record<ForeignType, string>> = {
  address: "uintptr_t",
  i32: "int32_t",
  f32: "float",
  void: "void",
};

/**
 * The npm package koffi as a {@linkcode ForeignInterface}, or why there is none. It is loaded late,
 * as it is native code and nobody has to have it.
 */
export async function koffiInterface(): Promise<ForeignInterface | string> {
  try {
    const koffi = await import("koffi");
    return { open: (path, signatures) => openByKoffi(koffi, { path, signatures }) };
  } catch (error) {
    const [said] = String((error as Error)?.message ?? error).split("\n");
    return `the npm package koffi did not load ("npm install koffi" would bring it): ${said}`;
  }
}

function openByKoffi<S extends Signatures>(
  koffi: typeof Koffi,
  { path, signatures }: { readonly path: string; readonly signatures: S },
): ForeignLibrary<S> {
  const library = koffi.load(path);
  const functions = Object.entries(signatures).map(([name, [result, ...parameters]]) => [
    name,
    library.func(name, TYPES[result], parameters.map((type) => TYPES[type])),
  ]);
  return {
    functions: Object.fromEntries(functions),
    addressOf: (view) => Number(koffi.address(view)),
    read: (address, bytes) =>
      Uint8Array.from(koffi.decode(BigInt(address), "uint8_t", bytes) as ArrayLike<number>),
  };
}
