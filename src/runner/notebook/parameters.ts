import { unknownName } from "../../_internal/check_options.ts";
import type { Cell, CodeCell, Notebook } from "./nbformat.ts";
import { literal, literalsOf } from "./parameter_literals.ts";
import type { Parameters } from "./parameter_value.ts";

export type { Parameters, ParameterValue } from "./parameter_value.ts";

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

/**
 * What a cell seems to assign, in Python or TypeScript. Arguments of calls are taken for names too:
 * better that than a warning about a name that is there.
 */
function declaredNames(source: string): string[] {
  const pattern =
    /(?:^|[,;]|\b(?:let|var|const)\s)[ \t]*([\p{ID_Start}_$][\p{ID_Continue}$]*)\s*(?::[^=\n]*)?=(?!=)/gmu;
  return [...source.matchAll(pattern)].map((match) => match[1]);
}

/**
 * The source of the injected cell.
 *
 * @throws {TypeError} for a language, a name or a value that cannot be written
 */
export function parametersSource(parameters: Parameters, language: string): string {
  const literals = literalsOf(language);
  const lines = Object.entries(parameters).map(([name, value]) => {
    if (!literals.names.test(name)) {
      throw new TypeError(`Parameter "${name}" is no identifier. Rename it to letters and digits`);
    }
    return literals.assign(name, literal(value, { literals, path: name }));
  });
  return [`${literals.comment} Parameters`, ...lines].join("\n");
}
