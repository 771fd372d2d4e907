import { Buffer } from "node:buffer";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The last chunk of every PNG file, in hexadecimal. */
const PNG_END = "0000000049454e44ae426082";

/** Whether a file ends as its format says; true for formats that do not tell. */
export async function isWholeFile(folder: string, path: string): Promise<boolean> {
  const file = join(folder, path);
  switch (/\.(json|jsonl|png|svg)$/.exec(path)?.[1]) {
    case "json":
      return isJson(await readFile(file, "utf8"));
    case "jsonl":
      return (await readFile(file, "utf8")).split("\n").every((line) =>
        line === "" || isJson(line)
      );
    case "png":
      return (await tailOf(file, 12)).toString("hex") === PNG_END;
    case "svg":
      return /(?:<\/svg>|\/>)\s*$/.test((await tailOf(file, 64)).toString());
    default:
      return true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function tailOf(path: string, length: number) {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(length, size));
    await file.read(tail, 0, tail.length, size - tail.length);
    return tail;
  } finally {
    await file.close();
  }
}
