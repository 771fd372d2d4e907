/** Names of the losses. */
export type LossName =
  | "cross_entropy"
  | "class_balanced"
  | "focal_class_balanced"
  | "squared_emd"
  | "corn";

/** All of them. */
export const LOSSES: readonly LossName[] = [
  "cross_entropy",
  "class_balanced",
  "focal_class_balanced",
  "squared_emd",
  "corn",
];

/** Losses whose weights come from the class counts. */
export function isClassBalanced(name: LossName): boolean {
  return name === "class_balanced" || name === "focal_class_balanced";
}
