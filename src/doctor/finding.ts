/** What a report says of: each is looked at whatever the others came to. */
export type Point = "dependencies" | "configuration" | "environment" | "build";

/** The four points in the order of a report. */
export const POINTS: readonly Point[] = ["dependencies", "configuration", "environment", "build"];

/** How it stands. Skipped is not passed: nobody looked, and `found` says why. */
export type Status = "ok" | "warning" | "failure" | "skipped";

/** What a check came to. */
export interface Outcome {
  readonly status: Status;
  /** What was found; of a check that was skipped, why. */
  readonly found: string;
  /** What was wanted. @default that of the check */
  readonly wanted?: string;
  /** What to do, in one line. Warnings and failures have one. @default {null} */
  readonly remedy?: string | null;
  /** Where what was found stands, or where the rule comes from. @default {null} */
  readonly source?: string | null;
}

/** One line of a report. Plain data, ready for JSON. */
export interface Finding {
  /** Stable, such as `QD101`. */
  readonly code: string;
  /** Of the four. */
  readonly point: Point;
  /** What was looked at, in a few words. */
  readonly title: string;
  /** How it stands. */
  readonly status: Status;
  /** What was found; of a check that was skipped, why. */
  readonly found: string;
  /** What was wanted. */
  readonly wanted: string;
  /** What to do, in one line; null where there is nothing to do. */
  readonly remedy: string | null;
  /** Where what was found stands, or where the rule comes from. */
  readonly source: string | null;
  /** How long the check took. */
  readonly milliseconds: number;
}

/** The worst of several; of nothing but skipped ones, skipped. */
export function worstStatus(statuses: readonly Status[]): Status {
  for (const status of ["failure", "warning", "ok"] as const) {
    if (statuses.includes(status)) return status;
  }
  return "skipped";
}

/** All is as it should be. */
export function ok(found: string, source: string | null = null): Outcome {
  return { status: "ok", found, source };
}

/** Nobody looked, and why. */
export function skipped(reason: string, remedy: string | null = null): Outcome {
  return { status: "skipped", found: reason, remedy };
}
