// Folders of small images for the tests of the readers.
import { dirname, join } from "node:path";
import { encodePng } from "../../src/images/mod.ts";
import { withFolder } from "./write_npz.ts";

/** A square of one colour as PNG. */
export function png(value: number, size = 20): Uint8Array {
  const data = new Uint8Array(size * size * 3).fill(value);
  return encodePng({ width: size, height: size, data, channels: 3 });
}

/** Runs a body with a folder that holds the given files; a name that ends in / is an empty folder. */
export async function withFiles(
  files: Readonly<Record<string, Uint8Array | string>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.mkdir(name.endsWith("/") ? path : dirname(path), { recursive: true });
      if (name.endsWith("/")) continue;
      await Deno.writeFile(
        path,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await body(folder);
  });
}
