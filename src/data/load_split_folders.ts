import { basename, join, resolve } from "node:path";
import { type Ignored, listFolder, readClassFolders, unreadNotes } from "./class_folders.ts";
import { type FolderOptions, type FolderSet, folderSet, joinSizes } from "./cut_folder.ts";
import { DataError } from "./data_error.ts";
import { dataSplits } from "./data_splits.ts";
import type { DataSplits } from "./image_set.ts";
import { patientsOf } from "./patients.ts";

/** What the caller has seen of the folder. */
interface SplitFolders extends FolderOptions {
  readonly folders: readonly string[];
  readonly ignored: Ignored;
  readonly notes: readonly string[];
}

/**
 * Loads a folder with `train`, `val` and optionally `test`, each with the same class folders in it.
 * The splits are taken as they are.
 *
 * @throws {DataError} when `train` and `val` have not the same classes, or there are fewer than two
 */
export async function loadSplitFolders(
  folder: string,
  { folders, ignored, notes, imageSize, onUnreadable, fundus }: SplitFolders,
): Promise<DataSplits> {
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
  const parts: FolderSet[] = [];
  const read = async (split: string, classes: readonly string[]) => {
    const found = await readClassFolders(folder, {
      classes,
      numbers: inTrain,
      ignored,
      inside: `${split}/`,
    });
    const groups = patientsOf(found.paths);
    const listed = { ...found, groups, classes: inTrain, imageSize, onUnreadable, fundus };
    const part = await folderSet(folder, listed);
    parts.push(part);
    return { ...part.set, name: `${basename(resolve(folder))}/${split}` };
  };
  for (const name of folders.filter((name) => !["train", "val", "test"].includes(name))) {
    ignored.push({ path: `${name}/`, reason: "neither train, val nor test" });
  }
  const sets = { train: await read("train", inTrain), val: await read("val", inVal) };
  const inTest = folders.includes("test") ? await classesOf(folder, "test", ignored) : [];
  checkSame(folder, "test", { classes: inTest, others: inTrain, other: "train" });
  const test = inTest.length > 0 ? await read("test", inTest) : undefined;
  const unlabelled = folders.includes("test") && test === undefined
    ? ["Folder test has no class folders: it was left out."]
    : [];
  return dataSplits({ ...sets, ...(test && { test }) }, {
    ignored,
    notes: [
      ...notes,
      ...unlabelled,
      ...unreadNotes(ignored),
      ...parts.flatMap((part) => part.notes),
    ],
    unreadable: parts.flatMap((part) => part.unreadable),
    sizes: joinSizes(parts.map((part) => part.sizes)),
    path: folder,
  });
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
