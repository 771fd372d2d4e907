import type { DataReport } from "../image_set.ts";
import type { DataFinding, NamedSet, SplitStatistics } from "./data_check.ts";
import type { Duplicates, PairCount } from "./find_duplicates.ts";
import { blankImages } from "./split_statistics.ts";

/** At most so many examples of each finding. */
const EXAMPLES = 5;

/** Copies and near copies, within and across splits. */
export function duplicateFindings({ pairs, counts }: Duplicates): DataFinding[] {
  const findings: DataFinding[] = [];
  for (const kind of ["exact", "near"] as const) {
    for (const across of [true, false]) {
      const found = counts.filter((one) => one.kind === kind && one.across === across);
      if (found.length === 0) continue;
      const what = kind === "exact" ? "the same pixel by pixel" : "nearly the same";
      findings.push({
        code: `${kind}_${across ? "across" : "within"}`,
        level: across ? "leakage" : "warning",
        message: `images that are ${what}: ${found.map(pairText).join(", ")}`,
        fix: across
          ? "keep each of them in one split only, together with all images of its patient"
          : "leave one of each pair: the others count twice, and intervals become too narrow",
        count: total(found),
        examples: pairs.filter((pair) => pair.kind === kind && pair.across === across)
          .slice(0, EXAMPLES).map(({ a, b }) => `${a.id} (${a.split}) = ${b.id} (${b.split})`),
      });
    }
  }
  const conflicts = counts.filter(({ kind, differing }) => kind === "exact" && differing > 0);
  if (conflicts.length > 0) {
    findings.push({
      code: "conflicting_labels",
      level: "error",
      message: `${conflicts.reduce((sum, { differing }) => sum + differing, 0)} pairs of equal ` +
        "images have different labels",
      fix: "look at them, and keep the right label",
      count: conflicts.reduce((sum, { differing }) => sum + differing, 0),
      examples: pairs.filter(({ kind, a, b }) => kind === "exact" && a.label !== b.label)
        .slice(0, EXAMPLES).map(({ a, b }) => `${a.id} is ${a.label}, ${b.id} is ${b.label}`),
    });
  }
  return findings;
}

function pairText({ splits: [a, b], across, count, differing }: PairCount): string {
  const classes = differing === 0 ? "" : ` (${differing} with different labels)`;
  const pairs = count === 1 ? "1 pair" : `${count} pairs`;
  return `${pairs} ${across ? `of ${a} and ${b}` : `within ${a}`}${classes}`;
}

