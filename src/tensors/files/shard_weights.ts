/** A file of weights: its name in the folder and its content. */
export interface WeightFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Cuts weights into files of at most `shardBytes`, all but the last of exactly that size, with the
 * names that the converter of TensorFlow.js gives. What fits into one file is `weights.bin`.
 */
export function shardWeights(bytes: Uint8Array, shardBytes: number): WeightFile[] {
  if (bytes.byteLength <= shardBytes) return [{ name: "weights.bin", bytes }];
  const count = Math.ceil(bytes.byteLength / shardBytes);
  return Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    bytes: bytes.subarray(i * shardBytes, (i + 1) * shardBytes),
  }));
}
