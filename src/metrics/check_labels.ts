/** Labels as a caller has them: plain or typed arrays of class indices. */
export type Labels = ArrayLike<number>;

/** Throws unless `classes` is a whole number of at least 1. */
export function checkClasses(where: string, classes: number): void {
  if (Number.isInteger(classes) && classes >= 1) return;
  throw new RangeError(
    `${where}: classes is ${classes}, wanted a whole number of at least 1. Pass the number of classes, e.g. { classes: 5 }`,
  );
}

/** The names of the classes, "0", "1" … where only their number is given; throws without any. */
export function classNamesOf(where: string, classes: number | readonly string[]): string[] {
  const names = typeof classes === "number"
    ? Array.from({ length: classes }, (_, c) => String(c))
    : [...classes ?? []];
  checkClasses(where, typeof classes === "number" ? classes : names.length);
  return names;
}

/** Throws unless every label is a class index in 0…classes-1. */
export function checkLabels(where: string, labels: Labels, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new RangeError(
      `${where}: label ${label} at row ${i}, wanted a class index from 0 to ${classes - 1}. ` +
        `Leave unlabelled rows out, or raise classes`,
    );
  }
}

/** Throws unless both arrays have the same length. */
export function checkLengths(where: string, yTrue: Labels, yPred: Labels): void {
  if (yTrue.length === yPred.length) return;
  throw new RangeError(
    `${where}: yTrue has ${yTrue.length} rows and yPred ${yPred.length}, wanted the same number. ` +
      `Pass one prediction for each label`,
  );
}

/** Throws unless `probabilities` holds `rows` rows of `classes` numbers. */
export function checkProbabilities(
  where: string,
  probabilities: Labels,
  { rows, classes }: { rows: number; classes: number },
): void {
  if (probabilities.length === rows * classes) return;
  throw new RangeError(
    `${where}: ${probabilities.length} probabilities, wanted ${rows} rows × ${classes} classes = ` +
      `${rows * classes}. Pass them flat, row after row`,
  );
}

/** All that labels and predictions must satisfy before they can be counted against each other. */
export function checkPairs(
  where: string,
  { yTrue, yPred, classes }: {
    readonly yTrue: Labels;
    readonly yPred: Labels;
    readonly classes: number;
  },
): void {
  checkClasses(where, classes);
  checkLengths(where, yTrue, yPred);
  checkLabels(where, yTrue, classes);
  checkLabels(where, yPred, classes);
}
