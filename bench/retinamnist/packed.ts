/** Probabilities as text: 16 bits each, so that thousands of trainings' answers can be kept. */
export function packed(probabilities: Float32Array): string {
  const whole = Uint16Array.from(probabilities, (p) => Math.round(p * 65535));
  return new Uint8Array(whole.buffer).toBase64();
}

/** What {@linkcode packed} wrote, to within 1/131070. */
export function unpacked(text: string): Float64Array {
  const bytes = Uint8Array.fromBase64(text);
  return Float64Array.from(new Uint16Array(bytes.buffer), (whole) => whole / 65535);
}
