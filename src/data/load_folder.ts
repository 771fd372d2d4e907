import { join } from "node:path";
import {
  holdsImages,
  type Ignored,
  listFolder,
  readClassFolders,
  unreadNotes,
} from "./class_folders.ts";
import { cutFolder, type FolderOptions } from "./cut_folder.ts";
import { DataError } from "./data_error.ts";
import type { DataSplits } from "./image_set.ts";
import { chooseTable, loadCsvFolder, noTable } from "./load_csv_folder.ts";
import { loadSplitFolders } from "./load_split_folders.ts";
import { isImageName } from "./read_images.ts";

/**
 * Loads a folder with one folder a class, e.g. `0_no_dr/*.png`; classes are numbered in natural
 * order of their names. A folder with a CSV file of grades goes to {@linkcode loadCsvFolder}, one with
 * `train` and `val` that hold class folders to {@linkcode loadSplitFolders}.
 */
export async function loadFolder(folder: string, options: FolderOptions): Promise<DataSplits> {
  const ignored: Ignored = [];
  const { folders, files } = await listFolder(folder, { ignored, inside: "" });
  const tables = files.filter((name) => name.toLowerCase().endsWith(".csv"));
  const table = await chooseTable(folder, tables);
  if (table !== undefined) return await loadCsvFolder(folder, table, options);
  const split = await hasSplitFolders(folder, folders);
  if (tables.length > 0 && !split && await countClassFolders(folder, folders) < 2) {
    throw noTable(folder, `no table with an image and a grade column among ${tables.join(", ")}`);
  }
  const notes = tables.length === 0
    ? []
    : [`Left out, as without a column of images and one of grades: ${tables.join(", ")}.`];
  for (const name of files) ignored.push({ path: name, reason: "not inside a class folder" });
  if (split) return await loadSplitFolders(folder, { ...options, folders, ignored, notes });
  if (folders.length < 2) throw tooFewClasses(folder, folders, files);
  const read = await readClassFolders(folder, { classes: folders, ignored, inside: "" });
  notes.push(...unreadNotes(ignored));
  return await cutFolder(folder, { ...read, classes: folders, ignored, notes }, options);
}

/** Whether `train` and `val` are splits, not classes: they have folders and no image in them. */
async function hasSplitFolders(folder: string, folders: readonly string[]): Promise<boolean> {
  if (!folders.includes("train") || !folders.includes("val")) return false;
  for (const name of ["train", "val"]) {
    const path = join(folder, name), inside = await listFolder(path, { ignored: [], inside: "" });
    if (inside.folders.length === 0 || await holdsImages(path)) return false;
  }
  return true;
}

async function countClassFolders(folder: string, folders: readonly string[]): Promise<number> {
  const held = await Promise.all(folders.map((name) => holdsImages(join(folder, name))));
  return held.filter(Boolean).length;
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
