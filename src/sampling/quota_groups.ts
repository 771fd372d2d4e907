import type { ClassDiversePicks } from "./class_diverse_picks.ts";

/** What is shared out evenly: classes, cells of the confusion matrix, or how far off they are. */
export type Quota = "class" | "cell" | "distance";

/** The quotas there are. */
export const QUOTAS: readonly Quota[] = ["class", "cell", "distance"];

/** What a quota counts, before anything is counted. */
export type Group = Pick<
  ClassDiversePicks["groups"][number],
  "name" | "class" | "predicted" | "distance"
>;

/** All groups of a quota in the order in which their picks are shown. */
export function groupsOf(quota: Quota, names: readonly string[]): Group[] {
  if (quota === "class") {
    return names.map((name, c) => ({ name, class: c, predicted: null, distance: null }));
  }
  if (quota === "distance") {
    // The worst errors first: a small panel then still shows them.
    return names.map((_, c) => {
      const distance = names.length - 1 - c;
      return { name: String(distance), class: null, predicted: null, distance };
    });
  }
  return names.flatMap((truth, c) =>
    names.map((prediction, p) => ({
      name: `${truth} as ${prediction}`,
      class: c,
      predicted: p,
      distance: Math.abs(c - p),
    }))
  );
}

/** The position of a row's group in {@linkcode groupsOf}. */
export function groupOf(
  quota: Quota,
  { label, predicted, classes }: { label: number; predicted: number | null; classes: number },
): number | null {
  if (quota === "class") return label;
  if (predicted === null) return null;
  return quota === "cell" ? label * classes + predicted : classes - 1 - Math.abs(label - predicted);
}

/**
 * Whose turn comes first: the rarest group, so that the odd row of a total goes where rows are few;
 * for distances the largest.
 */
export function turnsOf(quota: Quota, rows: readonly number[]): number[] {
  const order = [...rows.keys()];
  return quota === "distance" ? order : order.sort((a, b) => rows[a] - rows[b] || a - b);
}