function total(counts: readonly PairCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** Patients with images on both sides of a split. */
export function patientFindings(sets: readonly NamedSet[]): DataFinding[] {
  const known = sets.filter(([, { groups }]) => groups !== undefined);
  if (known.length < sets.length) {
    return [{
      code: "patients_unknown",
      level: "note",
      message: "nothing tells which images are of one patient",
      fix:
        "name a column of patients (columns: { patient }), or hand over groups, if there are any",
      count: sets.length - known.length,
      examples: [],
    }];
  }
  const homes = new Map<string, Set<string>>();
  for (const [split, { groups }] of known) {
    for (const group of groups!) homes.set(group, (homes.get(group) ?? new Set()).add(split));
  }
  const shared = [...homes].filter(([, splits]) => splits.size > 1);
  if (shared.length === 0) return [];
  return [{
    code: "patient_across",
    level: "leakage",
    message: `${shared.length} patients have images in more than one split`,
    fix: "split by patient: groups of splitStratified() and kFold(), or a column of patients",
    count: shared.length,
    examples: shared.slice(0, EXAMPLES)
      .map(([patient, splits]) => `${patient} (${[...splits].join(", ")})`),
  }];
}

/** Labels that are no class, and classes without images. */
export function labelFindings(
  sets: readonly NamedSet[],
  statistics: readonly SplitStatistics[],
): DataFinding[] {
  const { classes } = sets[0][1];
  const wrong = sets.flatMap(([split, { labels, ids }]) =>
    Array.from(labels.keys()).filter((i) => labels[i] < 0 || labels[i] >= classes.length)
      .map((i) => `${ids[i]} (${split}): ${labels[i]}`)
  );
  const findings: DataFinding[] = wrong.length === 0 ? [] : [{
    code: "label_range",
    level: "error",
    message: `${wrong.length} labels are outside of 0 to ${classes.length - 1}`,
    fix: "number the classes from 0, or name all of them",
    count: wrong.length,
    examples: wrong.slice(0, EXAMPLES),
  }];
  const absent = (split: SplitStatistics) => classes.filter((_, c) => split.classCounts[c] === 0);
  const nowhere = classes.filter((_, c) => statistics.every((one) => one.classCounts[c] === 0));
  if (nowhere.length > 0) {
    findings.push({
      code: "class_without_images",
      level: "warning",
      message: `no image is of ${nowhere.join(", ")}`,
      fix: "add images, or take the class out; are the labels numbered from 0 without gaps?",
      count: nowhere.length,
      examples: nowhere.slice(0, EXAMPLES),
    });
  }
  for (const split of statistics) {
    const missing = absent(split).filter((name) => !nowhere.includes(name));
    if (missing.length === 0) continue;
    findings.push({
      code: `class_not_in_${split.split}`,
      level: split.split === "train" ? "error" : "warning",
      message: `no image of ${split.split} is of ${missing.join(", ")}`,
      fix: split.split === "train"
        ? "it cannot be learned: move images of it to train"
        : "how well it is told apart stays unknown: move images of it there",
      count: missing.length,
      examples: missing.slice(0, EXAMPLES),
    });
  }
  const [train] = statistics, present = train.classCounts.filter((count) => count > 0);
  const ratio = Math.max(...present) / Math.min(...present);
  if (ratio > 10) {
    findings.push({
      code: "imbalance",
      level: "note",
      message: `the largest class of train has ${
        Math.round(ratio)
      } times the images of the smallest`,
      fix: "look at balanced accuracy and recall by class; weigh classes or losses",
      count: present.length,
      examples: [],
    });
  }
  return findings;
}

/** Images that are of no use: unreadable, of one colour, or named twice. */
export function imageFindings(sets: readonly NamedSet[], report: DataReport): DataFinding[] {
  const { unreadable = [] } = report;
  const blank = sets.flatMap((named) =>
    blankImages(named).map((i) => `${named[1].ids[i]} (${named[0]})`)
  );
  const seen = new Set<string>();
  const repeated = sets.flatMap(([split, { ids }]) =>
    ids.filter((id) => seen.has(id) || !seen.add(id)).map((id) => `${id} (${split})`)
  );
  const finding = (
    [code, level, message, fix]: readonly [string, DataFinding["level"], string, string],
    found: readonly string[],
  ): DataFinding[] =>
    found.length === 0
      ? []
      : [{ code, level, message, fix, count: found.length, examples: found.slice(0, EXAMPLES) }];
  return [
    ...finding([
      "unreadable",
      "error",
      `${unreadable.length} image files cannot be read`,
      "copy them again from their source, or take them out",
    ], unreadable.map(({ path }) => path)),
    ...finding([
      "blank",
      "warning",
      `${blank.length} images are of one colour all over`,
      "look at them, and take them out",
    ], blank),
    ...finding([
      "repeated_id",
      "error",
      `${repeated.length} names stand for more than one image`,
      "give each image a name of its own, e.g. its path",
    ], repeated),
  ];
}

/** Splits whose images are darker or brighter than those of train. */
export function shiftFindings(statistics: readonly SplitStatistics[]): DataFinding[] {
  const [train, ...others] = statistics;
  return others.flatMap((other): DataFinding[] => {
    const gap = other.brightness.mean - train.brightness.mean, { sd } = train.brightness;
    const error = sd * Math.sqrt(1 / train.count + 1 / other.count);
    // Half a standard deviation, and more than chance would do.
    if (!(Math.abs(gap) > 0.5 * sd && Math.abs(gap) > 3 * error)) return [];
    return [{
      code: "brightness_shift",
      level: "warning",
      message:
        `the images of ${other.split} are ${gap > 0 ? "brighter" : "darker"} than those of ` +
        `train: ${other.brightness.mean.toFixed(3)} and ${train.brightness.mean.toFixed(3)}, ` +
        `standard deviation ${sd.toFixed(3)}`,
      fix: "are they of another camera or another preparation? Then say so beside the results",
      count: other.count,
      examples: [],
    }];
  });
}
