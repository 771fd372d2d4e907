import { writeAtomic } from "../../_internal/write_atomic.ts";
import { allowedKeys, KNOWN_MINOR } from "./schema_keys.ts";
import { splitLines } from "./split_lines.ts";

/** A MIME bundle: type to content; text is one string in memory. */
export type MimeBundle = Record<string, unknown>;

/** One output of a code cell, as nbformat 4 stores it. */
export type Output =
  | { output_type: "stream"; name: string; text: string }
  | {
    output_type: "display_data";
    data: MimeBundle;
    /** Such as the size of a picture, by MIME type. */
    metadata: Record<string, unknown>;
  }
  | {
    output_type: "execute_result";
    data: MimeBundle;
    /** Such as the size of a picture, by MIME type. */
    metadata: Record<string, unknown>;
    execution_count: number | null;
  }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** A code cell. */
export interface CodeCell {
  /** Tells it from the other kinds. */
  cell_type: "code";
  /** Unique in the notebook: 1 to 64 letters, digits, - and _. */
  id: string;
  /** The whole text, as one string. */
  source: string;
  /** Tags, the times of the run and whatever front ends keep. */
  metadata: Record<string, unknown>;
  /** The number in brackets; null where it was not run. */
  execution_count: number | null;
  /** What it printed, displayed, returned or raised. */
  outputs: Output[];
}

/** A markdown or raw cell. */
export interface TextCell {
  /** Which kind of text. */
  cell_type: "markdown" | "raw";
  /** Unique in the notebook: 1 to 64 letters, digits, - and _. */
  id: string;
  /** The whole text, as one string. */
  source: string;
  /** Tags and whatever front ends keep. */
  metadata: Record<string, unknown>;
  /** Pictures pasted into the text, by file name. */
  attachments?: Record<string, MimeBundle>;
}

/** One cell of a notebook. */
export type Cell = CodeCell | TextCell;

/** A notebook of nbformat 4.5; unknown fields are kept. */
export interface Notebook {
  /** In the order in which they are shown and run. */
  cells: Cell[];
  /** kernelspec, language_info and whatever front ends keep. */
  metadata: Record<string, unknown>;
  /** Major version of the format. */
  nbformat: 4;
  /** Minor version; at least 5 here. */
  nbformat_minor: number;
}

/**
 * The text of a notebook file in Jupyter's own layout: sorted keys, indent 1, lists of lines. What
 * the schema forbids is left out, so that the file is valid.
 */
export function formatNotebook(notebook: Notebook): string {
  return JSON.stringify(stored(notebook), undefined, 1) + "\n";
}

/**
 * Writes a notebook file atomically, in the layout of {@linkcode formatNotebook}.
 *
 * @throws {TypeError} for the name of a document or script: outputs have no place in one, and the
 * text that was read from it must not be lost
 */
export async function saveNotebook(path: string, notebook: Notebook): Promise<void> {
  if (isTextNotebook(path)) {
    throw new TypeError(
      `${path} would hold the JSON of a notebook instead of its text. ` +
        `Save it under a name that ends with .ipynb, such as ${path.replace(/\.\w+$/, ".ipynb")}`,
    );
  }
  await writeAtomic(path, formatNotebook(notebook));
}

/** Whether a file of this name is read as a document or script with cells in it. */
export function isTextNotebook(path: string): boolean {
  return /\.(?:md|py|ts|mts|js)$/i.test(path);
}

/** Whether a MIME type holds JSON, where a list is a value and not lines of text. */
export function isJsonType(mime: string): boolean {
  return /^application\/(?:.*\+)?json$/.test(mime);
}

function stored(notebook: Notebook): unknown {
  const minor = Math.max(KNOWN_MINOR, notebook.nbformat_minor);
  const cells = notebook.cells.map((cell) => ({
    ...allowedKeys(cell, { part: cell.cell_type, minor }),
    source: splitLines(cell.source),
    ...(cell.cell_type === "code"
      ? { outputs: cell.outputs.map((output) => storedOutput(output, minor)) }
      : cell.attachments === undefined
      ? {}
      : {
        attachments: Object.fromEntries(
          Object.entries(cell.attachments).map(([name, data]) => [name, storedBundle(data)]),
        ),
      }),
  }));
  const kept = allowedKeys(notebook, { part: "notebook", minor });
  return sortKeys({ ...kept, nbformat_minor: minor, cells });
}

function storedOutput(output: Output, minor: number): unknown {
  const kept = allowedKeys(output, { part: output.output_type, minor });
  if (kept.output_type === "stream") return { ...kept, text: splitLines(kept.text) };
  return "data" in kept ? { ...kept, data: storedBundle(kept.data) } : kept;
}

const LINED_TYPES = /^(?:text\/.*|application\/javascript|image\/svg\+xml)$/;

function storedBundle(data: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => {
      if (isJsonType(mime)) return [mime, value];
      // A kernel may send a number; the schema wants text.
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return [mime, LINED_TYPES.test(mime) ? splitLines(text) : text];
    }),
  );
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
