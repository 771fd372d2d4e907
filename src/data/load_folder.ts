import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "./data_error.ts";
import { cutFolder, type FolderOptions } from "./cut_folder.ts";
import type { DataSplits } from "./image_set.ts";
import { loadCsvFolder } from "./load_csv_folder.ts";
import { isImageName } from "./read_images.ts";

type Ignored = { path: string; reason: string }[];

/**
 * Loads a folder with one folder a class, e.g. `0_no_dr/*.png`; classes are numbered in natural
 * order of their names. A folder with a CSV file and images goes to {@linkcode loadCsvFolder}.
 */
export async function loadFolder(folder: string, options: FolderOptions): Promise<DataSplits> {
  const ignored: Ignored = [];
  const { folders, files } = await list(folder, { ignored, inside: "" });
  const tables = files.filter((name) => name.toLowerCase().endsWith(".csv"));
  if (tables.length > 0) return await loadCsvFolder(folder, tables, options);
  for (const name of files) ignored.push({ path: name, reason: "not inside a class folder" });
  if (folders.length < 2) throw tooFewClasses(folder, folders, files);
  const paths: string[] = [], labels: number[] = [];
  for (const [label, name] of folders.entries()) {
    const inside = await list(join(folder, name), { ignored, inside: `${name}/` });
    for (const nested of inside.folders) {
      ignored.push({ path: `${name}/${nested}/`, reason: "a folder inside a class folder" });
    }
    const images = inside.files.filter((file) => isImageName(file));
    for (const file of inside.files.filter((file) => !isImageName(file))) {
      ignored.push({ path: `${name}/${file}`, reason: "not a png, jpg, webp or tiff file" });
    }
    if (images.length === 0) throw emptyClass(folder, name, ignored);
    paths.push(...images.map((file) => `${name}/${file}`));
    labels.push(...images.map(() => label));
  }
  return await cutFolder(
    folder,
    { paths, labels, classes: folders, ignored, notes: [] },
    options,
  );
}

/** Names in a folder in natural order; hidden ones are reported. Links are followed. */
async function list(
  folder: string,
  { ignored, inside }: { ignored: Ignored; inside: string },
): Promise<{ folders: string[]; files: string[] }> {
  const order = new Intl.Collator("en", { numeric: true });
  const names = (await readdir(folder)).sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
  const folders: string[] = [], files: string[] = [];
  for (const name of names) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    if (name.startsWith(".")) ignored.push({ path: inside + name, reason: "hidden" });
    else if (entry?.isDirectory()) folders.push(name);
    else if (entry?.isFile()) files.push(name);
    else ignored.push({ path: inside + name, reason: "neither a file nor a folder" });
  }
  return { folders, files };
}

function tooFewClasses(
  folder: string,
  folders: readonly string[],
  files: readonly string[],
): DataError {
  const images = files.filter((name) => isImageName(name)).length;
  const found = folders.length === 1
    ? `one class folder, "${folders[0]}"`
    : files.length === 0
    ? "an empty folder"
    : `no class folder, ${files.length} files of which ${images} are images`;
  return new DataError(
    `${folder}: found ${found}, wanted at least two folders, one a class, or a CSV file with the ` +
      "grades. Sort the images into folders like 0_no_dr and 1_mild.",
    { path: folder },
  );
}

function emptyClass(folder: string, name: string, ignored: Ignored): DataError {
  const others = ignored.filter(({ path }) => path.startsWith(`${name}/`)).length;
  return new DataError(
    `${folder}: found no image in class folder "${name}" (${others} other entries), wanted png, ` +
      "jpg, webp or tiff files directly in it. Add images or take the folder out.",
    { path: join(folder, name) },
  );
}
