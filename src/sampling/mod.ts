/**
 * Which rows to look at: seeded, class-diverse picks from plain arrays or from a stream.
 *
 * @module
 */
export type { ClassDiversePicks, ClassPick, ShortClass } from "./allocate.ts";
export { pickClassDiverse } from "./pick_class_diverse.ts";
export type { PickClassDiverseOptions } from "./pick_class_diverse.ts";
export { ClassDiverseStream, streamingClassDiverse } from "./streaming_class_diverse.ts";
export type { PickOptions, RowBatch, StreamingOptions } from "./streaming_class_diverse.ts";
