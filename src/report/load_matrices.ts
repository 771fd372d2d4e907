import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { byStage, type EpochFolder } from "./epoch_folders.ts";
import { arrayOf, numberOf, objectOf, readJson, textOf, under } from "./json_access.ts";
import { counted, evenly, LIMITS, whole } from "./limits.ts";

/** One confusion matrix of a run. */
export interface MatrixRecord {
  readonly place: EpochFolder;
  readonly head: string;
  /** Rows are true classes. */
  readonly counts: readonly (readonly number[])[];
  readonly labels: readonly string[];
  /** Files beside it, inside the run folder: what they show, and their path. */
  readonly files: readonly (readonly [name: string, path: string])[];
}

/** A row of a confidence table with its place. */
export interface ConfidenceRecord {
  readonly place: EpochFolder;
  readonly row: Readonly<Record<string, unknown>>;
}

/** What the epochs of a run show of classes. */
export interface ClassRecords {
  readonly matrices: readonly MatrixRecord[];
  readonly confidence: readonly ConfidenceRecord[];
  /** What was left out or could not be read, in sentences. */
  readonly notes: readonly string[];
}

/** Reads confusion matrices and confidence tables of as many epochs as a page can carry. */
export async function loadMatrices(
  run: string,
  folders: readonly EpochFolder[],
): Promise<ClassRecords> {
  const stages = byStage(folders);
  const each = Math.max(2, Math.floor(LIMITS.epochs / Math.max(1, stages.length)));
  const chosen = evenly(stages.flatMap((stage) => evenly(stage, each)), LIMITS.epochs);
  const notes: string[] = [];
  if (chosen.length < folders.length) {
    notes.push(
      `Shown are ${whole(chosen.length)} of ${
        counted(folders.length, "epoch")
      }: the first and the ` +
        "last of each stage and others evenly between. The run folder has all of them.",
    );
  }
  const matrices: MatrixRecord[] = [], confidence: ConfidenceRecord[] = [];
  for (const place of chosen) {
    const read = await readEpoch(run, place);
    matrices.push(...read.matrices);
    confidence.push(...read.confidence);
    notes.push(...read.notes);
  }
  const kept = fewEnough(matrices);
  if (kept.length < matrices.length) {
    notes.push(`Of ${counted(matrices.length, "matrix")}, ${whole(kept.length)} are shown.`);
  }
  return { matrices: kept, confidence, notes };
}

/** Matrices of whole epochs, evenly over the training, within the page's limits. */
function fewEnough(matrices: readonly MatrixRecord[]): readonly MatrixRecord[] {
  const epochs = [...new Set(matrices.map(({ place }) => place))];
  const cells = (list: readonly MatrixRecord[]) =>
    list.reduce((sum, { counts }) => sum + counts.length ** 2, 0);
  for (let most = epochs.length; most > 1; most = Math.floor(most * 0.7)) {
    const places = new Set(evenly(epochs, most));
    const kept = matrices.filter(({ place }) => places.has(place));
    if (kept.length <= LIMITS.matrices && cells(kept) <= LIMITS.matrixCells) return kept;
  }
  const last = matrices.filter(({ place }) => place === epochs.at(-1));
  return cells(last) <= LIMITS.matrixCells ? last : [];
}

async function readEpoch(run: string, place: EpochFolder): Promise<ClassRecords> {
  const names = new Set(await readdir(join(run, place.path)).catch(() => []));
  const matrices: MatrixRecord[] = [], notes: string[] = [];
  for (const name of [...names].sort()) {
    const stem = /^(confusion_matrix(?:_.+)?)\.json$/.exec(name)?.[1];
    if (stem === undefined) continue;
    const { value, missing } = await readJson(join(run, place.path, name), name);
    const record = missing === undefined ? matrixOf(value, { place, stem, names }) : undefined;
    if (record !== undefined) matrices.push(record);
    else notes.push(`${place.path}/${name}: ${missing ?? "it holds no square matrix of counts"}.`);
  }
  const table = names.has("confidence_table.json")
    ? await readJson(join(run, place.path, "confidence_table.json"), "confidence_table.json")
    : { value: undefined };
  if (table.missing !== undefined) notes.push(`${place.path}: ${table.missing}.`);
  const rows = arrayOf(under(table.value, "data", "rows"));
  return { matrices, confidence: rows.map((row) => ({ place, row: objectOf(row) })), notes };
}

function matrixOf(
  value: unknown,
  { place, stem, names }: { place: EpochFolder; stem: string; names: ReadonlySet<string> },
): MatrixRecord | undefined {
  const counts = arrayOf(under(value, "data", "counts"))
    .map((row) => arrayOf(row).map((count) => numberOf(count) ?? -1));
  const square = counts.length > 0 &&
    counts.every((row) => row.length === counts.length && row.every((count) => count >= 0));
  if (!square) return undefined;
  const given = arrayOf(under(value, "data", "labels"));
  const suffix = stem.slice("confusion_matrix".length);
  const files = [
    ["picture (SVG)", `${stem}.svg`],
    ["picture (PNG)", `${stem}.png`],
    ["numbers (JSON)", `${stem}.json`],
    ["reliability", `reliability${suffix}.svg`],
  ].filter(([, name]) => names.has(name));
  return {
    place,
    head: textOf(under(value, "data", "head")) ?? (suffix.slice(1) || "all"),
    counts,
    labels: counts.map((_, i) => textOf(given[i]) ?? `class ${i}`),
    files: files.map(([what, name]) => [what, `${place.path}/${name}`] as const),
  };
}
