import { readFile } from "node:fs/promises";

/** The text of a file, or undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** JSON as the formatter leaves it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
