import { unknownName } from "../../_internal/check_options.ts";
import type { Cell, CodeCell, Notebook } from "./nbformat.ts";

/** A value that can be written as a literal in the notebook's language. */
export type ParameterValue =
  | null
  | boolean
  | number
  | string
  | readonly ParameterValue[]
  | { readonly [name: string]: ParameterValue };

/** Names and values that replace those of the cell tagged `parameters`. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** The tags of a cell. */
export function cellTags(cell: Cell): readonly string[] {
  return Array.isArray(cell.metadata.tags) ? cell.metadata.tags.map(String) : [];
}

/**
 * Puts a cell with the parameters after the one tagged `parameters`, or first where there is none,
 * as papermill does; one that an earlier run injected is replaced. Changes the notebook in place.
 *
 * @throws {TypeError} for a name that is no identifier, or a language without a literal syntax here
 */
export function injectParameters(
  notebook: Notebook,
  { parameters, language }: { readonly parameters: Parameters; readonly language: string },
): void {
  const cell: CodeCell = {
    cell_type: "code",
    id: "injected-parameters",
    source: parametersSource(parameters, language),
    metadata: { tags: ["injected-parameters"] },
    execution_count: null,
    outputs: [],
  };
  const injected = notebook.cells.findIndex((c) => cellTags(c).includes("injected-parameters"));
  if (injected >= 0) {
    notebook.cells[injected] = { ...cell, id: notebook.cells[injected].id };
    return;
  }
  const tagged = notebook.cells.findIndex((c) => cellTags(c).includes("parameters"));
  notebook.cells.splice(tagged + 1, 0, cell);
}

/**
 * Names that the cell tagged `parameters` does not declare: most likely misspelt, as the notebook
 * cannot have a use for them. Empty where there is no such cell.
 */
export function undeclaredParameters(notebook: Notebook, parameters: Parameters): string[] {
  const tagged = notebook.cells.find((cell) => cellTags(cell).includes("parameters"));
  if (tagged === undefined) return [];
  const declared = declaredNames(tagged.source);
  return Object.keys(parameters).filter((name) => !declared.includes(name)).map((name) => {
    const where = 'The cell tagged "parameters"';
    return unknownName(where, "parameter", name, declared);
  });
}

/** What a cell assigns at the start of a line, in Python or TypeScript. */
function declaredNames(source: string): string[] {
  const pattern = /^(?:(?:let|var|const)\s+)?([A-Za-z_$][\w$]*)\s*(?::[^=\n]*)?=(?!=)/gm;
  return [...source.matchAll(pattern)].map((match) => match[1]);
}

/** The source of the injected cell. */
export function parametersSource(parameters: Parameters, language: string): string {
  const isPython = language === "python";
  if (!isPython && !/^(?:type|java)script$/.test(language)) {
    throw new TypeError(
      `Parameters for the language "${language}": wanted python, typescript or javascript. ` +
        "Write the values into the notebook instead",
    );
  }
  const lines = Object.entries(parameters).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new TypeError(`Parameter "${name}" is no identifier. Rename it to letters and digits`);
    }
    // Cells of a TypeScript kernel may declare a name anew; `let` lets later cells change it too.
    return isPython ? `${name} = ${pythonLiteral(value)}` : `let ${name} = ${jsLiteral(value)};`;
  });
  return [isPython ? "# Parameters" : "// Parameters", ...lines].join("\n");
}

function jsLiteral(value: ParameterValue): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsLiteral).join(", ")}]`;
  const fields = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${jsLiteral(v)}`);
  return `{ ${fields.join(", ")} }`;
}

function pythonLiteral(value: ParameterValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") {
    // Of Python's numbers only a float has a negative zero.
    if (Object.is(value, -0)) return "-0.0";
    return Number.isFinite(value) ? String(value) : `float("${String(value)}")`;
  }
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  const fields = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${pythonLiteral(v)}`);
  return `{${fields.join(", ")}}`;
}

function isList(value: object): value is readonly ParameterValue[] {
  return Array.isArray(value);
}
