import { createRequire } from "node:module";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { type Figure, jupyterDisplay } from "../_internal/figure.ts";
import { checkOptions } from "../_internal/check_options.ts";
import { denoJupyter, kernelKind, tslabScript } from "./kernel_kind.ts";
import { limitBundle, type MimeBundle } from "./limit_bundle.ts";

/** A value that knows how to show itself in a notebook: a figure, a table, a panel. */
export interface Displayable {
  /** Text for front ends without pictures. */
  readonly text?: string;
  /** MIME bundle, e.g. image/png (base64), text/html, text/plain. */
  [jupyterDisplay](): Promise<Record<string, unknown>> | Record<string, unknown>;
}

/** Options of {@linkcode show}. */
export interface ShowOptions {
  /**
   * Most bytes that go into the notebook. What is larger is shown as far as it fits (a picture
   * smaller, a text cut), with a link to a file that has the whole: Jupyter drops what comes faster
   * than about 1 MB a second, and a large notebook is slow to open. @default {2_000_000}
   */
  readonly maxBytes?: number;
  /** The file for what is larger. @default {"figures/NAME-HASH.svg", or .html, .png, .txt} */
  readonly file?: string;
}

/** The part of tslab that is used: what its public display, of one MIME type a call, is made of. */
interface TslabJupyter {
  lastWriteDisplayData(
    content: { data: Readonly<Record<string, unknown>>; metadata: object; transient: object },
    update: boolean,
  ): void;
}

/**
 * Shows a value inline with its whole MIME bundle, so that each front end takes what it can show;
 * without a kernel its text on stdout. What is too large for a notebook is linked to, see
 * {@linkcode ShowOptions}.
 *
 * @throws {TypeError} for a value that cannot display itself, or an unknown option
 * @throws {RangeError} for a `maxBytes` below 10,000
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
export async function show(value: Displayable, options: ShowOptions = {}): Promise<void> {
  checkOptions("show", options, ["maxBytes", "file"]);
  const { maxBytes = 2_000_000, file } = options;
  if (!(maxBytes >= 10_000)) {
    throw new RangeError(`show: maxBytes must be at least 10000, found ${maxBytes}`);
  }
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
  if (kind === "none") {
    return print(String(bundle["text/plain"] ?? bundle["text/markdown"] ?? "[no text to show]"));
  }
  const { name, png } = value as Partial<Pick<Figure, "name" | "png">>;
  for (const part of await limitBundle(bundle, { maxBytes, file, name, png })) {
    if (kind === "deno") await denoJupyter()?.display(part, { raw: true });
    else showInTslab(part);
  }
}

function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Through tslab's own module, which lies beside the script that runs the kernel. */
function showInTslab(bundle: MimeBundle): void {
  const require = createRequire(realpathSync(tslabScript() ?? process.argv[1]));
  const jupyter: TslabJupyter = require(join(dirname(require.resolve("tslab")), "jupyter.js"));
  jupyter.lastWriteDisplayData({ data: bundle, metadata: {}, transient: {} }, false);
}
