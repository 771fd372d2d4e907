import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Figure } from "../_internal/figure.ts";
import { messageOf } from "../_internal/message_of.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { probeHardware } from "../hardware/probe_hardware.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import { buildManifest, type RunFacts } from "./build_manifest.ts";
import { appendLines } from "./json_lines.ts";
import { updateLatest } from "./latest.ts";
import { type Manifest, writeManifest } from "./manifest.ts";
import {
  metricsLine,
  type MetricsRow,
  readMetrics,
  timingsLine,
  type TimingsRow,
  toHistory,
} from "./metrics_rows.ts";
import type { RowCounts, Run, SavedFile } from "./run.ts";
import { type RetainOptions, retainRuns } from "./retain_runs.ts";
import { countRows, keepRows } from "./row_counts.ts";
import { markEnded } from "./run_writer.ts";
import { safeName, safePath } from "./safe_path.ts";
import { stableJson } from "./stable_json.ts";
import { writeFolder } from "./write_folder.ts";
import { refuseLinks, writtenFiles } from "./written_files.ts";

/** What `openRun()` has settled. */
export interface RunFolderOptions extends RunFacts, RetainOptions {
  readonly hardware?: HardwareSnapshot;
  readonly onSaved?: (file: SavedFile) => void | Promise<void>;
  /** What the manifest shall say in any case. */
  readonly notes?: readonly string[];
}

const OWN_FILES = ["manifest.json", "metrics.jsonl", "timings.jsonl"];

