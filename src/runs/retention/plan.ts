import type { RetentionPolicy } from "./policy.ts";

/** What shall happen to one run folder. */
export interface RetentionEntry {
  /** Name in the root. */
  readonly id: string;
  /** `prune` removes it, `archive` packs it first; of one that is kept, epochs may go. */
  readonly action: "keep" | "prune" | "archive";
  /** Why, for a person. */
  readonly reason: string;
  /** Size of the folder. */
  readonly bytes: number;
  /** Bytes that leave the folder; an archive takes some of them again. */
  readonly frees: number;
  /** Epoch folders that go, as paths inside the run. */
  readonly epochs: readonly string[];
  /** SHA-256 of its manifest at this moment; null without one. */
  readonly fingerprint: string | null;
}

/** What retention will do: plain data that can be printed, saved, and applied once. */
export interface RetentionPlan {
  /** Form of this value. */
  readonly schema: "qsight.retention/1";
  /** Absolute path without links. */
  readonly root: string;
  /** For when it was made, ISO 8601. */
  readonly time: string;
  /** What it follows. */
  readonly policy: RetentionPolicy;
  /** All run folders, newest first, then links. */
  readonly entries: readonly RetentionEntry[];
  /** What killed prunes and restores left, as paths inside the root: removed as well. */
  readonly leftovers: readonly string[];
  /** Size of all runs now. */
  readonly bytes: number;
  /** Sum over the entries. */
  readonly frees: number;
  /** What a person should know, such as a budget that cannot be met. */
  readonly notes: readonly string[];
}
