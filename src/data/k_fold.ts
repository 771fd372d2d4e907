import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import { dataSplits } from "./data_splits.ts";
import type { DataSplits } from "./image_set.ts";
import { joinSets } from "./join_sets.ts";
import { selectImages } from "./select_images.ts";
import { sampleUnits, type SplitIndices } from "./split_stratified.ts";

/** Options of {@linkcode kFold}. */
export interface KFoldOptions {
  /** Number of folds, at least 2. @default {5} */
  readonly folds?: number;
  /** Seed of the draw. @default {0} */
  readonly seed?: number;
  /** One name a sample; samples of a name stay in one fold, e.g. the two eyes of a patient. @default {every sample on its own} */
  readonly groups?: readonly string[];
}

/** Options of {@linkcode foldData}. */
export interface FoldDataOptions extends Omit<KFoldOptions, "groups"> {
  /** Which fold validates, from 0. */
  readonly fold: number;
}

/**
 * Cuts labels into folds for cross-validation: each sample validates in one fold and trains in the
 * others. The folds have the same class shares as nearly as the groups allow; without groups, each
 * class differs by at most one between folds. Units go, largest first, to the fold where they disturb
 * the class shares least (as scikit-learn's StratifiedGroupKFold does).
 *
 * @param labels class index of each sample, integers from 0
 * @returns one split a fold; positions in rising order
 * @throws {RangeError} when a label is no integer from 0, or there are fewer groups than folds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { kFold } from "@qsight/qsight/data";
 * const groups = ["a", "a", "b", "b", "c", "c", "d", "d"];
 * const folds = kFold([0, 1, 0, 1, 0, 1, 0, 1], { folds: 4, groups, seed: 1 });
 * assert.ok(folds.every(({ val }) => groups[val[0]] === groups[val[1]]));
 * ```
 */
export function kFold(labels: ArrayLike<number>, options: KFoldOptions = {}): SplitIndices[] {
  checkOptions("kFold()", options, ["folds", "seed", "groups"]);
  const { folds = 5, seed = 0, groups } = options;
  const units = sampleUnits("kFold()", labels, groups);
  if (!Number.isInteger(folds) || folds < 2 || folds > units.length) {
    const what = groups === undefined ? "samples" : "groups";
    throw new RangeError(
      `kFold(): found ${folds} folds for ${units.length} ${what}, wanted an integer from 2 to as ` +
        `many as there are ${what}. Pass e.g. 5.`,
    );
  }
  const totals = new Map<number, number>();
  for (const label of Array.from(labels)) totals.set(label, (totals.get(label) ?? 0) + 1);
  const parts = Array.from({ length: folds }, () => ({
    samples: [] as number[],
    counts: new Map<number, number>(),
  }));
  const order = new SeededRandom(`folds/${seed}`).shuffle(units)
    .sort((a, b) => b.length - a.length);
  for (const unit of order) {
    const added = new Map<number, number>();
    for (const i of unit) added.set(labels[i], (added.get(labels[i]) ?? 0) + 1);
    // How much the squared class shares grow: least where the classes of the unit are rarest.
    const growth = parts.map(({ counts }) =>
      [...added].reduce((sum, [label, more]) => {
        const now = counts.get(label) ?? 0, total = totals.get(label)!;
        return sum + ((now + more) ** 2 - now ** 2) / total ** 2;
      }, 0)
    );
    const best = [...parts.keys()].reduce((a, b) =>
      growth[b] < growth[a] - 1e-12 ||
        (growth[b] < growth[a] + 1e-12 && parts[b].samples.length < parts[a].samples.length)
        ? b
        : a
    );
    parts[best].samples.push(...unit);
    for (const [label, more] of added) {
      parts[best].counts.set(label, (parts[best].counts.get(label) ?? 0) + more);
    }
  }
  return parts.map(({ samples }) => {
    const val = new Set(samples);
    return {
      train: Array.from({ length: labels.length }, (_, i) => i).filter((i) => !val.has(i)),
      val: samples.sort((a, b) => a - b),
    };
  });
}

/**
 * The data of one fold: training and validation are put together and cut by {@linkcode kFold}, patients
 * in one fold each where they are known. The test set stays apart.
 *
 * @throws {RangeError} when the fold is none of the folds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { foldData, loadData } from "@qsight/qsight/data";
 * const data = await loadData("synthetic", { count: 30, imageSize: 16 });
 * const vals = [0, 1, 2].flatMap((fold) => foldData(data, { folds: 3, fold }).val.ids);
 * assert.equal(new Set(vals).size, 30);
 * ```
 */
export function foldData(data: DataSplits, options: FoldDataOptions): DataSplits {
  checkOptions("foldData()", options, ["folds", "fold", "seed"]);
  const { folds = 5, fold, seed = 0 } = options;
  const all = joinSets([data.train, data.val]);
  const cuts = kFold(all.labels, { folds, seed, ...(all.groups && { groups: all.groups }) });
  if (!Number.isInteger(fold) || fold < 0 || fold >= folds) {
    throw new RangeError(
      `foldData(): found fold ${fold}, wanted an integer from 0 to ${folds - 1}. Pass e.g. 0.`,
    );
  }
  const name = data.train.name.replace(/\/train$/, "");
  return dataSplits({
    train: { ...selectImages(all, cuts[fold].train), name: `${name}/train` },
    val: { ...selectImages(all, cuts[fold].val), name: `${name}/val` },
    ...(data.test && { test: data.test }),
  }, {
    ...data.report,
    notes: [`Fold ${fold + 1} of ${folds}, cut with seed ${seed}.`],
    path: name,
  });
}
