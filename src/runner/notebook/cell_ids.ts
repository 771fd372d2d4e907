import { hash32 } from "../../_internal/hash32.ts";
import type { Cell } from "./nbformat.ts";

/** nbformat 4.5 wants a unique id a cell; the same notebook gets the same ids each time. */
export function addIds(cells: Cell[]): void {
  const used = new Set<string>();
  for (const [index, cell] of cells.entries()) {
    let id: unknown = cell.id;
    for (let salt = 0; typeof id !== "string" || !isFree(id, used); salt++) {
      id = hash32(`${index}/${salt}/${cell.source}`).toString(16).padStart(8, "0");
    }
    used.add(id);
    cell.id = id;
  }
}

function isFree(id: string, used: ReadonlySet<string>): boolean {
  return /^[\w-]{1,64}$/.test(id) && !used.has(id);
}
