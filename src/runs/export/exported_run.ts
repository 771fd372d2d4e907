import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { findManifest, type Manifest } from "../manifest.ts";
import { timeOfId } from "../run_id.ts";

/** What exporters say about a run as a whole. */
export interface ExportedRun {
  /** Name of the run folder. */
  readonly id: string;
  /** Where it is. */
  readonly folder: string;
  /** Content of `config.json`. */
  readonly config: unknown;
  /** Null while the run goes on, or when it was stopped. */
  readonly manifest: Manifest | null;
  /** When it began, in seconds since 1970; 0 when nothing tells. */
  readonly started: number;
}

/**
 * Reads what there is of a run.
 *
 * @throws {RangeError} when the folder is none of a run
 * @throws {ManifestError} when its manifest is there and malformed
 */
export async function readExportedRun(where: string, folder: string): Promise<ExportedRun> {
  const id = basename(resolve(folder));
  const config = await readFile(join(folder, "config.json"), "utf8").catch(() => undefined);
  if (config === undefined) {
    const isFolder = await stat(folder).then((kind) => kind.isDirectory(), () => false);
    throw new RangeError(
      `${where}: found ${isFolder ? "no config.json in" : "no folder"} ${folder}, wanted a run ` +
        `folder. Pass e.g. "trained_model/20260131-235959-999-1a2b3c4d"`,
    );
  }
  const manifest = await findManifest(folder);
  const began = manifest?.started ?? timeOfId(id);
  const started = began === undefined ? 0 : Date.parse(began) / 1000;
  return { id, folder, config: JSON.parse(config), manifest, started };
}
