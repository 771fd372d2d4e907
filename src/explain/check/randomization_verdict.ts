import type { ExplainedImage } from "./explainer.ts";
import { fixed } from "./fixed.ts";
import { rankCorrelation, structuralSimilarity } from "./similarity.ts";

/** How alike maps are before and after, on average. */
export interface MapComparison {
  /** Mean rank correlation; null when no map could be compared. */
  readonly spearman: number | null;
  /** Mean structural similarity; null when no map could be compared. */
  readonly ssim: number | null;
  /** Maps that could be compared. */
  readonly compared: number;
  /** Maps that became blank, and so say something else than before. */
  readonly blank: number;
}

/** One step of a cascade: on top of those before. */
export interface RandomizationStep extends MapComparison {
  /** The layers of this step in a few words, for an axis: "head", or "conv_1 to conv_4". */
  readonly layer: string;
  /** Layers whose weights were exchanged in this step. */
  readonly layers: readonly string[];
  /** Numbers that changed places; 0 where a layer has but one value in each weight. */
  readonly moved: number;
}

/** What {@linkcode checkRandomization} found; plain numbers and text. */
export interface RandomizationCheck {
  /** From the head down to the image. */
  readonly steps: readonly RandomizationStep[];
  /** Mean rank correlation after all layers, over all draws; null when nothing could be compared. */
  readonly spearman: number | null;
  /** Mean structural similarity after all layers, over all draws. */
  readonly ssim: number | null;
  /** How often all weights were exchanged. */
  readonly draws: number;
  /** Rank correlation from which the maps count as unchanged. */
  readonly threshold: number;
  /** Maps that were followed: those that were "ok" before. */
  readonly maps: number;
  /** "passed" when the maps depend on the weights. */
  readonly verdict: "passed" | "failed" | "undecided";
  /** The verdict in a sentence. */
  readonly reason: string;
}

/** Compares maps, one by one, with those of the same images and classes. */
export function compareMaps(
  before: readonly ExplainedImage[],
  after: readonly ExplainedImage[],
): MapComparison {
  const ranks: number[] = [], structures: number[] = [];
  before.forEach((cam, i) => {
    if (after[i].status !== "ok") return;
    const rank = rankCorrelation(cam.map, after[i].map).value;
    const structure = structuralSimilarity(cam, after[i]).value;
    if (rank === null || structure === null) return;
    ranks.push(rank);
    structures.push(structure);
  });
  const compared = ranks.length;
  return {
    spearman: meanOf(ranks),
    ssim: meanOf(structures),
    compared,
    blank: before.length - compared,
  };
}

/** The mean, null of nothing. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

/** Puts the steps and the draws of all layers together. */
export function randomizationVerdict(
  steps: readonly RandomizationStep[],
  final: readonly MapComparison[],
  { maps, threshold, minimum }: {
    readonly maps: number;
    readonly threshold: number;
    readonly minimum: number;
  },
): RandomizationCheck {
  const spearman = meanOf(final.flatMap((x) => x.spearman ?? []));
  const ssim = meanOf(final.flatMap((x) => x.ssim ?? []));
  const common = { steps, spearman, ssim, draws: final.length, threshold, maps };
  if (maps < minimum) {
    const reason = `${maps} maps are ok, at least ${minimum} are needed to see whether they ` +
      `change with the weights`;
    return { ...common, verdict: "undecided", reason };
  }
  if (!steps.some((step) => step.moved > 0)) {
    const reason = "no weight before the head could be exchanged: each has but one value";
    return { ...common, verdict: "undecided", reason };
  }
  if (spearman === null) {
    const reason = "all maps become blank when the weights are randomised: they depend on them";
    return { ...common, verdict: "passed", reason };
  }
  const figure = `Spearman ${fixed(spearman)}`;
  if (spearman >= threshold) {
    const reason = `the maps do not change when the weights are randomised (${figure}): they do ` +
      `not show what the model learnt`;
    return { ...common, verdict: "failed", reason };
  }
  const reason = `the maps change when the weights are randomised (${figure}, ` +
    `below ${threshold})`;
  return { ...common, verdict: "passed", reason };
}
