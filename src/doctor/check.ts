import type { Outcome, Point } from "./finding.ts";
import type { Scene } from "./scene.ts";
import type { Need } from "./need.ts";

/** One thing that is looked at. */
export interface Check {
  /** Stable: it is never given to another check. */
  readonly code: string;
  readonly point: Point;
  /** What is looked at, in a few words. */
  readonly title: string;
  /** What should be found. */
  readonly wanted: string;
  readonly needs: readonly Need[];
  /** Whether it builds or loads something in a process of its own; `--no-build` leaves it out. */
  readonly builds: boolean;
  /** Milliseconds after which it is given up; what it started is killed then. */
  readonly deadline: number;
  /** What to do where it did not answer in time. */
  readonly remedyWhenLate: string;
  /**
   * Looks. Several outcomes are several findings; none is none. Throwing is a finding too.
   *
   * @param signal aborted at the deadline
   */
  run(scene: Scene, signal: AbortSignal): Promise<readonly Outcome[]> | readonly Outcome[];
}
