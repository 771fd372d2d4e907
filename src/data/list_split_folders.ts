import { join } from "node:path";
import { type Ignored, listFolder, readClassFolders, unreadNotes } from "./class_folders.ts";
import { DataError } from "./data_error.ts";
import type { FolderListing, ListedImages } from "./folder_listing.ts";
import { patientsOf } from "./patients.ts";

/** What the caller has seen of the folder. */
interface SplitFolders {
  readonly folders: readonly string[];
  readonly ignored: Ignored;
  readonly notes: readonly string[];
}

/**
 * Lists a folder with `train`, `val` and optionally `test`, each with the same class folders in it.
 * The splits are taken as they are.
 *
 * @throws {DataError} when `train` and `val` have not the same classes, or there are fewer than two
 */
export async function listSplitFolders(
  folder: string,
  { folders, ignored, notes }: SplitFolders,
): Promise<FolderListing> {
  const inTrain = await classesOf(folder, "train", ignored);
  const inVal = await classesOf(folder, "val", ignored);
  checkSame(folder, "train", { classes: inTrain, others: inVal, other: "val" });
  checkSame(folder, "val", { classes: inVal, others: inTrain, other: "train" });
  if (inTrain.length < 2) {
    throw new DataError(
      `${folder}: found one class folder in train and val, "${inTrain[0]}", wanted at least two. ` +
        "Sort the images into folders like train/0_no_dr and train/1_mild.",
      { path: folder },
    );
  }
  const list = async (split: string, classes: readonly string[]): Promise<ListedImages> => {
    const found = { classes, numbers: inTrain, ignored, inside: `${split}/` };
    const { paths, labels } = await readClassFolders(folder, found);
    return { paths, labels, groups: patientsOf(paths) };
  };
  for (const name of folders.filter((name) => !["train", "val", "test"].includes(name))) {
    ignored.push({ path: `${name}/`, reason: "neither train, val nor test" });
  }
  const train = await list("train", inTrain), val = await list("val", inVal);
  const inTest = folders.includes("test") ? await classesOf(folder, "test", ignored) : [];
  checkSame(folder, "test", { classes: inTest, others: inTrain, other: "train" });
  const test = inTest.length > 0 ? await list("test", inTest) : undefined;
  const unlabelled = folders.includes("test") && test === undefined
    ? ["Folder test has no class folders: it was left out."]
    : [];
  return {
    ...{ classes: inTrain, train, val, ...(test && { test }), ignored },
    notes: [...notes, ...unlabelled, ...unreadNotes(ignored)],
  };
}

async function classesOf(folder: string, split: string, ignored: Ignored): Promise<string[]> {
  const inside = `${split}/`;
  const { folders, files } = await listFolder(join(folder, split), { ignored, inside });
  for (const name of files) {
    ignored.push({ path: inside + name, reason: "not inside a class folder" });
  }
  return folders;
}

/** A class of one split must be one of the other. */
function checkSame(
  folder: string,
  split: string,
  { classes, others, other }: { classes: string[]; others: string[]; other: string },
): void {
  const extra = classes.filter((name) => !others.includes(name));
  if (extra.length === 0) return;
  throw new DataError(
    `${folder}: found class ${
      extra.map((name) => `"${name}"`).join(", ")
    } in ${split} but not in ` +
      `${other}, wanted the same class folders in both. Add them to ${other} with images, take ` +
      `them out of ${split}, or correct the names.`,
    { path: join(folder, split) },
  );
}
