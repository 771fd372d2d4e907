import type pl from "nodejs-polars";
import { installHint } from "../_internal/load_package.ts";

/** What the package exports. */
export type Polars = typeof pl;

let loading: Promise<Polars> | undefined;

/** Polars could not be loaded: its native part is missing, or may not be loaded. */
export class PolarsError extends Error {
  /** Tells it from other errors. */
  override name = "PolarsError";
}

/**
 * Polars, loaded at the first call: it is a native library of 98 MB that takes 0.1 s and needs
 * permission for foreign functions.
 *
 * @throws {PolarsError} when it cannot be loaded
 */
export function loadPolars(): Promise<Polars> {
  // A failure is not kept: the package may be installed while the notebook is open.
  return loading ??= import("nodejs-polars").then((module) => module.default, (cause) => {
    loading = undefined;
    const why = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0];
    throw new PolarsError(
      `nodejs-polars could not be loaded (${why}), wanted its native library for this machine. ` +
        `${
          installHint("nodejs-polars")
        }, and start Deno with -A or --allow-ffi; CSV and JSON work ` +
        "without it",
      { cause },
    );
  });
}
