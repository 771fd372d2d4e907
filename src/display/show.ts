import { createRequire } from "node:module";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { jupyterDisplay } from "../_internal/figure.ts";
import { denoJupyter, kernelKind, tslabScript } from "./kernel_kind.ts";

/** A value that knows how to show itself in a notebook: a figure, a table, a panel. */
export interface Displayable {
  /** Text for front ends without pictures. */
  readonly text?: string;
  /** MIME bundle, e.g. image/png (base64), text/html, text/plain. */
  [jupyterDisplay](): Promise<Record<string, unknown>> | Record<string, unknown>;
}

/** tslab's public display, which takes one MIME type a call. */
interface TslabDisplay {
  raw(mime: string, content: string | Uint8Array): void;
}

/** What lies below it: sends a display message from the cell that runs. */
type WriteTslab = (
  content: { data: Readonly<Record<string, unknown>>; metadata: object; transient: object },
  update: boolean,
) => void;

/** In the order of richness; where tslab takes one only, the first that a bundle has. */
const MIMES = ["image/png", "text/html", "image/svg+xml", "text/markdown", "text/plain"];

/**
 * Shows a value inline with its whole MIME bundle, so that each front end takes what it can show;
 * without a kernel its text on stdout.
 *
 * @throws {TypeError} for a value that cannot display itself
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { show } from "@qsight/qsight/display";
 *
 * const table = { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "accuracy 0.91" }) };
 * await show(table as never); // prints "accuracy 0.91" here, and inline in a notebook
 * await assert.rejects(show(3 as never), TypeError);
 * ```
 */
export async function show(value: Displayable): Promise<void> {
  if (typeof value?.[jupyterDisplay] !== "function") {
    throw new TypeError(
      `show: found ${value === null ? "null" : typeof value}, wanted a figure or another value ` +
        'with a [Symbol.for("Jupyter.display")] method. Plain values are shown by console.log',
    );
  }
  const kind = kernelKind();
  // Drawing a picture only to print its text would be a waste.
  if (kind === "none" && value.text !== undefined) return print(value.text);
  const bundle = await value[jupyterDisplay]();
  if (kind === "deno") await denoJupyter()?.display(bundle, { raw: true });
  else if (kind === "tslab") showInTslab(bundle);
  else print(String(bundle["text/plain"] ?? bundle["text/markdown"] ?? "[no text to show]"));
}

function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

function showInTslab(bundle: Readonly<Record<string, unknown>>): void {
  const require = createRequire(realpathSync(tslabScript() ?? process.argv[1]));
  const write = tslabWriter(require);
  if (write !== undefined) return write({ data: bundle, metadata: {}, transient: {} }, false);
  const mime = MIMES.find((name) => bundle[name] !== undefined);
  if (mime === undefined) return;
  const content = String(bundle[mime]);
  // tslab's own module, which lies beside the script that runs the kernel.
  const display: TslabDisplay = require("tslab").display;
  display.raw(mime, mime === "image/png" ? Buffer.from(content, "base64") : content);
}

/** Not part of tslab's interface, so that another version may not have it. */
function tslabWriter(require: NodeRequire): WriteTslab | undefined {
  try {
    return require(join(dirname(require.resolve("tslab")), "jupyter.js")).lastWriteDisplayData;
  } catch {
    return undefined;
  }
}
