import type { MimeBundle, Notebook } from "../notebook/nbformat.ts";

/** Names and values that a notebook recorded for the table of a grid. */
export type RecordedValues = Readonly<Record<string, unknown>>;

/** The type of an output that records values: an object of names and values. */
export const RESULT_MIME = "application/vnd.qsight.result+json";

/** Scraps of scrapbook: one name with its data; other encoders than these store no plain value. */
const SCRAP_MIME = /^application\/scrapbook\.scrap\.(?:json|text)\+json$/;
/** Records of papermill, which scrapbook replaced: an object of names and values. */
const RECORD_MIME = "application/papermill.record+json";

/**
 * The values that a notebook displayed as `application/vnd.qsight.result+json`, an object of names
 * and values, or glued with scrapbook. Of a name recorded twice the later value counts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseNotebook, recordedValues } from "@qsight/qsight/runner";
 *
 * // In a Deno notebook: await Deno.jupyter.display({ [type]: { accuracy: 0.91 } }, { raw: true });
 * // In Python: display({ type: { "accuracy": 0.91 } }, raw=True)
 * const type = "application/vnd.qsight.result+json";
 * const data = { [type]: { accuracy: 0.91 } };
 * const output = { output_type: "display_data", data, metadata: {} };
 * const cell = { cell_type: "code", source: "", metadata: {}, outputs: [output] };
 * const notebook = parseNotebook(JSON.stringify({
 *   nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell],
 * }));
 * assert.deepEqual(recordedValues(notebook), { accuracy: 0.91 });
 * ```
 */
export function recordedValues(notebook: Notebook): RecordedValues {
  const values: Record<string, unknown> = {};
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    for (const output of cell.outputs) {
      if ("data" in output) Object.assign(values, valuesOf(output.data));
    }
  }
  return values;
}

function valuesOf(bundle: MimeBundle): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [mime, content] of Object.entries(bundle)) {
    const data = typeof content === "string" ? parse(content) : content;
    if (typeof data !== "object" || data === null || Array.isArray(data)) continue;
    if (mime === RESULT_MIME || mime === RECORD_MIME) Object.assign(values, data);
    else if (SCRAP_MIME.test(mime) && "name" in data && "data" in data) {
      values[String(data.name)] = data.data;
    }
  }
  return values;
}

/** Some kernels send the JSON of such a type as text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
