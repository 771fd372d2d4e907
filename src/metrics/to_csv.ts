// It stands in _internal because the room `tables`, on the same floor as this one, writes CSV too.
export { type Cell, toCsv } from "../_internal/to_csv.ts";
