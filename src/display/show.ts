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

/** The part of tslab that is used: what its public display, of one MIME type a call, is made of. */
interface TslabJupyter {
  lastWriteDisplayData(
    content: { data: Readonly<Record<string, unknown>>; metadata: object; transient: object },
    update: boolean,
  ): void;
}

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

/** Through tslab's own module, which lies beside the script that runs the kernel. */
function showInTslab(bundle: Readonly<Record<string, unknown>>): void {
  const require = createRequire(realpathSync(tslabScript() ?? process.argv[1]));
  const jupyter: TslabJupyter = require(join(dirname(require.resolve("tslab")), "jupyter.js"));
  jupyter.lastWriteDisplayData({ data: bundle, metadata: {}, transient: {} }, false);
}
