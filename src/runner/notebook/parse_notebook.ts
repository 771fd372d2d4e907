import { checkOptions } from "../../_internal/check_options.ts";
import { NotebookError } from "../runner_errors.ts";
import { addIds } from "./cell_ids.ts";
import { checkNotebook } from "./check_notebook.ts";
import { JsonFault, JsonPlace } from "./json_place.ts";
import type { Notebook } from "./nbformat.ts";
import { upgradeNotebook3 } from "./upgrade_notebook3.ts";

/** Options of {@linkcode parseNotebook} and of the readers of documents and scripts. */
export interface ParseNotebookOptions {
  /** What messages call the notebook. @default {"notebook"} */
  readonly name?: string;
}

/**
 * Parses the JSON text of a notebook: nbformat 4 in any minor version, or 3. In memory it is 4.5,
 * with an id in each cell.
 *
 * @throws {NotebookError} as {@linkcode loadNotebook}
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { NotebookError, parseNotebook } from "@qsight/qsight/runner";
 *
 * assert.throws(() => parseNotebook("{}", { name: "a.ipynb" }), NotebookError);
 * ```
 */
export function parseNotebook(content: string, options: ParseNotebookOptions = {}): Notebook {
  checkOptions("parseNotebook", options, ["name"]);
  const { name = "notebook" } = options;
  const value = parseJson(content.replace(/^\uFEFF/, ""), name);
  const version = (value as { nbformat?: unknown } | null)?.nbformat;
  if (typeof version === "number" && version !== 3 && version !== 4) {
    throw new NotebookError(
      "unsupported_version",
      `${name} is nbformat ${version}, wanted 4. ` +
        "Convert it with: jupyter nbconvert --to notebook --nbformat 4",
    );
  }
  try {
    return notebookOf(value);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new NotebookError(
      "not_a_notebook",
      `${name} is not an nbformat ${version === 3 ? 3 : 4} notebook: ${error.message}. ` +
        "Save it again from Jupyter",
    );
  }
}

/**
 * The notebook that parsed JSON holds.
 *
 * @throws {JsonFault} where it holds none
 */
export function notebookOf(value: unknown): Notebook {
  for (const [, place] of new JsonPlace(value).entries()) place.notTooDeep();
  const isOld = (value as { readonly nbformat?: unknown }).nbformat === 3;
  const notebook = isOld ? upgradeNotebook3(value) : checkNotebook(value);
  addIds(notebook.cells);
  return notebook;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const conflict = /^(?:<{7}|={7}|>{7})(?:[ \r]|$)/m.exec(text);
    const found = text.trim() === ""
      ? "the file is empty"
      : conflict !== null
      ? `line ${text.slice(0, conflict.index).split("\n").length} is the mark of a merge conflict`
      : (error as Error).message;
    throw new NotebookError(
      "not_json",
      `${name} is not JSON: ${found}. A notebook is a JSON file; open it in an editor to repair it`,
    );
  }
}
