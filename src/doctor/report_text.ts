import { type Finding, POINTS, type Status } from "./finding.ts";
import { type RedactOptions, redactPerson } from "./redact.ts";
import { countsText, type ReportData } from "./report.ts";

/** What stands before a line. */
export const MARKS: Readonly<Record<Status, string>> = {
  ok: "✓",
  warning: "!",
  failure: "✗",
  skipped: "–",
};

const COLOURS: Readonly<Record<Status, string>> = {
  ok: "32",
  warning: "33",
  failure: "31",
  skipped: "90",
};

/** Options of {@linkcode reportText}. */
export interface ReportTextOptions {
  /** Whether marks have colours. @default {false} */
  readonly colours?: boolean;
}

/** A report for a terminal: one line a finding, and below it one with what to do. */
export function reportText(
  report: ReportData,
  { colours = false }: ReportTextOptions = {},
): string {
  const mark = (status: Status) =>
    colours ? `\x1b[${COLOURS[status]}m${MARKS[status]}\x1b[0m` : MARKS[status];
  const { runtime, platform, points, findings, version, folder } = report;
  const lines = [
    `qsight ${version}, ${runtime.name} ${runtime.version}, ${platform.os} ${platform.arch}`,
    folder,
  ];
  for (const { point, status } of points) {
    const own = findings.filter((entry) => entry.point === point);
    if (own.length === 0) continue;
    lines.push("", `${mark(status)} ${point}`);
    for (const finding of own) {
      lines.push(`  ${mark(finding.status)} ${finding.code} ${finding.title}: ${finding.found}`);
      if (finding.status === "failure" || finding.status === "warning") {
        lines.push(`      wanted: ${finding.wanted}`);
      }
      if (finding.remedy !== null) lines.push(`      → ${finding.remedy}`);
    }
  }
  const seconds = (report.milliseconds / 1000).toFixed(1);
  return `${[...lines, "", `${countsText(report.counts)} (${seconds} s)`].join("\n")}\n`;
}

/** A report to paste into an issue: no tokens, no home folder, no user name. */
export function reportMarkdown(report: ReportData, person: RedactOptions = {}): string {
  const { runtime, platform, findings, version } = report;
  const cell = (text: string) =>
    redactPerson(text, person).replace(/[\\`*_<>|[\]]/g, "\\$&").replaceAll("@", "@\u200b");
  const row = (finding: Finding) => {
    const { status, code, title, found, wanted, remedy } = finding;
    const isFault = status === "failure" || status === "warning";
    const cells = [MARKS[status], code, title, found, isFault ? wanted : "", remedy ?? ""];
    return `| ${cells.map(cell).join(" | ")} |`;
  };
  const tables = POINTS.flatMap((point) => {
    const own = findings.filter((entry) => entry.point === point);
    if (own.length === 0) return [];
    const head = ["|   | code | what | found | wanted | to do |", "| - | - | - | - | - | - |"];
    return [`### ${point}`, "", ...head, ...own.map(row), ""];
  });
  const head = [
    `**qsight doctor**: ${countsText(report.counts)}`,
    "",
    `qsight ${version}, ${runtime.name} ${runtime.version}, ${platform.os} ${platform.arch}`,
    "",
  ];
  return `${[...head, ...tables].join("\n").trimEnd()}\n`;
}