/** The only writer of its folder. Writes queue up, so that they end in the order of the calls. */
export class RunFolder implements Run {
  readonly id: string;
  readonly folder: string;
  readonly manifestPath: string;
  readonly synthetic: boolean;
  readonly #options: RunFolderOptions;
  readonly #notes: string[];
  /** Lower-case path of each file to the path it was asked for under. */
  readonly #asked = new Map<string, string>();
  #queue: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(options: RunFolderOptions) {
    this.#options = options;
    this.#notes = [...options.notes ?? []];
    this.id = options.id;
    this.folder = options.folder;
    this.manifestPath = join(options.folder, "manifest.json");
    this.synthetic = options.synthetic ?? false;
  }

  async save(path: string, content: string | Uint8Array): Promise<string> {
    return await this.#write(this.#claim(path), content);
  }

  async saveJson(path: string, value: unknown): Promise<string> {
    const named = path.endsWith(".json") ? path : `${path}.json`;
    return await this.save(named, this.#jsonText(safePath(named), value));
  }

  async saveFigure(path: string, figure: Figure): Promise<void> {
    const { name, width, height, text, data } = figure;
    const schema = "qsight.figure/1";
    const { synthetic } = this;
    // Numbers first: they outlive a figure that cannot be drawn.
    await this.saveJson(`${path}.json`, { schema, name, width, height, text, synthetic, data });
    await this.save(`${path}.svg`, figure.svg);
    await this.save(`${path}.png`, await figure.png());
  }

  async saveFolder(
    path: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<string> {
    const folder = safePath(path);
    const claimed = Object.keys(files).map((name) => this.#claim(`${path}/${safeName(name)}`));
    const named = Object.entries(files).map(([name, content]) => [safeName(name), content]);
    await this.#enqueue(async () => {
      await refuseLinks(this.folder, `${folder}/file`);
      await writeFolder(join(this.folder, folder), Object.fromEntries(named));
    });
    for (const file of claimed) this.#tell(file);
    return join(this.folder, folder);
  }

  async remove(path: string): Promise<void> {
    this.#refuseEnded();
    const safe = safePath(path);
    if (OWN_FILES.includes(safe.toLowerCase())) {
      throw new RangeError(`The run writes ${safe} itself: use keepRows() to shorten it`);
    }
    await this.#enqueue(async () => {
      await refuseLinks(this.folder, safe);
      await rm(join(this.folder, safe), { recursive: true, force: true });
    });
  }

  async countRows(): Promise<RowCounts> {
    return await this.#enqueue(() => countRows(this.folder));
  }

  async keepRows(counts: RowCounts): Promise<void> {
    this.#refuseEnded();
    await this.#enqueue(() => keepRows(this.folder, counts));
  }

  async appendMetrics(rows: readonly MetricsRow[]): Promise<void> {
    // Rows are copied out of their folder more often than any other file; they say what they are of.
    const stamped = this.synthetic ? rows.map((row) => ({ ...row, synthetic: true })) : rows;
    await this.#append("metrics.jsonl", stamped.map(metricsLine));
  }

  async appendTimings(rows: readonly TimingsRow[]): Promise<void> {
    await this.#append("timings.jsonl", rows.map(timingsLine));
  }

  async adopt(path: string): Promise<readonly string[]> {
    this.#refuseEnded();
    let files: string[] = [];
    await this.#enqueue(async () => {
      files = await writtenFiles(this.folder, path);
      const own = files.find((file) => OWN_FILES.includes(file.toLowerCase()));
      if (own !== undefined) {
        throw new RangeError(`adopt("${path}"): the run writes ${own} itself. Adopt other files`);
      }
      // Told within its turn, so that the listener hears of files in the order of the calls.
      for (const file of files) {
        const key = file.toLowerCase();
        if (!this.#asked.has(key)) this.#asked.set(key, file);
        this.#tell(file);
      }
    });
    return files;
  }

  async finish(facts: Readonly<Record<string, unknown>> = {}): Promise<Manifest> {
    this.#refuseEnded();
    this.#ended = true;
    let manifest: Manifest;
    try {
      manifest = await this.#end(facts);
      this.#tell("manifest.json");
    } catch (error) {
      // Wrong facts and a full disk can be put right, and the run ended again.
      this.#ended = false;
      throw error;
    }
    await retainRuns(this.#options);
    return manifest;
  }

  async #end(facts: Readonly<Record<string, unknown>>): Promise<Manifest> {
    await this.#queue;
    if (!this.#asked.has("history.json")) {
      const history = toHistory(await readMetrics(this.folder));
      await this.#write("history.json", this.#jsonText("history.json", history));
    }
    const { root, clock, hardware = await probeHardware() } = this.#options;
    const manifest = await buildManifest(this.#options, {
      root,
      facts,
      hardware,
      ended: clock(),
      notes: this.#notes,
    });
    await writeManifest(this.folder, manifest);
    await updateLatest(root);
    await markEnded(root, this.id);
    return manifest;
  }

  async #write(safe: string, content: string | Uint8Array): Promise<string> {
    const file = join(this.folder, safe);
    await this.#enqueue(async () => {
      await refuseLinks(this.folder, safe);
      await writeAtomic(file, content);
    });
    this.#tell(safe);
    return file;
  }

  /** Sorted JSON, with a note for each number that it cannot hold. */
  #jsonText(safe: string, value: unknown): string {
    const { text, nonFinite } = stableJson(value);
    for (const [place, number] of Object.entries(nonFinite)) {
      const note = `${safe} ${place || "/"}: ${number} written as null`;
      if (!this.#notes.includes(note)) this.#notes.push(note);
    }
    return text;
  }

  async #append(name: string, lines: readonly string[]): Promise<void> {
    this.#refuseEnded();
    await this.#enqueue(() => appendLines(join(this.folder, name), lines));
    this.#tell(name);
  }

  /** The safe form of a path, which no other path of this run may share. */
  #claim(path: string): string {
    this.#refuseEnded();
    const safe = safePath(path);
    const key = safe.toLowerCase();
    if (OWN_FILES.includes(key)) {
      throw new RangeError(
        `The run writes ${safe} itself: use appendMetrics(), appendTimings() or finish()`,
      );
    }
    const before = this.#asked.get(key);
    if (before !== undefined && before !== path) {
      throw new RangeError(
        `"${path}" and "${before}" would be the same file on some system: rename one of them`,
      );
    }
    this.#asked.set(key, path);
    return safe;
  }

  #refuseEnded(): void {
    if (this.#ended) {
      throw new Error(`Run ${this.id} has ended: open another run with openRun()`);
    }
  }

  async #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return await turn;
  }

  /** Lets the listener know of a whole file, and lets nothing it does reach the run. */
  #tell(path: string): void {
    const { onSaved } = this.#options;
    if (onSaved === undefined) return;
    Promise.resolve({ path, file: join(this.folder, path) }).then(onSaved).catch((error) => {
      this.#notes.push(`onSaved failed for ${path}: ${messageOf(error)}`);
    });
  }
}
