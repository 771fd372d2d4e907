/** Rows of a comma-separated text; quotes may hold commas, `""` is a quote. Empty lines are left out. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
    // The pattern matches once more, emptily, at the end of the line.
    const kept = line.endsWith(",") ? cells : cells.slice(0, -1);
    rows.push(kept.map((cell) => {
      const bare = cell.replace(/,$/, "").trim();
      return bare.startsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare;
    }));
  }
  return rows;
}
