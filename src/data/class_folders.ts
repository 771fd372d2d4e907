import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "./data_error.ts";
import { isImageName } from "./read_images.ts";

/** Files that are not read and why. */
export type Ignored = { path: string; reason: string }[];

/** Where a list of entries goes. */
export interface Listing {
  /** What is left out is added here. */
  readonly ignored: Ignored;
  /** Path from the data folder to this one, with a slash at its end; empty for itself. */
  readonly inside: string;
}

/** Images of the class folders of one folder. */
export interface ClassFolders {
  /** Relative to the data folder. */
  readonly paths: readonly string[];
  readonly labels: readonly number[];
}

/** Names in a folder in natural order; hidden ones are reported. Links are followed. */
export async function listFolder(
  folder: string,
  { ignored, inside }: Listing,
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

/**
 * Lists the images of class folders.
 *
 * @param classes names of folders inside `listing.inside`; a label is a position in `options.numbers`
 * @throws {DataError} when a class folder has no image
 */
export async function readClassFolders(
  folder: string,
  { classes, numbers = classes, ignored, inside }: Listing & {
    readonly classes: readonly string[];
    readonly numbers?: readonly string[];
  },
): Promise<ClassFolders> {
  const paths: string[] = [], labels: number[] = [];
  for (const name of classes) {
    const prefix = `${inside}${name}/`;
    const { folders, files } = await listFolder(join(folder, prefix), { ignored, inside: prefix });
    for (const nested of folders) {
      ignored.push({ path: `${prefix}${nested}/`, reason: "a folder inside a class folder" });
    }
    const images = files.filter((file) => isImageName(file));
    for (const file of files.filter((file) => !isImageName(file))) {
      ignored.push({ path: prefix + file, reason: NO_IMAGE });
    }
    if (images.length === 0) throw emptyClass(folder, prefix, ignored);
    paths.push(...images.map((file) => prefix + file));
    labels.push(...images.map(() => numbers.indexOf(name)));
  }
  return { paths, labels };
}

/** Whether a folder has an image directly in it. */
export async function holdsImages(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => !name.startsWith(".") && isImageName(name));
}

const NO_IMAGE = "not a png, jpg, webp or tiff file";

/** A sentence about files in class folders that are no images which are read, if there are any. */
export function unreadNotes(ignored: Readonly<Ignored>): string[] {
  const [first, ...others] = ignored.filter(({ reason }) => reason === NO_IMAGE);
  if (first === undefined) return [];
  const what = others.length === 0 ? "1 file was" : `${others.length + 1} files were`;
  return [`${what} not read, e.g. ${first.path}: ${NO_IMAGE}.`];
}

function emptyClass(folder: string, prefix: string, ignored: Readonly<Ignored>): DataError {
  const others = ignored.filter(({ path }) => path.startsWith(prefix)).length;
  const name = prefix.slice(0, -1);
  return new DataError(
    `${folder}: found no image in class folder "${name}" (${others} other entries), wanted png, ` +
      "jpg, webp or tiff files directly in it. Add images or take the folder out.",
    { path: join(folder, name) },
  );
}
