import type { CellName, ImportedName, NameKind } from "./cell_names.ts";

/** What a name means after the cells so far. */
interface Meaning {
  readonly kind: NameKind;
  /** What declared it. */
  readonly by: CellName["by"];
  readonly cellIndex: number;
  readonly imported?: ImportedName;
}

/** How a cell's name meets those of the cells before. */
export interface NameClash {
  readonly name: CellName;
  readonly before: Meaning;
  /** The kernel refuses the cell: it lets a name be declared again only in the same way. */
  readonly isRefused: boolean;
}

/** The names that cells share, one after the other. */
export class NotebookScope {
  readonly #meanings = new Map<string, Meaning>();
  readonly #cells = new Map<string, number[]>();

  /** The names among these that earlier cells declare too. */
  clashes(names: readonly CellName[]): NameClash[] {
    return names.flatMap((name) => {
      const before = this.#meanings.get(name.name);
      if (before === undefined) return [];
      const runs = name.kind !== "type" && before.kind !== "type";
      return [{ name, before, isRefused: runs && name.kind !== before.kind }];
    });
  }

  /** Takes over the names of a cell. */
  declare(names: readonly CellName[], cellIndex: number): void {
    for (const { name, kind, by, imported } of names) {
      const before = this.#meanings.get(name);
      const cells = this.#cells.get(name) ?? [];
      if (!cells.includes(cellIndex)) this.#cells.set(name, [...cells, cellIndex]);
      // A type leaves the value of that name as it is.
      if (before !== undefined && before.kind !== "type" && kind === "type") continue;
      // Where the kernel refuses the cell, the name stays what it was.
      const stays = before !== undefined && before.kind !== "type" && before.kind !== kind;
      this.#meanings.set(name, stays ? { ...before, imported } : { kind, by, cellIndex, imported });
    }
  }

  /** The values that are declared after a cell, and in a way that the compiler sees them before. */
  namesAfter(cellIndex: number): string[] {
    return [...this.#meanings].filter(([name, { kind, by }]) =>
      // Before that, the name of a global means the global.
      this.cellsOf(name)[0] > cellIndex && !(name in globalThis) &&
      (kind === "var" || (by === "import" && kind !== "type"))
    ).map(([name]) => name);
  }

  /** The cells that declare a name, in order. */
  cellsOf(name: string): readonly number[] {
    return this.#cells.get(name) ?? [];
  }
}

/** Whether a second import binds what is bound already. */
export function isSameImport(first: ImportedName | undefined, second: ImportedName | undefined) {
  return first !== undefined && second !== undefined &&
    first.module === second.module && first.export === second.export &&
    // What was imported as a type has no value yet.
    (!first.isType || second.isType);
}
