import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { packageVersion } from "./package_version.ts";

/** One loaded copy of @tensorflow/tfjs-core. */
export interface CoreCopy {
  /** The file that was loaded, or a sentence where that cannot be known. */
  readonly path: string;
  /** Its version, or `"unknown"`. */
  readonly version: string;
}

const CORE_FILE = /[\\/]@tensorflow[\\/]tfjs-core[\\/]dist[\\/]tf-core[^\\/]*\.js$/;

/**
 * The copies of tfjs-core that this process has loaded, by file. Packages of TensorFlow.js are
 * CommonJS in Deno and in Node, so that all of them stand in the one cache of `require`. One that a
 * bundle or a page brings along as an ES module has no file here and is not seen.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coreCopies, openTensors } from "@qsight/qsight/tensors";
 * await openTensors({ prefer: "wasm" });
 * assert.equal(coreCopies().length, 1);
 * ```
 */
export function coreCopies(): CoreCopy[] {
  // Any file will do as the place to require from, it need not exist; import.meta.url may be none.
  const { cache } = createRequire(process.platform === "win32" ? "C:\\here.js" : "/here.js");
  return Object.keys(cache).filter((path) => CORE_FILE.test(path)).sort()
    .map((path) => ({
      path,
      version: packageVersion(join(dirname(path), "..", "package.json")),
    }));
}

/** What two or more copies mean, in one sentence; undefined for one. */
export function copiesNote(copies: readonly CoreCopy[]): string | undefined {
  if (copies.length < 2) return undefined;
  const names = copies.map(({ path, version }) => `${version} in ${path}`).join(" and ");
  const same = new Set(copies.map(({ version }) => version)).size === 1;
  return `${copies.length} copies of @tensorflow/tfjs-core are loaded: ${names}. ` +
    (same
      ? "They share one engine, so models of either work; "
      : "Their versions differ, so that what works is luck; ") +
    "let all import maps and package.json files name one";
}
