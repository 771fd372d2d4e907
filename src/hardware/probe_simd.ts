/** `() => i8x16.popcnt(i8x16.splat(0))`: accepted only where WebAssembly SIMD is. */
// deno-fmt-ignore
const SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
  10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

/** `() => i8x16.relaxed_swizzle(i8x16.splat(1), i8x16.splat(2))`. */
// deno-fmt-ignore
const RELAXED = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
  10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
);

/** Which SIMD instructions this WebAssembly engine accepts; false where there is no engine. */
export function probeSimd(
  validate: (module: Uint8Array<ArrayBuffer>) => boolean,
): { simd: boolean; relaxed: boolean } {
  const accepts = (module: Uint8Array<ArrayBuffer>) => {
    try {
      return validate(module);
    } catch {
      return false;
    }
  };
  return { simd: accepts(SIMD), relaxed: accepts(RELAXED) };
}
