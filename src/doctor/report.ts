import { type Finding, type Point, POINTS, type Status, worstStatus } from "./finding.ts";

/** How many findings stand how. */
export type StatusCounts = Readonly<Record<Status, number>>;

/** What an examination came to; plain data. `report.schema.json` beside this file describes it. */
export interface ReportData {
  /** Form of this object; a number higher means that something was renamed or removed. */
  readonly schema: "qsight.doctor/1";
  /** Of this package. */
  readonly version: string;
  /** What ran the checks. */
  readonly runtime: { readonly name: string; readonly version: string };
  /** Operating system and processor family. */
  readonly platform: { readonly os: string; readonly arch: string };
  /** The project that was examined. */
  readonly folder: string;
  /** Each point with the worst of its findings. */
  readonly points: readonly { readonly point: Point; readonly status: Status }[];
  /** In the order of the checks; a check may have several. */
  readonly findings: readonly Finding[];
  /** How many findings stand how. */
  readonly counts: StatusCounts;
  /** How long all of it took. */
  readonly milliseconds: number;
}

/** The points with the worst of their findings. */
export function pointsOf(findings: readonly Finding[]): ReportData["points"] {
  return POINTS.map((point) => ({
    point,
    status: worstStatus(
      findings.filter((entry) => entry.point === point).map(({ status }) => status),
    ),
  }));
}

/** How many findings stand how. */
export function countsOf(findings: readonly Finding[]): StatusCounts {
  const counts = { ok: 0, warning: 0, failure: 0, skipped: 0 };
  for (const { status } of findings) counts[status]++;
  return counts;
}

/** Options of {@linkcode reportExitCode}. */
export interface ExitCodeOptions {
  /** Warnings count, and so does what could not be looked at. @default {false} */
  readonly strict?: boolean;
  /** Codes of checks that the caller left out himself. @default {[]} */
  readonly leftOut?: readonly string[];
}

/**
 * 0 when nothing failed, 2 when something did; with `strict` 1 for warnings, and for checks that
 * could not look although they were asked to.
 */
export function reportExitCode(
  { findings }: Pick<ReportData, "findings">,
  { strict = false, leftOut = [] }: ExitCodeOptions = {},
): 0 | 1 | 2 {
  if (findings.some(({ status }) => status === "failure")) return 2;
  const counts = findings.some(({ status, code }) =>
    status === "warning" || (status === "skipped" && !leftOut.includes(code))
  );
  return strict && counts ? 1 : 0;
}

/** In words, such as `2 failures, 1 warning, 30 ok, 7 not looked at`. */
export function countsText({ failure, warning, ok, skipped }: StatusCounts): string {
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const parts = [
    failure > 0 ? plural(failure, "failure") : "",
    warning > 0 ? plural(warning, "warning") : "",
    `${ok} ok`,
    skipped > 0 ? `${skipped} not looked at` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
