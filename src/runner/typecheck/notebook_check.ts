import type { Notebook } from "../notebook/nbformat.ts";
import { importSources } from "./ast.ts";
import { isAmbient } from "./cell_edits.ts";
import { wordFor } from "./cell_names.ts";
import type { Diagnostic } from "./deno_report.ts";
import { isFalseAlarm, NO_MODULE, type NotebookFacts } from "./false_alarms.ts";
import {
  type CellPlace,
  type LineColumn,
  lineColumnAt,
  offsetAt,
  offsetAtCodePoint,
} from "./mapped_text.ts";
import { type NotebookModule, notebookModule, unmangled, WITNESS } from "./notebook_module.ts";
import { nameReads } from "./name_reads.ts";
import type { CellParser } from "./parse_cell.ts";
import { type CheckedCell, readCells } from "./read_cells.ts";
import type { TypeFault } from "./type_fault.ts";

/** A notebook with the path that it is named by. */
export interface NotebookFile {
  /** Where it lies, or would lie: its folder decides what the imports mean. */
  readonly path: string;
  /** Its cells and metadata; not changed. */
  readonly notebook: Notebook;
}

/** A name is used before its declaration. */
const EARLY = "TS2448";

type LocalFault = CellPlace & Pick<TypeFault, "kind" | "code" | "message">;

/** The check of one notebook: its module, and what is known to be wrong so far. */
export class NotebookCheck {
  readonly path: string;
  readonly #notebook: Notebook;
  readonly #cells: Map<number, CheckedCell>;
  readonly #unknownWords = new Set<string>();
  readonly #faults: LocalFault[] = [];
  /** Why parts of it were not checked. */
  readonly gaps: string[] = [];
  /** Whether the compiler has been seen to read the module to its end. */
  isWitnessed = false;
  #module: NotebookModule;

  constructor({ path, notebook }: NotebookFile, parse: CellParser) {
    this.path = path;
    this.#notebook = notebook;
    const { cells, unread, faults } = readCells(notebook, parse);
    this.#cells = new Map(cells.map((one) => [one.cellIndex, one]));
    this.#faults.push(...faults.map((fault) => syntaxFault(fault.cellIndex, fault)));
    for (const { cellIndex, gap } of unread) {
      this.#forget(cellIndex);
      if (gap !== undefined) this.gaps.push(gap);
    }
    this.#module = this.#build();
  }

  /** Whether there is nothing for a compiler to do. */
  get isEmpty(): boolean {
    return this.#cells.size === 0;
  }

