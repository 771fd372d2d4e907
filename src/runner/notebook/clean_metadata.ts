import type { JsonPlace } from "./json_place.ts";

type Metadata = Record<string, unknown>;
type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === "string";
const isObject: Rule = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const never: Rule = () => false;

/** What must hold for a key, where the schema says something; Jupyter writes no transient key. */
const NOTEBOOK_RULES: Readonly<Record<string, Rule>> = {
  title: isText,
  authors: Array.isArray,
  orig_nbformat: never,
  orig_nbformat_minor: never,
  signature: never,
};
const LANGUAGE_RULES: Readonly<Record<string, Rule>> = {
  file_extension: isText,
  mimetype: isText,
  pygments_lexer: isText,
  codemirror_mode: (value) => isText(value) || isObject(value),
};
const CELL_RULES: Readonly<Record<string, Rule>> = {
  name: (value) => typeof value === "string" && /^[^\n]+$/.test(value),
  jupyter: isObject,
  trusted: never,
};
const CODE_RULES: Readonly<Record<string, Rule>> = {
  ...CELL_RULES,
  execution: isObject,
  collapsed: (value) => typeof value === "boolean",
  scrolled: (value) => typeof value === "boolean" || value === "auto",
};
const RAW_RULES: Readonly<Record<string, Rule>> = { ...CELL_RULES, format: isText };

/**
 * A notebook's metadata as the schema wants them. A part that nothing depends on is left out where
 * it is wrong, as Jupyter does; a kernelspec that cannot be read is a fault, because without it
 * another kernel would run the cells.
 */
export function cleanNotebookMetadata(place: JsonPlace): Metadata {
  if (place.isMissing) return {};
  const metadata = keep(place.object(), NOTEBOOK_RULES);
  const { kernelspec, language_info } = metadata;
  delete metadata.kernelspec;
  delete metadata.language_info;
  if (kernelspec !== undefined && kernelspec !== null) {
    const spec = place.get("kernelspec");
    if (!spec.get("name").isMissing) {
      const name = spec.get("name").text();
      const shown = spec.object().display_name;
      const display_name = typeof shown === "string" ? shown : name;
      metadata.kernelspec = { ...spec.object(), display_name, name };
    }
  }
  if (isObject(language_info) && isText((language_info as Metadata).name)) {
    metadata.language_info = keep(language_info as Metadata, LANGUAGE_RULES);
  }
  return metadata;
}

/** A cell's metadata as the schema wants them; see {@linkcode cleanNotebookMetadata}. */
export function cleanCellMetadata(place: JsonPlace, kind: "code" | "markdown" | "raw"): Metadata {
  if (place.isMissing) return {};
  const rules = kind === "code" ? CODE_RULES : kind === "raw" ? RAW_RULES : CELL_RULES;
  const metadata = keep(place.object(), rules);
  if (kind === "code" && metadata.execution !== undefined) {
    const times = Object.entries(metadata.execution as Metadata);
    metadata.execution = Object.fromEntries(times.filter(([, value]) => isText(value)));
  }
  if (Object.hasOwn(metadata, "tags")) {
    if (Array.isArray(metadata.tags)) metadata.tags = cleanTags(metadata.tags);
    else delete metadata.tags;
  }
  return metadata;
}

/** Tags are single words without commas, each once. */
function cleanTags(tags: readonly unknown[]): string[] {
  const words = tags.flatMap((tag) => typeof tag === "string" ? tag.split(",") : []);
  return [...new Set(words.filter((word) => word !== ""))];
}

function keep(metadata: Metadata, rules: Readonly<Record<string, Rule>>): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).filter(([key, value]) =>
      !Object.hasOwn(rules, key) || rules[key](value)
    ),
  );
}
