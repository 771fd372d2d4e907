/** A reader of CSV by the letter of RFC 4180, so that a test does not trust the writer. */
export function readCsv(text: string): string[][] {
  const lines: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let line: string[] = [];
  for (let end = 0; end < text.length;) {
    const match = field.exec(text);
    if (match === null) throw new Error(`No CSV from character ${end} on`);
    line.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] !== ",") {
      lines.push(line);
      line = [];
    }
    end = field.lastIndex;
  }
  return lines;
}
