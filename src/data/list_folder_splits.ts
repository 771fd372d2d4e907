import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  holdsImages,
  type Ignored,
  listFolder,
  readClassFolders,
  unreadNotes,
} from "./class_folders.ts";
import { DataError } from "./data_error.ts";
import type { FolderListing } from "./folder_listing.ts";
import { chooseTables, noTable, type TableChoice } from "./grade_tables.ts";
import { listCsvFolder } from "./list_csv_folder.ts";
import { listSplitFolders } from "./list_split_folders.ts";
import { patientsOf } from "./patients.ts";
import { isImageName } from "./read_images.ts";

/**
 * Lists the images of a folder with one folder a class, e.g. `0_no_dr/*.png`; classes are numbered in
 * natural order of their names. A folder with a CSV file of grades goes to
 * {@linkcode listCsvFolder}, one with `train` and `val` that hold class folders to
 * {@linkcode listSplitFolders}.
 */
export async function listFolderSplits(
  folder: string,
  options: TableChoice,
): Promise<FolderListing> {
  const ignored: Ignored = [];
  const { folders, files } = await listFolder(folder, { ignored, inside: "" });
  const tables = files.filter((name) => name.toLowerCase().endsWith(".csv"));
  const asked = options.table !== undefined || options.columns !== undefined;
  if (!asked) {
    const found = await chooseTables(folder, tables);
    if (found !== undefined) return await listCsvFolder(folder, found);
  }
  const split = await hasSplitFolders(folder, folders);
  if (asked || (!split && await countClassFolders(folder, folders) < 2)) {
    // IDRiD has its tables in a folder of their own.
    const below = await tablesBelow(folder);
    const found = await chooseTables(folder, below, options);
    if (found !== undefined) return await listCsvFolder(folder, found);
    if (asked || tables.length > 0) {
      const list = below.join(", ") || "no CSV file";
      throw noTable(folder, `no table with an image and a grade column among ${list}`);
    }
  }
  const notes = tables.length === 0
    ? []
    : [`Left out, as without a column of images and one of grades: ${tables.join(", ")}.`];
  for (const name of files) ignored.push({ path: name, reason: "not inside a class folder" });
  if (split) return await listSplitFolders(folder, { folders, ignored, notes });
  if (folders.length < 2) throw tooFewClasses(folder, folders, files);
  const { paths, labels } = await readClassFolders(folder, {
    classes: folders,
    ignored,
    inside: "",
  });
  notes.push(...unreadNotes(ignored));
  const train = { paths, labels, groups: patientsOf(paths) };
  return { classes: folders, train, ignored, notes };
}

/** CSV files in the folder and below, in the order of their paths. */
async function tablesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => !name.startsWith(".") && name.toLowerCase().endsWith(".csv"))
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/"))
    .sort();
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
