import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checkOptions } from "../../_internal/check_options.ts";
import { ifGone } from "../if_gone.ts";
import { readMetrics, readTimings } from "../metrics_rows.ts";
import { GlobalSteps } from "./global_steps.ts";
import type { HparamValue } from "./hparams_value.ts";
import { type ExportedRun, readExportedRun } from "./exported_run.ts";
import { presentFiles } from "./present_files.ts";
import { replaceFolder } from "./replace_folder.ts";
import { type TensorboardWriter, tensorboardWriter } from "./tensorboard_writer.ts";

/** Options of {@linkcode exportTensorboard}. */
export interface ExportTensorboardOptions {
  /**
   * Log folder below which a folder with the name of the run is written, so that several runs can be
   * compared. @default `<run>/reports/tensorboard`, which holds the run itself
   */
  readonly out?: string;
}

/** What was written. */
export interface TensorboardExport {
  /** What `tensorboard --logdir` takes. */
  readonly folder: string;
  /** Epochs with rows, over all stages. */
  readonly epochs: number;
  /** Numbers. */
  readonly scalars: number;
  /** Pictures. */
  readonly images: number;
  /** Pictures that could not be, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Writes a run, ended or not, as event files for TensorBoard: metrics (a folder a split and head, so
 * that curves overlay; step is the epoch counted through all stages), figures as pictures,
 * configuration as text and as hyperparameters. Times are the start of the run and the durations in
 * `timings.jsonl`, not those of the export: the same run gives the same bytes. The folder is written
 * anew in one step.
 *
 * TensorBoard thins pictures out to ten a tag unless it is started with
 * `--samples_per_plugin images=0`.
 *
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when the folder is none of a run, or other files stand where it would write
 * @throws {ManifestError} when the manifest of the run is malformed
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { exportTensorboard, openRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: { learningRate: 0.1 } });
 * await run.appendMetrics([{ stage: "a", epoch: 1, split: "val", head: "h", accuracy: 0.5 }]);
 * const { folder, scalars } = await exportTensorboard(run.folder);
 * assert.equal(folder, join(run.folder, "reports/tensorboard"));
 * assert.equal(scalars, 1);
 * ```
 */
export async function exportTensorboard(
  runFolder: string,
  options: ExportTensorboardOptions = {},
): Promise<TensorboardExport> {
  checkOptions("exportTensorboard()", options, ["out"]);
  const run = await readExportedRun("exportTensorboard()", runFolder);
  const { out } = options;
  const folder = out === undefined
    ? join(runFolder, "reports", "tensorboard")
    : join(resolve(out), run.id);
  let written: Omit<TensorboardExport, "folder">;
  await replaceFolder(folder, async (next) => {
    const writer = await tensorboardWriter(next, { now: new Date(run.started * 1000) });
    try {
      await writeFacts(writer, run);
      const steps = new GlobalSteps(run.config);
      const { scalars, wallTimes } = await writeRows(writer, { run, steps });
      const pictures = await writePictures(writer, { run, steps, wallTimes });
      if (run.manifest !== null) {
        const wallTime = Date.parse(run.manifest.ended) / 1000;
        await writer.sessionEnd(run.manifest.status, { wallTime });
      }
      written = { epochs: steps.last, scalars, ...pictures };
    } finally {
      await writer.close();
    }
  });
  return { folder, ...written! };
}

async function writeFacts(writer: TensorboardWriter, run: ExportedRun): Promise<void> {
  const { id, config, manifest } = run;
  const at = { step: 0 };
  await writer.hparams(hparamsOf(config));
  await writer.text("config", `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``, at);
  const lines = [
    `**Run** ${id}`,
    manifest === null ? "not ended" : manifest.status,
    ...manifest?.synthetic ? ["**synthetic images**: no result on them is clinical"] : [],
    ...manifest?.git ? [`commit ${manifest.git.commit}`] : [],
    ...manifest === null ? [] : [`seed ${manifest.seed}`],
  ];
  await writer.text("run", lines.join("\n\n"), at);
}

const isPlain = (value: unknown) => ["number", "string", "boolean"].includes(typeof value);

/** Numbers, texts and booleans of the configuration by their path; the plugin knows no others. */
function hparamsOf(config: unknown): Record<string, HparamValue> {
  const found: Record<string, HparamValue> = {};
  const walk = (value: unknown, path: string) => {
    if (isPlain(value)) {
      found[path || "config"] = value as HparamValue;
    } else if (Array.isArray(value) && value.every(isPlain)) {
      // A column for each class name would say nothing.
      found[path || "config"] = value.join(", ");
    } else if (value !== null && typeof value === "object") {
      const prefix = path === "" ? "" : `${path}.`;
      for (const [key, inner] of Object.entries(value)) walk(inner, prefix + key);
    }
  };
  walk(config, "");
  return found;
}

interface Work {
  readonly run: ExportedRun;
  readonly steps: GlobalSteps;
}

async function writeRows(writer: TensorboardWriter, { run, steps }: Work) {
  const rows = await readMetrics(run.folder);
  for (const row of rows) steps.step(row);
  const wallTimes = await endsOfEpochs(run, steps);
  let scalars = 0;
  for (const row of rows) {
    const step = steps.step(row);
    scalars += await writer.rows([row], { step, wallTime: wallTimes[step] });
  }
  return { scalars, wallTimes };
}

/** When each epoch ended, by its number: the start of the run and all durations up to it. */
async function endsOfEpochs(run: ExportedRun, steps: GlobalSteps): Promise<number[]> {
  const seconds = new Array<number>(steps.last + 1).fill(0);
  for (const row of await readTimings(run.folder)) {
    const step = steps.find(row);
    if (step !== undefined && typeof row.seconds === "number") seconds[step] = row.seconds;
  }
  let time = run.started;
  return seconds.map((duration) => time += duration);
}

async function writePictures(
  writer: TensorboardWriter,
  { run, steps, wallTimes }: Work & { readonly wallTimes: readonly number[] },
) {
  const pictures = (await presentFiles(run.folder)).flatMap((path) => {
    const picture = steps.picture(path);
    return picture === undefined ? [] : [{ path, ...picture }];
  });
  // Paths sort by stage name; TensorBoard takes a step that goes back for a restart.
  pictures.sort((a, b) => a.step - b.step || (a.path < b.path ? -1 : 1));
  const skipped: { path: string; reason: string }[] = [];
  for (const { path, step, tag } of pictures) {
    const png = await readFile(join(run.folder, path)).catch(ifGone(undefined));
    if (png === undefined) {
      skipped.push({ path, reason: "removed meanwhile" });
      continue;
    }
    try {
      await writer.image(tag, png, { step, wallTime: wallTimes[step] });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      skipped.push({ path, reason: error.message });
    }
  }
  return { images: pictures.length - skipped.length, skipped };
}
