import { readFile } from "node:fs/promises";

/**
 * The line of an .ipynb file, from 1, where the source of a cell begins, so that an annotation or an
 * editor can lead there. Undefined where it cannot be told.
 */
export async function jsonCellLine(path: string, cellIndex: number): Promise<number | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const offset = sourceOffset(text, cellIndex);
  return offset === undefined ? undefined : text.slice(0, offset).split("\n").length;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/** Where the text of `cells[index].source` begins in the JSON of a notebook. */
function sourceOffset(text: string, cellIndex: number): number | undefined {
  /** Of each open object the key, of each open list the index, that the next value has. */
  const path: (string | number)[] = [];
  const wanted = JSON.stringify(["cells", cellIndex, "source"]);
  let key = "", isKey = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const at = path.length - 1;
    const isInside = typeof path[at] === "number";
    if (token === ",") {
      if (isInside) path[at] = Number(path[at]) + 1;
      else isKey = true;
      continue;
    }
    if (token === ":") {
      path[at] = JSON.parse(key);
      isKey = false;
      continue;
    }
    if (isKey && token !== "}") {
      key = token;
      continue;
    }
    const here = JSON.stringify(path);
    const isFirstLine = here === wanted.replace("]", ",0]") && token.startsWith('"');
    if (isFirstLine || here === wanted && token.startsWith('"')) return index;
    if (token === "{") {
      path.push("");
      isKey = true;
    } else if (token === "[") path.push(0);
    else if (token === "}" || token === "]") {
      path.pop();
      isKey = false;
    }
  }
  return undefined;
}

/**
 * The line within its cell, from 1, that a traceback blames: the last one that names a cell, in the
 * words of Deno, Node or IPython.
 */
export function tracebackLine(traceback: readonly string[]): number | undefined {
  const text = traceback.join("\n");
  const patterns = [
    /<anonymous>:(\d+):\d+/,
    /Cell In ?\[\d+\], line (\d+)/,
    /<cell line: (\d+)>/,
    /^-+> ?(\d+)/m,
  ];
  const lines = patterns.map((pattern) => Number(pattern.exec(text)?.[1]));
  return lines.find((line) => line > 0);
}
