import { readFile } from "node:fs/promises";
import { NotebookError } from "../runner_errors.ts";
import { isTextNotebook, type Notebook } from "./nbformat.ts";
import { parseMarkdownNotebook } from "./parse_markdown_notebook.ts";
import { parseNotebook } from "./parse_notebook.ts";
import { parseScriptNotebook } from "./parse_script_notebook.ts";

export { parseNotebook, type ParseNotebookOptions } from "./parse_notebook.ts";

/**
 * Reads a notebook file: an `.ipynb`, a Markdown document whose fenced code blocks are the cells
 * ({@linkcode parseMarkdownNotebook}), or a script with `# %%` or `// %%` between its cells
 * ({@linkcode parseScriptNotebook}): `.py`, `.ts`, `.mts` or `.js`.
 *
 * @throws {NotebookError} for a missing file, broken JSON, something else than a notebook, or
 * another major version than 3 and 4; the message names the file and the place in it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadNotebook, NotebookError } from "@qsight/qsight/runner";
 *
 * await assert.rejects(loadNotebook("nowhere.ipynb"), NotebookError);
 * ```
 */
export async function loadNotebook(path: string): Promise<Notebook> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotebookError("missing", `Cannot read notebook ${path}: ${reason}. Check the path`);
  }
  const content = decode(bytes, path);
  if (!isTextNotebook(path)) return parseNotebook(content, { name: path });
  return /\.md$/i.test(path)
    ? await parseMarkdownNotebook(content, { name: path })
    : await parseScriptNotebook(content, { name: path });
}

/** Bytes that are no UTF-8 would else become � in the middle of a source. */
function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) ||
      (bytes[0] === 0xfe && bytes[1] === 0xff);
    const found = wide ? "it looks like UTF-16" : (error as Error).message;
    throw new NotebookError(
      isTextNotebook(name) ? "not_a_notebook" : "not_json",
      `${name} is not UTF-8 text: ${found}. Save it again as UTF-8`,
    );
  }
}
