import type { CellResult, ExecuteHooks } from "../execute/execute_options.ts";
import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { createGate } from "../wait.ts";

/** A code cell of a running notebook. */
export interface LiveCell {
  readonly cellIndex: number;
  readonly cell: CodeCell;
}

/** Follows a run cell by cell, for somebody who goes through the cells one after the other. */
export class LiveCells {
  readonly #started = createGate();
  readonly #results = new Map<number, CellResult>();
  /** Opened and replaced whenever something has happened. */
  #news = createGate();
  #notebook: Notebook | undefined;
  #current = -1;

  /** Hooks for the run. */
  readonly hooks: ExecuteHooks = {
    onStart: ({ notebook }) => {
      this.#notebook = notebook;
      this.#started.open();
    },
    onCellStart: ({ cellIndex }) => {
      this.#current = cellIndex;
      this.#tell();
    },
    onCellComplete: (result) => {
      this.#results.set(result.cellIndex, result);
      this.#tell();
    },
  };

  /** The code cells, once the kernel is ready. Pending for ever where it never is. */
  async cells(): Promise<LiveCell[]> {
    await this.#started.opened;
    return this.#notebook!.cells.flatMap((cell, cellIndex) =>
      cell.cell_type === "code" ? [{ cellIndex, cell }] : []
    );
  }

  /** Resolves when the run has come to the cell, or to a later one because this one is left out. */
  async reached(cellIndex: number): Promise<"running" | "left out"> {
    while (this.#current < cellIndex) await this.#news.opened;
    const isCurrent = this.#current === cellIndex || this.#results.has(cellIndex);
    return isCurrent ? "running" : "left out";
  }

  /** Resolves when the cell is done. */
  async completed(cellIndex: number): Promise<CellResult> {
    for (;;) {
      const result = this.#results.get(cellIndex);
      if (result !== undefined) return result;
      await this.#news.opened;
    }
  }

  #tell(): void {
    const told = this.#news;
    this.#news = createGate();
    told.open();
  }
}
