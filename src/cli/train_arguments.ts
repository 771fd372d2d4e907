import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type ParsedCommand, textOption, UsageError } from "./usage.ts";

/** Which command asks, and where its user stands. */
export interface Asker {
  readonly command: string;
  readonly cwd: string;
}

/**
 * The folder of `--out`, below which runs are made.
 *
 * @throws {UsageError} when it is no name, or a file
 */
export function outFolder(parsed: ParsedCommand, { command, cwd }: Asker): string {
  const out = textOption(parsed, "out") ?? "trained_model";
  const folder = resolve(cwd, out);
  const isFile = existsSync(folder) && !statSync(folder).isDirectory();
  if (out !== "" && !isFile) return folder;
  throw new UsageError(
    `qsight ${command}: --out "${out}": found ${isFile ? "a file" : "no name"}, wanted a folder; ` +
      `leave it out for trained_model`,
  );
}

/**
 * A spec of data with an absolute path, as it is read from elsewhere than where the user stands.
 *
 * @throws {UsageError} when there is nothing of that name
 */
export function dataSpec(spec: string, { command, cwd }: Asker): string {
  if (spec === "synthetic") return spec;
  const path = resolve(cwd, spec);
  if (spec !== "" && existsSync(path)) return path;
  throw new UsageError(
    `qsight ${command}: --data "${spec}": found no such file or folder; wanted "synthetic", a .npz file ` +
      `or a folder with one folder of images for each class`,
  );
}

/**
 * A forgotten `--data` must not end in a training on drawn images.
 *
 * @throws {UsageError} for an argument that is no option
 */
export function noPositionals({ positionals }: ParsedCommand, command: string): void {
  if (positionals.length === 0) return;
  throw new UsageError(
    `qsight ${command}: found "${positionals[0]}", wanted options only; did you mean --data ${
      positionals[0]
    }?`,
  );
}
