import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Figure } from "../_internal/figure.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { probeHardware } from "../hardware/probe_hardware.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import { buildManifest, type RunFacts } from "./build_manifest.ts";
import { appendLines } from "./json_lines.ts";
import { updateLatest } from "./latest.ts";
import type { Manifest } from "./manifest.ts";
import {
  metricsLine,
  type MetricsRow,
  readMetrics,
  timingsLine,
  type TimingsRow,
  toHistory,
} from "./metrics_rows.ts";
import type { Run, SavedFile } from "./run.ts";
import { safePath } from "./safe_path.ts";
import { stableJson } from "./stable_json.ts";

/** What `openRun()` has settled. */
export interface RunFolderOptions extends RunFacts {
  readonly root: string;
  readonly clock: () => Date;
  readonly hardware?: HardwareSnapshot;
  readonly onSaved?: (file: SavedFile) => void | Promise<void>;
}

const OWN_FILES = ["manifest.json", "metrics.jsonl", "timings.jsonl"];

/** The only writer of its folder. Writes queue up, so that they end in the order of the calls. */
export class RunFolder implements Run {
  readonly id: string;
  readonly folder: string;
  readonly manifestPath: string;
  readonly synthetic: boolean;
  readonly #options: RunFolderOptions;
  readonly #notes: string[] = [];
  /** Lower-case path of each file to the path it was asked for under. */
  readonly #asked = new Map<string, string>();
  #queue: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(options: RunFolderOptions) {
    this.#options = options;
    this.id = options.id;
    this.folder = options.folder;
    this.manifestPath = join(options.folder, "manifest.json");
    this.synthetic = options.synthetic ?? false;
  }

  async save(path: string, content: string | Uint8Array): Promise<string> {
    const safe = this.#claim(path);
    const file = join(this.folder, safe);
    await this.#enqueue(async () => {
      await this.#refuseLinks(safe);
      await writeAtomic(file, content);
    });
    this.#tell(safe);
    return file;
  }

  async saveJson(path: string, value: unknown): Promise<string> {
    const named = path.endsWith(".json") ? path : `${path}.json`;
    const { text, nonFinite } = stableJson(value);
    for (const [place, number] of Object.entries(nonFinite)) {
      this.#notes.push(`${safePath(named)} ${place || "/"}: ${number} written as null`);
    }
    return await this.save(named, text);
  }

  async saveFigure(path: string, figure: Figure): Promise<void> {
    const { name, width, height, text, data } = figure;
    const schema = "qsight.figure/1";
    const { synthetic } = this;
    // Numbers first: they outlive a picture that cannot be drawn.
    await this.saveJson(`${path}.json`, { schema, name, width, height, text, synthetic, data });
    await this.save(`${path}.svg`, figure.svg);
    await this.save(`${path}.png`, await figure.png());
  }

  async appendMetrics(rows: readonly MetricsRow[]): Promise<void> {
    // Rows are copied out of their folder more often than any other file; they say what they are of.
    const stamped = this.synthetic ? rows.map((row) => ({ ...row, synthetic: true })) : rows;
    await this.#append("metrics.jsonl", stamped.map(metricsLine));
  }

  async appendTimings(rows: readonly TimingsRow[]): Promise<void> {
    await this.#append("timings.jsonl", rows.map(timingsLine));
  }

  async finish(facts: Readonly<Record<string, unknown>> = {}): Promise<Manifest> {
    this.#refuseEnded();
    if (!this.#asked.has("history.json")) {
      await this.#queue;
      await this.saveJson("history.json", toHistory(await readMetrics(this.folder)));
    }
    this.#ended = true;
    await this.#queue;
    const { root, clock, hardware = await probeHardware() } = this.#options;
    const manifest = await buildManifest(this.#options, {
      root,
      facts,
      hardware,
      ended: clock(),
      notes: this.#notes,
    }).catch((error) => {
      // Wrong facts can be put right and handed in again.
      this.#ended = false;
      throw error;
    });
    await writeAtomic(this.manifestPath, JSON.stringify(manifest, null, 2) + "\n");
    await updateLatest(root);
    return manifest;
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

  async #refuseLinks(safe: string): Promise<void> {
    let path = this.folder;
    for (const part of safe.split("/").slice(0, -1)) {
      path = join(path, part);
      const kind = await lstat(path).catch(() => undefined);
      if (kind === undefined) return;
      if (kind.isSymbolicLink()) {
        throw new RangeError(`${path} is a link that may lead out of the run folder: remove it`);
      }
    }
  }

  #refuseEnded(): void {
    if (this.#ended) {
      throw new Error(`Run ${this.id} has ended: open another run with openRun()`);
    }
  }

  async #enqueue(write: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(write);
    this.#queue = turn.catch(() => {});
    await turn;
  }

  /** Lets the listener know of a whole file, and lets nothing it does reach the run. */
  #tell(path: string): void {
    const { onSaved } = this.#options;
    if (onSaved === undefined) return;
    Promise.resolve({ path, file: join(this.folder, path) }).then(onSaved).catch((error) => {
      this.#notes.push(
        `onSaved failed for ${path}: ${error instanceof Error ? error.message : error}`,
      );
    });
  }
}
