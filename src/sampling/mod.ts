/**
 * Which rows to look at: seeded, class-diverse picks from plain arrays or from a stream, panels that
 * rotate over the epochs, and why each row was chosen.
 *
 * @module
 */
export type { ClassDiversePicks, ClassPick, ShortClass } from "./class_diverse_picks.ts";
export type { Strategy, StreamStrategy } from "./measures.ts";
export type { NumberTable } from "./number_table.ts";
export { pickClassDiverse } from "./pick_class_diverse.ts";
export type { PickClassDiverseOptions } from "./pick_class_diverse.ts";
export { pickManifest } from "./pick_manifest.ts";
export type { ManifestPick, PickManifest } from "./pick_manifest.ts";
export type { PickOptions } from "./pick_plan.ts";
export type { Quota } from "./quota_groups.ts";
export { rotatingPicks } from "./rotating_picks.ts";
export type { PanelStrategy, RotatingPicks, RotatingPicksOptions } from "./rotating_picks.ts";
export type { RowBatch } from "./row_batch.ts";
export { ClassDiverseStream, streamingClassDiverse } from "./streaming_class_diverse.ts";
export type { StreamingOptions } from "./streaming_class_diverse.ts";
