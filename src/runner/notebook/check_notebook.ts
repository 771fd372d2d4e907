import { cleanCellMetadata, cleanNotebookMetadata } from "./clean_metadata.ts";
import { JsonPlace } from "./json_place.ts";
import { isJsonType, type MimeBundle } from "./nbformat.ts";
import type { Cell, Notebook, Output } from "./nbformat.ts";
import { allowedKeys, KNOWN_MINOR, type SchemaPart } from "./schema_keys.ts";

const CELL_TYPES = ["code", "markdown", "raw"] as const;
const OUTPUT_TYPES = ["stream", "display_data", "execute_result", "error"] as const;

/**
 * A notebook of nbformat 4 from parsed JSON, as 4.5 wants it. What an older writer may leave out
 * and has one neutral value (metadata, outputs, the count) is put in; a missing source or type is a
 * fault, because a cell that is silently empty would pass. The ids are left to the caller.
 *
 * @throws {JsonFault} with the path, what was found there and what was wanted
 */
export function checkNotebook(value: unknown): Notebook {
  const top = new JsonPlace(value);
  const version = top.get("nbformat");
  if (version.value !== 4) version.fail("4");
  const stored = top.get("nbformat_minor");
  const minor = Math.max(KNOWN_MINOR, stored.isMissing ? 0 : stored.whole(0));
  return {
    ...others(top, { part: "notebook", minor }),
    nbformat: 4,
    nbformat_minor: minor,
    metadata: cleanNotebookMetadata(top.get("metadata")),
    cells: top.get("cells").list().map((cell) => checkCell(cell, minor)),
  };
}

function checkCell(place: JsonPlace, minor: number): Cell {
  const cell_type = place.get("cell_type").oneOf(CELL_TYPES);
  const shared = {
    ...others(place, { part: cell_type, minor }),
    // A wrong one is replaced with the doubled and missing ones.
    id: place.object().id as string,
    source: place.get("source").lines(),
    metadata: cleanCellMetadata(place.get("metadata"), cell_type),
  };
  if (cell_type !== "code") {
    const stored = place.get("attachments");
    if (stored.isMissing) return { ...shared, cell_type };
    const files = stored.entries().map(([name, data]) => [name, checkBundle(data)]);
    return { ...shared, cell_type, attachments: Object.fromEntries(files) };
  }
  const outputs = place.get("outputs");
  return {
    ...shared,
    cell_type,
    execution_count: place.get("execution_count").count(),
    outputs: outputs.isMissing ? [] : outputs.list().map((output) => checkOutput(output, minor)),
  };
}

function checkOutput(place: JsonPlace, minor: number): Output {
  const output_type = place.get("output_type").oneOf(OUTPUT_TYPES);
  const rest = others(place, { part: output_type, minor });
  if (output_type === "stream") {
    const [name, text] = [place.get("name").text(), place.get("text").lines()];
    return { ...rest, output_type, name, text };
  }
  if (output_type === "error") {
    const [ename, evalue] = [place.get("ename").text(), place.get("evalue").text()];
    return { ...rest, output_type, ename, evalue, traceback: place.get("traceback").texts() };
  }
  const metadata = place.get("metadata");
  const shown = {
    ...rest,
    data: checkBundle(place.get("data")),
    metadata: metadata.isMissing ? {} : metadata.object(),
  };
  return output_type === "display_data"
    ? { ...shown, output_type }
    : { ...shown, output_type, execution_count: place.get("execution_count").count() };
}

/** Text in one string; in JSON types a list is a value and stays one. */
function checkBundle(place: JsonPlace): MimeBundle {
  return Object.fromEntries(
    place.entries().map(([mime, data]) => [mime, isJsonType(mime) ? data.value : data.lines()]),
  );
}

/** The keys that only a newer schema knows. */
function others(
  place: JsonPlace,
  options: { readonly part: SchemaPart; readonly minor: number },
): object {
  return options.minor > KNOWN_MINOR ? allowedKeys(place.object(), options) : {};
}
