import { sha256 } from "../../_internal/sha256.ts";

/** A file of weights: its name in the folder, its content, and the checksum of that. */
export interface WeightFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * Cuts weights into files of at most `shardBytes`, all but the last of exactly that size, with the
 * names that the converter of TensorFlow.js gives. What fits into one file is `weights.bin`.
 */
export function shardWeights(bytes: Uint8Array, shardBytes: number): WeightFile[] {
  if (bytes.byteLength <= shardBytes) return [weightFile("weights.bin", bytes)];
  const count = Math.ceil(bytes.byteLength / shardBytes);
  return Array.from({ length: count }, (_, i) => {
    const shard = bytes.subarray(i * shardBytes, (i + 1) * shardBytes);
    return weightFile(`group1-shard${i + 1}of${count}.bin`, shard);
  });
}

function weightFile(name: string, bytes: Uint8Array): WeightFile {
  return { name, bytes, sha256: sha256(bytes) };
}
