import { injectionEdits, moduleEdits, moduleStatements, parameterEdits } from "./cell_edits.ts";
import { type CellName, cellNames } from "./cell_names.ts";
import { type OldValue, oldValueEdits, varEdits } from "./clash_edits.ts";
import { copyEdited, type Edit } from "./edits.ts";
import { copyModuleStatement } from "./import_copies.ts";
import { MappedText } from "./mapped_text.ts";
import { isSameImport, type NameClash, NotebookScope } from "./notebook_scope.ts";
import type { ParsedCell } from "./parse_cell.ts";

/** What is read at the end of each module and exists nowhere: the compiler's word that it was there. */
export const WITNESS = "__qsightChecked";
const ANY = "__qsightAny";
/** Every kernel has all of `Deno`, whatever libraries the project asks for. */
const LIBRARIES = ["deno.ns", "deno.unstable"];

/** A cell that takes part in the check. */
export interface ModuleCell {
  /** Index among all cells of the notebook. */
  readonly cellIndex: number;
  readonly cell: ParsedCell;
  /** Holds parameters, holds the injected values of some, or neither. */
  readonly role: "plain" | "parameters" | "injected";
}

/** The cells of a notebook as one module, and what had to be known to put it together. */
export interface NotebookModule {
  readonly text: MappedText;
  readonly scope: NotebookScope;
  /** Names that a cell declares in a way that the kernel refuses. */
  readonly refused: readonly (NameClash & { readonly cellIndex: number })[];
  /** Names with a stand-in made of glue, which cannot say all that the name itself could. */
  readonly standIns: ReadonlySet<string>;
}

/**
 * Puts the cells of a notebook one after the other into a module. Imports go to its top. From a
 * cell on that declares a name again, the rest stands in a block, where the name may be new; other
 * names keep their types there, narrowed ones too.
 */
export function notebookModule(cells: readonly ModuleCell[]): NotebookModule {
  const imports = new MappedText(), body = new MappedText(), text = new MappedText();
  const scope = new NotebookScope(), standIns = new Set<string>();
  const refused: (NameClash & { cellIndex: number })[] = [];
  const parameters = new Set<string>();
  let blocks = 0;
  for (const { cellIndex, cell, role } of cells) {
    const edits = role === "injected" ? injectionEdits(cell, parameters) : [];
    const injected = edits.length > 0 ? parameters : new Set<string>();
    const names = cellNames(cell.body);
    const clashes = scope.clashes(names);
    refused.push(
      ...clashes.filter((clash) => clash.isRefused).map((clash) => ({ ...clash, cellIndex })),
    );
    const aliases = importAliases(cell, clashes, cellIndex);
    for (const statement of moduleStatements(cell)) {
      copyModuleStatement(imports, statement, { source: cell.source, cellIndex, aliases });
    }
    const again = clashes.filter((clash) => opensBlock(clash) && !injected.has(clash.name.name));
    const oldValues = oldValuesOf(again, cellIndex);
    for (const [name, { alias }] of oldValues) body.glue(`let ${alias} = ${name};\n`);
    if (again.length > 0) {
      body.glue("{\n");
      blocks++;
    }
    for (const { name } of again.filter(({ name }) => name.by === "import")) {
      standIns.add(name.name);
      body.glue(standIn(name, aliases.get(name.name) ?? name.name));
    }
    copyCell(body, { cellIndex, cell, role }, [
      ...edits,
      ...oldValueEdits(cell.body, oldValues),
      ...varEdits(cell, new Set(again.map(({ name }) => name.name))),
    ]);
    if (role !== "plain") body.glue(widened(names));
    if (role === "parameters") names.forEach(({ name }) => parameters.add(name));
    scope.declare(names, cellIndex);
  }
  // A statement comes first, so that no comment of a cell is about the whole module.
  text.glue(LIBRARIES.map((name) => `/// <reference lib="${name}" />\n`).join(""));
  text.glue(`declare let ${ANY}: any;\n`);
  text.append(imports);
  text.append(body);
  text.glue(`${"}\n".repeat(blocks)}${WITNESS};\n`);
  return { text, scope, refused, standIns };
}

/** Whether a name can only be declared again in a block. */
function opensBlock({ name, before }: NameClash): boolean {
  return name.by !== "nested var" && !isSameImport(before.imported, name.imported);
}

/** Names for imports whose own are taken. */
function importAliases(
  { body }: ParsedCell,
  clashes: readonly NameClash[],
  cellIndex: number,
): Map<string, string> {
  const taken = new Set(clashes.map(({ name }) => name.name));
  const names = cellNames(body).filter(({ by, name }) => by === "import" && taken.has(name));
  return new Map(names.map(({ name }) => [name, mangled(name, cellIndex)]));
}

function oldValuesOf(again: readonly NameClash[], cellIndex: number): Map<string, OldValue> {
  const readable = again.filter(({ name, before }) =>
    name.by === "variable" && name.kind !== "type" &&
    before.kind !== "type" && /variable|var/.test(before.by)
  );
  return new Map(readable.map(({ name: { name, end } }) => [
    name,
    { alias: mangled(name, cellIndex), end },
  ]));
}

function mangled(name: string, cellIndex: number): string {
  return `${name}__qsight${cellIndex}`;
}

/** A message without the names made up here. */
export function unmangled(message: string): string {
  return message.replace(/__qsight\d+/g, "");
}

/** An import can be a value, a type or both; the compiler's word about the one it is not is glue. */
function standIn({ name, imported }: CellName, alias: string): string {
  const value = imported?.isType === true ? "" : `const ${name} = ${alias}; `;
  return `${value}type ${name} = ${alias};\n`;
}

/** Forgets the values of parameters, not their types. */
function widened(names: readonly CellName[]): string {
  const changeable = names.filter(({ by, kind }) =>
    by === "variable" && /^(?:let|const|var)$/.test(kind)
  );
  return changeable.map(({ name }) => `${name} = ${ANY};\n`).join("");
}

function copyCell(
  into: MappedText,
  { cellIndex, cell, role }: ModuleCell,
  extra: readonly Edit[],
): void {
  const { source, isObject } = cell;
  const edits = [
    ...moduleEdits(cell),
    ...(role === "parameters" ? parameterEdits(cell) : []),
    ...extra,
  ];
  if (isObject) into.glue("(\n");
  copyEdited(into, source, { cellIndex, start: 0, end: source.length, edits });
  into.glue(isObject ? "\n);\n" : "\n;\n");
}
