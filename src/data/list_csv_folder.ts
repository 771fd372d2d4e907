import type { Ignored } from "./class_folders.ts";
import { DataError } from "./data_error.ts";
import type { FolderListing, ListedImages } from "./folder_listing.ts";
import type { GradeTables } from "./grade_tables.ts";
import { DR_GRADES } from "./image_set.ts";
import { findImages, type MatchedImages, matchImages } from "./match_images.ts";
import { patientsOf } from "./patients.ts";

/**
 * Lists a folder with CSV files of grades and images in it or in folders below, as APTOS
 * (`id_code, diagnosis`), EyePACS (`image, level`), IDRiD (`Image name, Retinopathy grade`, a table
 * for training and one for testing) and Messidor-2 (`image_id, adjudicated_dr_grade`) are given out.
 * The images of a patient stay in one split.
 */
export async function listCsvFolder(
  folder: string,
  tables: GradeTables,
): Promise<FolderListing> {
  const images = await findImages(folder), { train, val, test } = tables;
  const matched = {
    train: matchImages(folder, train, { images, split: "train" }),
    val: val && matchImages(folder, val, { images, split: "val" }),
    test: test && matchImages(folder, test, { images, split: "test" }),
  };
  checkClasses(folder, tables, matched.train);
  const all = Object.values(matched).filter((found) => found !== undefined);
  const count = 1 + all.flatMap(({ labels }) => labels).reduce((a, b) => Math.max(a, b), 0);
  const graded = train.graded && count <= DR_GRADES.length;
  const classes = graded ? DR_GRADES : Array.from({ length: count }, (_, i) => `class_${i}`);
  const named = new Set(all.flatMap(({ paths }) => paths));
  const ignored: Ignored = all.flatMap((found) => found.ignored);
  const files = [train, val, test].flatMap((table) => table ? [table.file] : []).join(", ");
  for (const path of [...images.values()].flat()) {
    if (!named.has(path)) ignored.push({ path, reason: `not named in ${files}` });
  }
  const notes = all.flatMap((found) => found.notes);
  for (const path of tables.samples) {
    ignored.push({ path, reason: "a sample of answers to be filled in, not grades" });
    notes.push(`Left out, as a sample of answers, not grades: ${path}.`);
  }
  const listed = ({ paths, labels, patients }: MatchedImages): ListedImages => ({
    ...{ paths, labels, groups: patients ?? patientsOf(paths) },
  });
  return {
    classes,
    train: listed(matched.train),
    ...matched.val && { val: listed(matched.val) },
    ...matched.test && { test: listed(matched.test) },
    ignored,
    notes,
  };
}

function checkClasses(folder: string, { train }: GradeTables, { paths, labels }: MatchedImages) {
  const classes = new Set(labels).size;
  if (classes >= 2) return;
  throw new DataError(
    `${folder}: found ${paths.length} of the ${train.rows.length} images named in ` +
      `${train.file}, with ${classes} classes, wanted at least two classes. ` +
      "Put the images into the folder.",
    { path: folder },
  );
}
