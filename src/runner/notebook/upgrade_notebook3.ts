import { cleanCellMetadata, cleanNotebookMetadata } from "./clean_metadata.ts";
import { JsonFault, JsonPlace } from "./json_place.ts";
import type { Cell, MimeBundle, Notebook, Output } from "./nbformat.ts";
import { splitLines } from "./split_lines.ts";

/** What nbformat 3 calls the MIME types. */
const MIMES: ReadonlyMap<string, string> = new Map([
  ["text", "text/plain"],
  ["html", "text/html"],
  ["svg", "image/svg+xml"],
  ["png", "image/png"],
  ["jpeg", "image/jpeg"],
  ["latex", "text/latex"],
  ["json", "application/json"],
  ["javascript", "application/javascript"],
]);
const CELL_TYPES = ["code", "markdown", "html", "heading", "raw"] as const;
const OUTPUT_TYPES = ["stream", "display_data", "pyout", "pyerr"] as const;

/**
 * A notebook of nbformat 3 as nbformat 4: worksheets become one list of cells, headings become
 * markdown, and inputs, prompt numbers, outputs and MIME types get their later names. A notebook
 * whose cells are all Python gets Python's kernelspec, which nbformat 3 had no place for.
 *
 * @throws {JsonFault} with the path in the stored file
 */
export function upgradeNotebook3(value: unknown): Notebook {
  const top = new JsonPlace(value);
  const places = top.get("worksheets").list().flatMap((sheet) => sheet.get("cells").list());
  const metadata = cleanNotebookMetadata(top.get("metadata"));
  delete metadata.name;
  const code = places.filter((place) => place.get("cell_type").value === "code");
  const isPython = code.every((place) => place.get("language").value === "python");
  if (metadata.kernelspec === undefined && code.length > 0 && isPython) {
    metadata.kernelspec = { display_name: "Python 3", language: "python", name: "python3" };
  }
  return { nbformat: 4, nbformat_minor: 5, metadata, cells: places.map(upgradeCell) };
}

function upgradeCell(place: JsonPlace): Cell {
  const kind = place.get("cell_type").oneOf(CELL_TYPES);
  const cell_type = kind === "heading" || kind === "html" ? "markdown" : kind;
  const shared = { id: "", metadata: cleanCellMetadata(place.get("metadata"), cell_type) };
  if (cell_type !== "code") {
    const source = place.get("source").lines(joined);
    return { ...shared, cell_type, source: kind === "heading" ? heading(place, source) : source };
  }
  const [input, outputs, folded] = [
    place.get("input"),
    place.get("outputs"),
    place.get("collapsed"),
  ];
  if (typeof folded.value === "boolean") shared.metadata.collapsed = folded.value;
  return {
    ...shared,
    cell_type,
    source: input.lines(joined),
    execution_count: place.get("prompt_number").count(),
    outputs: outputs.isMissing ? [] : outputs.list().map(upgradeOutput),
  };
}

function heading(place: JsonPlace, source: string): string {
  const level = place.get("level");
  const hashes = "#".repeat(level.isMissing ? 1 : Math.min(level.whole(1), 6));
  const words = splitLines(source).map((line) => line.replace(/[\n\v\f\r\x85\u2028\u2029]+$/, ""));
  return `${hashes} ${words.join(" ")}`;
}

function upgradeOutput(place: JsonPlace): Output {
  const kind = place.get("output_type").oneOf(OUTPUT_TYPES);
  if (kind === "stream") {
    const name = place.get("stream").isMissing ? "stdout" : place.get("stream").text();
    return { output_type: "stream", name, text: place.get("text").lines(joined) };
  }
  if (kind === "pyerr") {
    return {
      output_type: "error",
      ename: place.get("ename").text(),
      evalue: place.get("evalue").text(),
      traceback: place.get("traceback").texts(),
    };
  }
  const stored = place.get("metadata");
  const sizes = stored.isMissing ? [] : Object.entries(stored.object());
  const metadata = Object.fromEntries(sizes.map(([key, size]) => [MIMES.get(key) ?? key, size]));
  const shown = { data: upgradeBundle(place), metadata };
  if (kind === "display_data") return { ...shown, output_type: kind };
  const execution_count = place.get("prompt_number").count();
  return { ...shown, output_type: "execute_result", execution_count };
}

/** In nbformat 3 the MIME types stand among the other keys, and JSON is stored as its text. */
function upgradeBundle(place: JsonPlace): MimeBundle {
  const data = place.entries().filter(([key]) =>
    !["output_type", "metadata", "prompt_number"].includes(key)
  );
  return Object.fromEntries(data.map(([key, value]) => {
    const mime = MIMES.get(key) ?? key;
    const isText = key !== mime && !/^image\/(?:png|jpeg)$/.test(mime);
    const text = value.lines(isText ? joined : undefined);
    return [mime, key === "json" ? parsedJson(text, value) : text];
  }));
}

function parsedJson(text: string, place: JsonPlace): unknown {
  try {
    const value = JSON.parse(text);
    new JsonPlace(value, place.path).notTooDeep();
    return value;
  } catch (error) {
    if (error instanceof JsonFault) throw error;
    return place.fail("the text of a JSON value");
  }
}

/** Some writers of nbformat 3 stored lines without their ends. */
function joined(lines: readonly string[]): string {
  return lines.join(/[\n\r]$/.test(lines[0] ?? "") ? "" : "\n");
}
