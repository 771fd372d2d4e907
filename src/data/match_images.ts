import { readdir } from "node:fs/promises";
import { join, parse, relative } from "node:path";
import type { Ignored } from "./class_folders.ts";
import { DataError } from "./data_error.ts";
import { type GradeRow, type GradeTable, speaksOf } from "./grade_tables.ts";
import { isImageName } from "./read_images.ts";

/** Images below a folder, by name without folder and ending, which may repeat. */
export type ImagesByName = ReadonlyMap<string, readonly string[]>;

/** Images of a table with their labels. */
export interface MatchedImages {
  /** Relative to the folder. */
  readonly paths: readonly string[];
  readonly labels: readonly number[];
  /** Patients, where the table has a column of them. */
  readonly patients?: readonly string[];
  /** Rows that are not read and why. */
  readonly ignored: Ignored;
  readonly notes: readonly string[];
}

/** Every image below the folder. */
export async function findImages(folder: string): Promise<ImagesByName> {
  const images = new Map<string, string[]>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() || entry.name.startsWith(".") || !isImageName(entry.name)) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    const stem = parse(entry.name).name;
    const present = images.get(stem);
    if (present) present.push(path);
    else images.set(stem, [path]);
  }
  return images;
}

/**
 * The image and label of each row.
 *
 * @param split which split the table is about: of images of one name, those in a folder of that
 * split are meant
 * @throws {DataError} for a label that is no class number, two labels for an image, and a name that
 * several images have
 */
export function matchImages(
  folder: string,
  table: GradeTable,
  { images, split }: { images: ImagesByName; split: "train" | "val" | "test" },
): MatchedImages {
  const chosen = new Map<string, { label: number; row: GradeRow }>(), ignored: Ignored = [];
  let missing = 0, ungradable = 0;
  for (const row of table.rows) {
    const wrong = (words: string) =>
      new DataError(`${folder}/${table.file}:${row.line}: ${words}`, {
        path: join(folder, table.file),
      });
    if (row.ungradable) {
      ungradable++;
      ignored.push({ path: row.image, reason: `marked as not gradable in ${table.file}` });
      continue;
    }
    const label = readLabel(row, wrong);
    const [image, ...others] = findImage(row.image, images, split);
    if (others.length > 0) {
      throw wrong(
        `found ${[image, ...others].sort().join(" and ")} for "${row.image}", wanted one image. ` +
          "Load the folder of one split, or write the path into the table.",
      );
    }
    if (image === undefined) {
      missing++;
      ignored.push({ path: row.image, reason: `named in ${table.file}, no such image` });
      continue;
    }
    const before = chosen.get(image);
    if (before !== undefined && before.label !== label) {
      throw wrong(
        `found label ${label} for "${row.image}", which line ${before.row.line} gives ` +
          `${before.label}, wanted one label an image. Take one of the lines out.`,
      );
    }
    chosen.set(image, { label, row });
  }
  const found = [...chosen.values()];
  const patients = found.map(({ row }) => row.patient);
  return {
    paths: [...chosen.keys()],
    labels: found.map(({ label }) => label),
    // A patient without a name is nobody's other eye.
    ...(patients.some((patient) => patient) && {
      patients: found.map(({ row }) => row.patient || `row ${row.line} of ${table.file}`),
    }),
    ignored,
    notes: [
      ...missing > 0 ? [`${missing} images named in ${table.file} are not in the folder.`] : [],
      ...ungradable > 0
        ? [`${ungradable} images are marked as not gradable in ${table.file}: they are left out.`]
        : [],
    ],
  };
}

function readLabel({ image, label: text }: GradeRow, wrong: (words: string) => DataError): number {
  const label = Number(text);
  if (text === "" || !Number.isInteger(label) || label < 0 || label > 999) {
    throw wrong(
      `found label "${text}" for "${image}", wanted an integer from 0. Correct the line or take it out.`,
    );
  }
  return label;
}

/** The images that a cell may mean; its own path beats a name that repeats. */
function findImage(
  name: string,
  images: ImagesByName,
  split: "train" | "val" | "test",
): readonly string[] {
  const paths = images.get(isImageName(name) ? parse(name).name : name) ?? [];
  if (paths.includes(name)) return [name];
  if (paths.length < 2) return paths;
  const near = paths.filter((path) =>
    path.split("/").slice(0, -1).some((part) => speaksOf(part, split))
  );
  return near.length === 1 ? near : paths;
}
