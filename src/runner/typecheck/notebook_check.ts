import { cellTags } from "../notebook/parameters.ts";
import type { Cell, CodeCell, Notebook } from "../notebook/nbformat.ts";
import { wordFor } from "./cell_names.ts";
import type { Diagnostic, ReportedPlace } from "./deno_report.ts";
import { isFalseAlarm, NO_MODULE, type NotebookFacts } from "./false_alarms.ts";
import { type CellPlace, lineColumnAt, offsetAt, offsetAtCodePoint } from "./mapped_text.ts";
import {
  type ModuleCell,
  type NotebookModule,
  notebookModule,
  unmangled,
  WITNESS,
} from "./notebook_module.ts";
import { nameReads } from "./name_reads.ts";
import type { CellParser, ParsedCell } from "./parse_cell.ts";
import type { TypeFault } from "./type_fault.ts";

/** A notebook with the path that it is named by. */
export interface NotebookFile {
  /** Where it lies, or would lie: its folder decides what the imports mean. */
  readonly path: string;
  readonly notebook: Notebook;
}

interface CheckedCell extends ModuleCell {
  /** What is wrong in it is not reported. */
  readonly isMuted: boolean;
}

/** A name is used before its declaration. */
const EARLY = "TS2448";

type LocalFault = CellPlace & Pick<TypeFault, "kind" | "code" | "message">;

/** The check of one notebook: its module, and what is known to be wrong so far. */
export class NotebookCheck {
  readonly path: string;
  readonly #codeCells: ReadonlyMap<number, CodeCell>;
  readonly #cells = new Map<number, CheckedCell>();
  readonly #unknownWords = new Set<string>();
  readonly #faults: LocalFault[] = [];
  /** Why parts of it were not checked. */
  readonly gaps: string[] = [];
  /** Whether the compiler has been seen to read the module to its end. */
  isWitnessed = false;
  #module: NotebookModule;

  constructor({ path, notebook }: NotebookFile, parse: CellParser) {
    this.path = path;
    const code = [...notebook.cells.entries()].filter(isChecked);
    this.#codeCells = new Map(code);
    for (const [cellIndex, { source }] of code) this.#read(cellIndex, parse(source));
    this.#agreeOnJsx(parse);
    this.#module = this.#build();
  }

  /** Whether there is nothing for a compiler to do. */
  get isEmpty(): boolean {
    return this.#cells.size === 0;
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
      const cell = this.#codeCells.get(cellIndex)!;
      const place = lineColumnAt(cell.source, offset);
      return { path: this.path, cellIndex, cellId: cell.id, ...place, ...fault };
    });
  }

  /** The place in a cell behind a place in the module. */
  placeOf(reported: ReportedPlace, code?: number): CellPlace | undefined {
    const { text } = this.#module;
    // Deno's loader counts code points, the compiler UTF-16 units; both may miss a module.
    const loader = offsetAtCodePoint(text.text, reported);
    const isLoader = code === undefined || (code === NO_MODULE && /["'`]/.test(text.text[loader]));
    return text.placeAt(isLoader ? loader : offsetAt(text.text, reported));
  }

  /** Takes over what the compiler says. */
  report({ code, message }: Diagnostic, reported: ReportedPlace): void {
    if (message.includes(WITNESS)) {
      this.isWitnessed = true;
      return;
    }
    const place = this.placeOf(reported, code);
    if (place === undefined || this.#cells.get(place.cellIndex)?.isMuted !== false) return;
    if (isFalseAlarm({ code, message, ...place }, this.#facts())) return;
    const kind = code === NO_MODULE ? "import" : "type";
    this.#faults.push({ ...place, kind, code: `TS${code}`, message: unmangled(message) });
  }

  /** Leaves a cell out that keeps all others from being checked. */
  leaveOut(place: CellPlace, { kind, message }: Pick<TypeFault, "kind" | "message">): void {
    const { cellIndex } = place;
    const cell = this.#cells.get(cellIndex);
    if (cell === undefined) return;
    const isFault = !cell.isMuted &&
      !isFalseAlarm({ code: NO_MODULE, message, ...place }, this.#facts());
    const code = kind === "syntax" ? "SyntaxError" : `TS${NO_MODULE}`;
    if (isFault) this.#faults.push({ ...place, kind, code, message });
    else if (!cell.isMuted) this.gaps.push(`cell ${cellIndex} could not be checked: ${message}`);
    this.#forget(cellIndex);
    this.#module = this.#build();
  }

  #read(cellIndex: number, cell: ReturnType<CellParser>): void {
    const { source, metadata } = this.#codeCells.get(cellIndex)!;
    const tags = cellTags({ metadata } as Cell);
    const isMuted = tags.includes("raises-exception") || tags.includes("no-type-check") ||
      NO_CHECK.test(source);
    const refusals = "body" in cell ? cell.refusals : [cell];
    if (!isMuted) this.#faults.push(...refusals.map((refusal) => syntaxFault(cellIndex, refusal)));
    if (!("body" in cell)) {
      this.#forget(cellIndex);
      return;
    }
    const role = tags.includes("parameters")
      ? "parameters"
      : tags.includes("injected-parameters")
      ? "injected"
      : "plain";
    this.#cells.set(cellIndex, { cellIndex, cell, isMuted, role });
  }

  /** All cells of a module are read with JSX or none; one that can only be read without ends it. */
  #agreeOnJsx(parse: CellParser): void {
    const isJsx = ({ cell }: CheckedCell) => cell.isJsx;
    const cells = [...this.#cells.values()];
    if (!cells.some(isJsx)) return;
    const others = cells.filter((one) => !isJsx(one));
    const read = others.map((one) => ({ ...one, cell: parse(one.cell.source, { jsx: true }) }));
    const plain = read.find(({ cell }) => !("body" in cell));
    for (const one of plain === undefined ? read : []) {
      this.#cells.set(one.cellIndex, { ...one, cell: one.cell as ParsedCell });
    }
    for (const { cellIndex } of plain === undefined ? [] : cells.filter(isJsx)) {
      this.gaps.push(
        `cell ${cellIndex} has JSX, and cell ${plain?.cellIndex} cannot be read with it`,
      );
      this.#forget(cellIndex);
    }
  }

  #forget(cellIndex: number): void {
    this.#cells.delete(cellIndex);
    const { source } = this.#codeCells.get(cellIndex)!;
    for (const [word] of source.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)) {
      this.#unknownWords.add(word);
    }
  }

  #build(): NotebookModule {
    return notebookModule([...this.#cells.values()].sort((a, b) => a.cellIndex - b.cellIndex));
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
        message: `Identifier '${name.name}' has already been declared: as ${wordFor(before)} in ` +
          `cell ${before.cellIndex}, here as ${
            wordFor(name)
          }. Declare it in the same way, or rename it`,
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

/** What is not run is not checked, and declares nothing. */
function isChecked(entry: [number, Cell]): entry is [number, CodeCell] {
  const [, cell] = entry;
  return cell.cell_type === "code" && cell.source.trim() !== "" &&
    !cellTags(cell).includes("skip-execution");
}

/** The comment before everything else but comments. */
const NO_CHECK = /^(?:\s+|\/\/(?!\/?\s*@ts-nocheck)[^\n]*\n|\/\*[^]*?\*\/)*\/\/\/?\s*@ts-nocheck\b/;
