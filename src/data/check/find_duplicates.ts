import { imageHashes } from "../fingerprint.ts";
import type { DuplicatePair, NamedSet, PairImage, SplitName } from "./data_check.ts";
import { FIELDS, HASH_WORDS, type ImageSketches, sketchImages } from "./difference_hash.ts";
import { eachNearPair, type NearLimits } from "./near_pairs.ts";

/** Pairs, and how many there are in all. */
export interface Duplicates {
  readonly pairs: readonly DuplicatePair[];
  readonly counts: readonly PairCount[];
}

/** How many pairs of one kind two splits, or one, have. */
export interface PairCount {
  readonly kind: DuplicatePair["kind"];
  readonly splits: readonly [SplitName, SplitName];
  readonly across: boolean;
  readonly count: number;
  /** Of them, pairs of two classes. */
  readonly differing: number;
}

/** Pairs of each kind that are listed; more are only counted. */
const MOST_PAIRS = 10_000;

/** Images that stand more than once in the splits, and images that look alike. */
export function findDuplicates(sets: readonly NamedSet[], limits: NearLimits): Duplicates {
  const images: PairImage[] = sets.flatMap(([split, { ids, labels }]) =>
    ids.map((id, index) => ({ split, index, id, label: labels[index] }))
  );
  const pairs: DuplicatePair[] = [], counts = new Map<string, PairCount>();
  const add = (pair: Omit<DuplicatePair, "across">) => {
    const { kind, a, b } = pair, across = a.split !== b.split;
    const key = `${kind}/${a.split}/${b.split}`, splits = [a.split, b.split] as const;
    const before = counts.get(key) ?? { kind, splits, across, count: 0, differing: 0 };
    const differing = before.differing + (a.label === b.label ? 0 : 1);
    counts.set(key, { ...before, count: before.count + 1, differing });
    if (before.count < MOST_PAIRS) pairs.push({ ...pair, across });
  };
  const firsts = new Map<string, number>(), chosen: number[] = [];
  sets.flatMap(([, set]) => imageHashes(set)).forEach((hash, i) => {
    const first = firsts.get(hash);
    if (first !== undefined) {
      add({ kind: "exact", a: images[first], b: images[i], distance: 0, correlation: 1 });
      return;
    }
    firsts.set(hash, i);
    chosen.push(i);
  });
  eachNearPair(joinSketches(sets), chosen, {
    ...limits,
    found: ({ first, second, distance, correlation }) =>
      add({
        ...{ kind: "near", distance },
        a: images[first],
        b: images[second],
        correlation: Math.round(correlation * 1e5) / 1e5,
      }),
  });
  const rank = ({ kind, across, distance }: DuplicatePair) =>
    (across ? 0 : 1000) + (kind === "exact" ? 0 : 500) + distance;
  return { pairs: pairs.sort((a, b) => rank(a) - rank(b)), counts: [...counts.values()] };
}

function joinSketches(sets: readonly NamedSet[]): ImageSketches {
  const count = sets.reduce((sum, [, set]) => sum + set.count, 0);
  const hashes = new Uint32Array(count * HASH_WORDS), fields = new Float32Array(count * FIELDS);
  let at = 0;
  for (const [, set] of sets) {
    const sketches = sketchImages(set);
    hashes.set(sketches.hashes, at * HASH_WORDS);
    fields.set(sketches.fields, at * FIELDS);
    at += set.count;
  }
  return { hashes, fields };
}
