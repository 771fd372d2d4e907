import { checkOptions } from "../../_internal/check_options.ts";
import type { DataReport, DataSplits } from "../image_set.ts";
import type { DataCheck, DataFinding, NamedSet, SplitName } from "./data_check.ts";
import {
  duplicateFindings,
  imageFindings,
  labelFindings,
  patientFindings,
  shiftFindings,
} from "./data_findings.ts";
import { findDuplicates } from "./find_duplicates.ts";
import { checkLimits } from "./near_pairs.ts";
import { splitStatistics } from "./split_statistics.ts";

/** Options of {@linkcode checkData}. */
export interface CheckDataOptions {
  /**
   * Largest difference of two 256-bit difference hashes that is still a near duplicate.
   * @default {24}
   */
  readonly distance?: number;
  /** Least correlation of 17 x 16 grey fields that a near duplicate has besides. @default {0.999} */
  readonly correlation?: number;
}

/** The splits, and what their loader noticed where there was one. */
export type CheckableData = Pick<DataSplits, "train" | "val" | "test"> & {
  readonly report?: DataReport;
};

const LEVELS = ["leakage", "error", "warning", "note"];

/**
 * Looks for what makes results on these data too good or wrong: copies, near copies and patients on
 * both sides of a split, labels that are no class, classes without images, unreadable and empty
 * images, splits that look different. Nothing is read or written.
 *
 * Near duplicates are pairs whose 256-bit difference hashes (dHash) differ in at most `distance` bits
 * and whose grey fields correlate with at least `correlation`. In RetinaMNIST (28 x 28) the defaults
 * find 23 pairs, all within a split, two photographs of one eye by their looks; the next pair correlates
 * with 0.9990. Copies that were resized and compressed as JPEG of quality 60 differ in at most 11 bits
 * and correlate with more than 0.9997. Mirrored and turned copies are not found. All pairs are compared.
 *
 * @throws {RangeError} when a limit is out of its range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkData, loadData, selectImages } from "@qsight/qsight/data";
 * const { train, val } = await loadData("synthetic", { count: 40, imageSize: 32, seed: 1 });
 * assert.equal(checkData({ train, val }).leakage, false);
 * const leaky = checkData({ train, val: selectImages(train, [0, 1]) });
 * assert.equal(leaky.findings[0].code, "exact_across");
 * ```
 */
export function checkData(data: CheckableData, options: CheckDataOptions = {}): DataCheck {
  checkOptions("checkData()", options, ["distance", "correlation"]);
  const limits = { distance: 24, correlation: 0.999, ...options };
  checkLimits("checkData()", limits);
  const { train, val, test, report = { ignored: [], notes: [] } } = data;
  const sets = Object.entries({ train, val, test })
    .flatMap(([split, set]): NamedSet[] => set ? [[split as SplitName, set]] : []);
  const statistics = sets.map(splitStatistics), duplicates = findDuplicates(sets, limits);
  const findings: DataFinding[] = [
    ...duplicateFindings(duplicates),
    ...patientFindings(sets),
    ...imageFindings(sets, report),
    ...labelFindings(sets, statistics),
    ...shiftFindings(statistics),
  ];
  return {
    schema: "qsight.data/1",
    name: train.name.replace(/\/train$/, ""),
    synthetic: train.synthetic,
    classes: train.classes,
    size: [train.height, train.width],
    sizes: report.sizes ?? [],
    splits: statistics,
    duplicates: duplicates.pairs,
    limits,
    unreadable: report.unreadable ?? [],
    ignored: report.ignored,
    notes: report.notes,
    findings: findings.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)),
    leakage: findings.some(({ level }) => level === "leakage"),
  };
}
