import process from "node:process";
import { checkOptions } from "../_internal/check_options.ts";
import type { HardwareSnapshot } from "../hardware/snapshot.ts";
import { readGitState } from "./git_state.ts";
import { checkPolicy, type RetentionPolicy } from "./retention/policy.ts";
import type { RetentionOutcome, Run, SavedFile } from "./run.ts";
import { reopenFolder } from "./reopen_run.ts";
import { RunFolder } from "./run_folder.ts";
import { makeRunFolder } from "./run_id.ts";
import { markOpen } from "./run_writer.ts";
import { stableJson } from "./stable_json.ts";

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions {
  /** Folder under which run folders are made. @default {"trained_model"} */
  readonly root?: string;
  /** Seed of the run, a whole number. */
  readonly seed: number;
  /** Everything that decides the result; goes to `config.json`. Data that JSON can hold. */
  readonly config: unknown;
  /** Ends the run id and stands in the manifest. @default none */
  readonly name?: string;
  /** The time, or a clock. A fixed time gives a run that took 0 seconds. @default the system clock */
  readonly now?: Date | (() => Date);
  /** Whether made-up images take part: manifest, figures and reports then say so. @default {false} */
  readonly synthetic?: boolean;
  /** How long the run was expected to take. @default unknown */
  readonly estimatedSeconds?: number;
  /**
   * Id of a run under `root` whose process ended without `finish()`, to go on with it in its folder.
   * Seed and configuration must be those of then. No other process may still write there.
   * @default a new run
   */
  readonly reopen?: string;
  /** Snapshot for the manifest. @default the one of `probeHardware()` */
  readonly hardware?: HardwareSnapshot;
  /** Folder whose git commit is noted. @default the current one */
  readonly source?: string;
  /**
   * Hears of each file after it is whole on disk, and of files of other code after
   * {@linkcode Run.adopt}; `manifest.json` comes last. It is not waited for, and what it throws becomes
   * a note in the manifest: an upload that fails or hangs cannot cost a file. `latest`, which stands
   * beside the run folders, is not announced.
   */
  readonly onSaved?: (file: SavedFile) => void | Promise<void>;
  /**
   * Which runs of `root` stay when this one has ended: applied after its manifest is written; this run
   * itself always stays. See `planRetention()`. @default all runs stay
   */
  readonly retention?: RetentionPolicy;
  /**
   * Hears what retention did, or why it could not; `finish()` waits for it. Retention never fails a run;
   * what it did also stands in `retention.jsonl` in the root. @default nobody
   */
  readonly onRetention?: (outcome: RetentionOutcome) => void | Promise<void>;
}

/**
 * Opens a folder for one run: `<root>/<time>-<hash>`, which no other run shares, even when several
 * processes open runs at once. Files in it are written whole or not at all; `manifest.json` comes
 * last, from {@linkcode Run.finish}.
 *
 * @throws {TypeError} on an unknown option, or a configuration that JSON cannot hold
 * @throws {RangeError} on a seed that is not a whole number, a `reopen` that is no run id, or a
 * `retention` that says nothing clear
 * @throws {Error} when the run to reopen is missing, has ended, or had another configuration
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openRun, readMetrics } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: { epochs: 1 } });
 * await run.appendMetrics([{ stage: "a", epoch: 1, split: "val", head: "quantum", accuracy: 0.5 }]);
 * await run.saveJson("reports/picks.json", { indices: [3, 1] });
 * const manifest = await run.finish({ data: { name: "none" } });
 * assert.equal(manifest.files.length, 4);
 * assert.equal((await readMetrics(run.folder))[0].accuracy, 0.5);
 * ```
 */
export async function openRun(options: OpenRunOptions): Promise<Run> {
  checkOptions("openRun()", options, [
    "root",
    "seed",
    "config",
    "name",
    "now",
    "synthetic",
    "estimatedSeconds",
    "reopen",
    "hardware",
    "source",
    "onSaved",
    "retention",
    "onRetention",
  ]);
  // Before hours of training, not behind them.
  if (options.retention !== undefined) checkPolicy("openRun(): retention", options.retention);
  const { root = "trained_model", seed, name, now = () => new Date() } = options;
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `openRun(): seed must be a whole number, found ${seed}: pass e.g. seed: 1`,
    );
  }
  const config = stableJson(options.config).text;
  const clock = typeof now === "function" ? now : () => now;
  const git = await readGitState(options.source ?? process.cwd());
  const { reopen: id } = options;
  if (id !== undefined) {
    const found = await reopenFolder(root, { id, config });
    const notes = [`Continued by another process at ${clock().toISOString()}`];
    const facts = { ...options, ...found, root, id, clock, git, notes };
    await markOpen(root, facts);
    return new RunFolder(facts);
  }
  const started = clock();
  const made = await makeRunFolder(root, { time: started, seed, config, name });
  const facts = { ...options, ...made, root, clock, started, git };
  await markOpen(root, facts);
  const run = new RunFolder(facts);
  await run.saveJson("config.json", options.config);
  return run;
}
