interface Table {
  readonly ordinal: number;
  readonly headings: string[];
  readonly labels: string[];
  row: number;
  column: number;
  /** The cell that is open, if any. */
  cell: string | undefined;
}

const PARTS = new Set(["table", "tr", "th", "td"]);

/** Follows the tags of a document to tell in which row and column of a table they stand. */
export class TablePlaces {
  readonly #open: Table[] = [];
  /** The present place: most tags and texts share it with their neighbours. */
  #current: (() => string) | undefined;
  /** How many rows each table has. */
  readonly rows: number[] = [];

  open(name: string): void {
    if (!PARTS.has(name)) return;
    this.#current = undefined;
    const table = this.#open.at(-1);
    if (name === "table") {
      this.#open.push({
        ...{ ordinal: this.rows.length, headings: [], labels: [] },
        ...{ row: 0, column: 0, cell: undefined },
      });
      this.rows.push(0);
    } else if (table !== undefined && name === "tr") {
      table.row++;
      table.column = 0;
      this.rows[table.ordinal]++;
    } else if (table !== undefined) {
      table.column++;
      table.cell = name;
    }
  }

  close(name: string): void {
    if (!PARTS.has(name)) return;
    this.#current = undefined;
    const table = this.#open.at(-1);
    if (name === "table") this.#open.pop();
    else if (table !== undefined && name !== "tr") table.cell = undefined;
  }

  /** A text at the present place: it may be the heading of a column or a row. */
  text(text: string): void {
    const table = this.#open.at(-1);
    if (table?.cell !== "th" || text === "") return;
    const { row, column, headings, labels } = table;
    if (row === 1) headings[column] = `${headings[column] ?? ""}${text}`;
    else if (labels[row] === undefined) labels[row] = text;
  }

  /** The present place in words, put together only when a message needs it. */
  current(): () => string {
    return this.#current ??= this.#place();
  }

  #place(): () => string {
    const table = this.#open.at(-1);
    if (table === undefined || table.row === 0) return nowhere;
    const { ordinal, row, column, cell, headings, labels } = table;
    return () => {
      const which = this.rows.length > 1 ? `table ${ordinal + 1}, ` : "";
      const rowName = `row ${row}${quoted(labels[row])}`;
      if (cell === undefined) return `${which}${rowName}`;
      return `${which}${rowName}, column ${column}${
        quoted(row > 1 ? headings[column] : undefined)
      }`;
    };
  }
}

function nowhere(): string {
  return "";
}

function quoted(name: string | undefined): string {
  return name === undefined || name.trim() === "" ? "" : ` ("${name.trim()}")`;
}
