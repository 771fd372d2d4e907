import type { io } from "@tensorflow/tfjs";

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/**
 * How many bytes of `data` the listed weights take up. Strings say their length in the data itself;
 * where it ends too early the result is larger than it.
 */
export function weightBytes(specs: readonly io.WeightsManifestEntry[], data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  for (const { shape, dtype, quantization } of specs) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (dtype !== "string") {
      at += size * (BYTES[quantization?.dtype ?? dtype] ?? NaN);
      continue;
    }
    for (let i = 0; i < size; i++) {
      if (at + 4 > data.byteLength) return Infinity;
      at += 4 + view.getUint32(at, true);
    }
  }
  return at;
}
