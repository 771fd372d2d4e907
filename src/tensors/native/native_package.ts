import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { packageVersion } from "../package_version.ts";

/** The packages that bring TensorFlow's C library. */
export type NativeName = "tfjs-node-gpu" | "tfjs-node";

/** The only version that is installed and tried; it was the last when this was written. */
export const NATIVE_VERSION = "4.22.0";

/** Below a project's node_modules: where `qsight install` gives each package a folder of its own. */
export const NATIVE_FOLDER = ".qsight-native";

/** An installed package. */
export interface NativePackage {
  readonly folder: string;
  readonly version: string;
}

/**
 * Where a native package is installed, or undefined. Looks only at a few names on disk: upward from
 * the working folder, then from this file, in node_modules and in what `qsight install` made there.
 */
export function findNativePackage(
  name: NativeName,
  starts: readonly string[] = startFolders(),
): NativePackage | undefined {
  for (const start of starts) {
    for (const modules of nodeModulesAbove(start)) {
      for (const place of [modules, join(modules, NATIVE_FOLDER, name, "node_modules")]) {
        const folder = join(place, "@tensorflow", name);
        const manifest = join(folder, "package.json");
        if (existsSync(manifest)) return { folder, version: packageVersion(manifest) };
      }
    }
  }
  return undefined;
}

function startFolders(): string[] {
  const folders: string[] = [];
  // Deno without --allow-read does not tell the working folder; a bundle may have no URL.
  try {
    folders.push(process.cwd());
    folders.push(dirname(fileURLToPath(import.meta.url)));
  } catch {
    return folders;
  }
  return folders;
}

function* nodeModulesAbove(start: string): Generator<string> {
  for (let folder = start;; folder = dirname(folder)) {
    yield join(folder, "node_modules");
    if (dirname(folder) === folder) return;
  }
}
