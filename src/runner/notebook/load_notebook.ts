import { readFile } from "node:fs/promises";
import { z } from "zod";
import { checkOptions } from "../../_internal/check_options.ts";
import { hash32 } from "../../_internal/hash32.ts";
import type { Cell, Notebook } from "./nbformat.ts";
import { NotebookError } from "../runner_errors.ts";

const text = z.union([z.string(), z.array(z.string())]).transform((value) =>
  typeof value === "string" ? value : value.join("")
);
const json = z.record(z.string(), z.unknown());
const bundle = json.transform((data) =>
  Object.fromEntries(Object.entries(data).map(([mime, value]) => [mime, joined(mime, value)]))
);
const output = z.discriminatedUnion("output_type", [
  z.looseObject({ output_type: z.literal("stream"), name: z.string(), text }),
  z.looseObject({ output_type: z.literal("display_data"), data: bundle, metadata: json }),
  z.looseObject({
    output_type: z.literal("execute_result"),
    data: bundle,
    metadata: json,
    execution_count: z.int().nullable(),
  }),
  z.looseObject({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);
const shared = { id: z.string().optional(), source: text, metadata: json };
const attachments = z.record(z.string(), bundle).optional();
const notebookSchema = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int().nonnegative(),
  metadata: json,
  cells: z.array(z.discriminatedUnion("cell_type", [
    z.looseObject({
      cell_type: z.literal("code"),
      ...shared,
      execution_count: z.int().nullable().default(null),
      outputs: z.array(output).default([]),
    }),
    z.looseObject({ cell_type: z.literal("markdown"), ...shared, attachments }),
    z.looseObject({ cell_type: z.literal("raw"), ...shared, attachments }),
  ])),
});

/** Multi-line text is stored as a list of lines, except in JSON types, where a list is a value. */
function joined(mime: string, value: unknown): unknown {
  const isJson = mime === "application/json" || /^application\/.*\+json$/.test(mime);
  return Array.isArray(value) && !isJson ? value.join("") : value;
}

/**
 * Reads a notebook file.
 *
 * @throws {NotebookError} for a missing file, broken JSON, something else than a notebook, or
 * another major version than 4
 */
export async function loadNotebook(path: string): Promise<Notebook> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotebookError("missing", `Cannot read notebook ${path}: ${reason}. Check the path`);
  }
  return parseNotebook(content, { name: path });
}

/** Options of {@linkcode parseNotebook}. */
export interface ParseNotebookOptions {
  /** What messages call the notebook. @default {"notebook"} */
  readonly name?: string;
}

/**
 * Parses the JSON text of a notebook.
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
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    const found = content.trim() === "" ? "the file is empty" : (error as Error).message;
    throw new NotebookError(
      "not_json",
      `${name} is not JSON: ${found}. A notebook is a JSON file; open it in an editor to repair it`,
    );
  }
  return checkNotebook(value, name);
}

function checkNotebook(value: unknown, name: string): Notebook {
  const version = (value as { nbformat?: unknown } | null)?.nbformat;
  if (typeof version === "number" && version !== 4) {
    throw new NotebookError(
      "unsupported_version",
      `${name} is nbformat ${version}, wanted 4. ` +
        "Convert it with: jupyter nbconvert --to notebook --nbformat 4",
    );
  }
  const parsed = notebookSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue.path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`)
      .join("").replace(/^\./, "");
    throw new NotebookError(
      "not_a_notebook",
      `${name} is not an nbformat 4 notebook: at ${place || "the top"}: ${issue.message}. ` +
        "Save it again from Jupyter",
    );
  }
  const notebook = parsed.data as unknown as Notebook;
  addIds(notebook.cells);
  notebook.nbformat_minor = Math.max(5, notebook.nbformat_minor);
  return notebook;
}

/** nbformat 4.5 wants a unique id a cell; the same notebook gets the same ids each time. */
function addIds(cells: Cell[]): void {
  const used = new Set<string>();
  for (const [index, cell] of cells.entries()) {
    let id = cell.id;
    for (let salt = 0; id === undefined || !/^[\w-]{1,64}$/.test(id) || used.has(id); salt++) {
      id = hash32(`${index}/${salt}/${cell.source}`).toString(16).padStart(8, "0");
    }
    used.add(id);
    cell.id = id;
  }
}
