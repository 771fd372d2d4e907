import type { PubRows } from "./pub.ts";
import type { Counts, SamplerPubResult } from "./sampler_contract.ts";

/**
 * Checks what a service answered to one pub before anything is computed with it.
 *
 * @throws {Error} saying what is wrong with it
 */
export function readRemoteResult(
  answer: unknown,
  { rows, shots, pub }: {
    readonly rows: PubRows;
    readonly shots: number | null;
    readonly pub: number;
  },
): SamplerPubResult {
  const { shape, circuit: { wires }, args: { batch } } = rows;
  const refuse = (what: string): never => {
    throw new Error(`Remote sampler: the result of pub ${pub} ${what}; the service is at fault`);
  };
  const { counts, probabilities } = (answer ?? {}) as {
    readonly counts?: unknown;
    readonly probabilities?: unknown;
  };
  if (shots !== null) {
    if (!Array.isArray(counts) || counts.length !== batch) {
      return refuse(`has no counts for ${batch} rows`);
    }
    for (const row of counts) {
      const entries = Object.entries((row ?? {}) as Counts);
      const total = entries.reduce((sum, [, times]) => sum + times, 0);
      if (total !== shots) refuse(`counts ${total} of ${shots} shots`);
      const odd = entries.find(([bits]) => bits.length !== wires || /[^01]/.test(bits));
      if (odd !== undefined) refuse(`has the bit string "${odd[0]}" for ${wires} wires`);
    }
    return { shape, shots, counts: counts as Counts[] };
  }
  const states = 2 ** wires;
  if (!Array.isArray(probabilities) || probabilities.length !== batch) {
    return refuse(`has no probabilities for ${batch} rows`);
  }
  const flat = new Float64Array(batch * states);
  probabilities.forEach((row: unknown, i) => {
    if (!Array.isArray(row) || row.length !== states || !row.every(Number.isFinite)) {
      refuse(`has a row that is not ${states} finite numbers`);
    }
    flat.set(row as number[], i * states);
  });
  return { shape, shots, probabilities: flat };
}