  /** Whether it declares something for all modules of a program. */
  get hasGlobals(): boolean {
    return [...this.#cells.values()].some(({ cell }) => cell.body.some(isAmbient));
  }

  /** The module's text; changes when a cell is left out. */
  get moduleText(): string {
    return this.#module.text.text;
  }

  /** Modules with JSX have another one. */
  get extension(): ".mts" | ".tsx" {
    return [...this.#cells.values()].some(({ cell }) => cell.isJsx) ? ".tsx" : ".mts";
  }

  /** The faults found, in the order of the cells. */
  get faults(): TypeFault[] {
    const all = [...this.#faults, ...this.#refusedNames(), ...this.#earlyReads()];
    // Of a name that is read too early the compiler says more than once what is wrong.
    const early = new Map(
      all.filter(({ code }) => code === EARLY).map((one) => [placeKey(one), one]),
    );
    const faults = all.filter((one) => (early.get(placeKey(one)) ?? one) === one);
    faults.sort((a, b) => a.cellIndex - b.cellIndex || a.offset - b.offset);
    return faults.map(({ cellIndex, offset, ...fault }) => {
      const cell = this.#notebook.cells[cellIndex];
      const place = lineColumnAt(cell.source, offset);
      return { path: this.path, cellIndex, cellId: cell.id, ...place, ...fault };
    });
  }

  /** The place in a cell behind a place in the module; without a code, as Deno's loader names it. */
  placeOf(reported: LineColumn, code?: number): CellPlace | undefined {
    const { text } = this.#module;
    // The loader counts code points, the compiler UTF-16 units; both tell of missing modules.
    const byLoader = offsetAtCodePoint(text.text, reported);
    const isByLoader = code === undefined ||
      (code === NO_MODULE && /["'`]/.test(text.text[byLoader]));
    return text.placeAt(isByLoader ? byLoader : offsetAt(text.text, reported));
  }

  /** What is imported at a place. */
  importAt(place: CellPlace): string | undefined {
    const found = this.#imports().find((one) => placeKey(one.place) === placeKey(place));
    return found?.specifier;
  }

  /** The places where something is imported, whatever happens. */
  placesOfImport(specifier: string): CellPlace[] {
    return this.#imports().filter((one) => one.specifier === specifier && !one.isDynamic)
      .map(({ place }) => place);
  }

  /** Takes over what the compiler says, except of imports. */
  report({ code, message }: Diagnostic, reported: LineColumn): void {
    if (message.includes(WITNESS)) {
      this.isWitnessed = true;
      return;
    }
    const place = this.placeOf(reported, code);
    if (place === undefined || isFalseAlarm({ code, message, ...place }, this.#facts())) return;
    this.#add({ ...place, kind: "type", code: `TS${code}`, message });
  }

  /** Takes over that an import leads nowhere. */
  reportImport(place: CellPlace, message: string): void {
    this.#add({ ...place, kind: "import", code: `TS${NO_MODULE}`, message });
  }

  /** Leaves a cell out that keeps all others from being checked. */
  leaveOut(place: CellPlace, { kind, message }: Pick<TypeFault, "kind" | "message">): void {
    if (kind === "import") this.reportImport(place, message);
    else this.#add(syntaxFault(place.cellIndex, { ...place, message }));
    this.#forget(place.cellIndex);
    this.#module = this.#build();
  }

  #add(fault: LocalFault): void {
    if (this.#cells.get(fault.cellIndex)?.isMuted !== false) return;
    const isKnown = this.#faults.some((other) =>
      placeKey(other) === placeKey(fault) && other.code === fault.code &&
      (other.message === fault.message || fault.kind === "import")
    );
    if (!isKnown) this.#faults.push({ ...fault, message: unmangled(fault.message) });
  }

  #imports() {
    return [...this.#cells.values()].flatMap(({ cellIndex, cell }) =>
      cell.body.flatMap(importSources).map(({ text, isDynamic }) => ({
        specifier: String(text.value),
        isDynamic,
        place: { cellIndex, offset: text.start },
      }))
    );
  }

  #forget(cellIndex: number): void {
    this.#cells.delete(cellIndex);
    const { source } = this.#notebook.cells[cellIndex];
    for (const [word] of source.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)) {
      this.#unknownWords.add(word);
    }
  }

  #build(): NotebookModule {
    return notebookModule([...this.#cells.values()]);
  }

  #facts(): NotebookFacts {
    const bodies = new Map([...this.#cells].map(([index, { cell }]) => [index, cell.body]));
    return { ...this.#module, bodies, unknownWords: this.#unknownWords };
  }

  /** The compiler lets functions and imports be used before they are there; a kernel cannot. */
  #earlyReads(): LocalFault[] {
    const { scope } = this.#module;
    return [...this.#cells.values()].filter(({ isMuted }) => !isMuted).flatMap((one) => {
      const { cellIndex, cell } = one;
      const names = new Set(scope.namesAfter(cellIndex));
      return nameReads(cell.body, { names, callbacks: false }).map(({ name, start }) => ({
        ...{ cellIndex, offset: start, kind: "type" as const, code: EARLY },
        message: `'${name}' is used before its declaration in cell ${scope.cellsOf(name)[0]}.`,
      }));
    });
  }

  #refusedNames(): LocalFault[] {
    const isHeard = (cellIndex: number) => this.#cells.get(cellIndex)?.isMuted === false;
    return this.#module.refused.filter(({ cellIndex, before }) =>
      isHeard(cellIndex) && isHeard(before.cellIndex)
    ).map(({ cellIndex, name, before }) =>
      syntaxFault(cellIndex, {
        offset: name.id.start,
        message: `Identifier '${name.name}' has already been declared, as ${wordFor(before)} in ` +
          `cell ${before.cellIndex}. The kernel takes a new declaration only as the same: ` +
          `here it is ${wordFor(name)}. Declare it as before, or rename it`,
      })
    );
  }
}

function placeKey({ cellIndex, offset }: CellPlace): string {
  return `${cellIndex}/${offset}`;
}

function syntaxFault(
  cellIndex: number,
  { message, offset }: { readonly message: string; readonly offset: number },
): LocalFault {
  return { cellIndex, offset, kind: "syntax", code: "SyntaxError", message };
}
