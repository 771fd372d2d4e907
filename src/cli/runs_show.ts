import { basename, dirname, relative } from "node:path";
import { printable } from "../_internal/printable.ts";
import { readLatest } from "../runs/latest.ts";
import { type ListedRun, readRun } from "../runs/list_runs.ts";
import { chosenBackend, type Manifest } from "../runs/manifest.ts";
import { type MetricsRow, readMetrics, ROW_KEYS } from "../runs/metrics_rows.ts";
import { type VerifyFinding, verifyRun } from "../runs/verify_run.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { bytesText, columns, durationText, figureText, timeText } from "./runs_format.ts";
import { statusText } from "./runs_list.ts";
import { onlyRun } from "./runs_options.ts";
import { findingLines } from "./runs_verify.ts";
import { parseCommand } from "./usage.ts";

/** All that is shown of a run. */
interface RunDetails {
  readonly run: ListedRun;
  readonly metrics: readonly MetricsRow[];
  readonly findings: readonly VerifyFinding[];
}

/** `qsight runs show`: what a run was, what it came to, and what it left. */
export async function runsShowCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "runs show",
    options: { root: { type: "string" }, json: { type: "boolean" } },
  });
  const folder = await onlyRun(parsed, "show", context);
  const details = await readDetails(folder);
  if (parsed.values.json === true) {
    const { run: { manifest, ...run }, metrics, findings } = details;
    const folders = manifest === null ? [] : foldersOf(manifest);
    const report = { schema: "qsight.runs/1", run, manifest, metrics, folders, findings };
    context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    context.stdout.write(detailLines(details, relative(context.cwd, folder) || "."));
  }
  return EXIT.ok;
}

async function readDetails(folder: string): Promise<RunDetails> {
  const [root, id] = [dirname(folder), basename(folder)];
  const latest = await readLatest(root);
  // A folder that is no run by its name was asked for all the same.
  const run = await readRun(root, { id, latest, now: new Date() }) ?? {
    ...{ id, folder, status: "unended", manifest: null, fingerprint: null, started: null } as const,
    ...{ bytes: 0, pinned: false, latest: false },
  };
  const metrics = lastEpoch(await readMetrics(folder).catch(() => []));
  return { run, metrics, findings: await verifyRun(folder) };
}

/** The rows of the last epoch of the last stage. */
function lastEpoch(rows: readonly MetricsRow[]): MetricsRow[] {
  const last = rows.at(-1);
  return rows.filter(({ stage, epoch }) => stage === last?.stage && epoch === last.epoch);
}

function detailLines({ run, metrics, findings }: RunDetails, shown: string): string {
  const { manifest } = run;
  const status = statusText({ status: run.status, kind: manifest?.kind ?? null });
  const marks = [...run.latest ? ["latest"] : [], ...run.pinned ? ["pinned"] : []];
  const facts = [
    ["Run", run.id],
    ["Folder", shown],
    ["Status", [status, ...marks].join(", ")],
    ["Started", run.started === null ? "unknown" : `${timeText(run.started)} UTC`],
    ["Size", bytesText(run.bytes)],
    ...manifest === null ? [] : manifestFacts(manifest),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    facts.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}\n`).join(""),
    ...metrics.length === 0 ? [] : [metricLines(metrics)],
    ...manifest === null ? [] : [
      columns(
        ["folder", "files", "size"],
        foldersOf(manifest).map((row) => [row.folder, String(row.files), bytesText(row.bytes)]),
      ),
    ],
    ...(manifest?.notes ?? []).map((note) => `Note: ${printable(note)}\n`),
    findings.length === 0 ? "All files are as the manifest says.\n" : findingLines(findings),
  ].join("\n");
}

function manifestFacts(manifest: Manifest): string[][] {
  const { name, seed, synthetic, git, versions, duration, backendChanged, data } = manifest;
  const { estimatedSeconds: estimated, actualSeconds } = duration;
  const backend = chosenBackend(manifest.backend) ?? "unknown";
  const dataName = (data as { readonly name?: unknown } | null)?.name;
  return [
    ...name === null ? [] : [["Name", name]],
    [
      "Took",
      durationText(actualSeconds) +
      (estimated === null ? "" : `, estimated ${durationText(estimated)}`),
    ],
    ["Seed", String(seed)],
    [
      "Data",
      `${typeof dataName === "string" ? dataName : "unknown"}${synthetic ? ", synthetic" : ""}`,
    ],
    ["Backend", backend + (backendChanged === true ? ", another than in the run before" : "")],
    ["Commit", git === null ? "none" : `${git.commit.slice(0, 12)} ${git.branch ?? ""}`.trimEnd()],
    [
      "Versions",
      Object.entries(versions).map(([what, version]) => `${what} ${version}`).join(", "),
    ],
  ];
}

function metricLines(rows: readonly MetricsRow[]): string {
  const [{ stage, epoch }] = rows;
  const own = [...ROW_KEYS, "nonFinite", "synthetic"];
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    .filter((name) => !own.includes(name));
  const lines = rows.map((row) => [
    row.split,
    row.head,
    ...names.map((name) => {
      const value = row[name];
      return typeof value === "number" ? figureText(value) : String(value ?? "");
    }),
  ]);
  return `Stage ${printable(stage)}, epoch ${epoch}:\n${
    columns(["split", "head", ...names], lines)
  }`;
}

/** Files by the folder they are in, down to two levels. */
function foldersOf(
  { files }: Manifest,
): { readonly folder: string; readonly files: number; readonly bytes: number }[] {
  const sums = new Map<string, { files: number; bytes: number }>();
  for (const { path, bytes } of files) {
    const folder = path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";
    const sum = sums.get(folder) ?? { files: 0, bytes: 0 };
    sums.set(folder, { files: sum.files + 1, bytes: sum.bytes + bytes });
  }
  return [...sums].map(([folder, sum]) => ({ folder, ...sum }))
    .sort((a, b) => a.folder < b.folder ? -1 : 1);
}
