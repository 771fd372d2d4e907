import { readdir, readFile } from "node:fs/promises";
import { join, parse, relative } from "node:path";
import { cutFolder, type FolderOptions, type LabelledFiles } from "./cut_folder.ts";
import { DataError } from "./data_error.ts";
import { type DataSplits, DR_GRADES } from "./image_set.ts";
import { parseCsv } from "./parse_csv.ts";
import { isImageName } from "./read_images.ts";

/** Column names of APTOS, EyePACS, IDRiD, Messidor-2 and the usual ones, lower case. */
const NAME_COLUMNS = [
  "id_code",
  "image",
  "image name",
  "image_id",
  "image id",
  "filename",
  "file",
  "id",
];
const GRADE_COLUMNS = ["diagnosis", "level", "retinopathy grade", "adjudicated_dr_grade", "grade"];
const LABEL_COLUMNS = [...GRADE_COLUMNS, "label", "class"];

/** A table that names images and grades. */
export interface GradeTable {
  readonly file: string;
  /** Line number, image name and label of each row. */
  readonly rows: readonly (readonly [number, string, string])[];
  readonly graded: boolean;
}

/**
 * Loads a folder with a CSV file of grades and images in it or in a folder below, as APTOS
 * (`id_code, diagnosis`), EyePACS (`image, level`) and IDRiD (`Image name, Retinopathy grade`) are
 * given out. `10_left` and `10_right` are one patient and stay in one split.
 */
export async function loadCsvFolder(
  folder: string,
  table: GradeTable,
  options: FolderOptions,
): Promise<DataSplits> {
  const images = await findImages(folder);
  return await cutFolder(folder, matchRows(folder, table, images), options);
}

/**
 * The table that has a column of images and one of grades; undefined when none has.
 *
 * @throws {DataError} when several have, or when it has no row
 */
export async function chooseTable(
  folder: string,
  tables: readonly string[],
): Promise<GradeTable | undefined> {
  const found: GradeTable[] = [];
  for (const file of tables) {
    const [header = [], ...rows] = parseCsv(await readFile(join(folder, file), "utf8"));
    const columns = header.map((cell) => cell.toLowerCase());
    const name = columns.findIndex((column) => NAME_COLUMNS.includes(column));
    const label = columns.findIndex((column) => LABEL_COLUMNS.includes(column));
    if (name < 0 || label < 0) continue;
    found.push({
      file,
      rows: rows.map((row, i) => [i + 2, row[name] ?? "", row[label] ?? ""]),
      graded: GRADE_COLUMNS.includes(columns[label]),
    });
  }
  if (found.length === 1 && found[0].rows.length > 0) return found[0];
  if (found.length === 0) return undefined;
  const files = found.map(({ file }) => file).join(", ");
  throw noTable(
    folder,
    found.length > 1 ? `several tables with grades (${files})` : `no row in ${files}`,
  );
}

/** The error of a folder whose tables cannot be used. */
export function noTable(folder: string, what: string): DataError {
  return new DataError(
    `${folder}: found ${what}, wanted one CSV file with a column ${NAME_COLUMNS.join(" | ")} and ` +
      `one ${LABEL_COLUMNS.join(" | ")}. Rename the columns or take the other tables out.`,
    { path: folder },
  );
}

/** Every image below the folder, by its name without folder and ending, which may repeat. */
async function findImages(folder: string): Promise<Map<string, string[]>> {
  const images = new Map<string, string[]>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() || entry.name.startsWith(".") || !isImageName(entry.name)) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    const stem = parse(entry.name).name;
    images.set(stem, [...images.get(stem) ?? [], path]);
  }
  return images;
}

function matchRows(
  folder: string,
  table: GradeTable,
  images: Map<string, string[]>,
): LabelledFiles {
  const { chosen, missing } = chooseImages(folder, table, images);
  const ignored: { path: string; reason: string }[] = [];
  for (const name of missing) {
    ignored.push({ path: name, reason: `named in ${table.file}, no such image` });
  }
  for (const path of [...images.values()].flat()) {
    if (!chosen.has(path)) ignored.push({ path, reason: `not named in ${table.file}` });
  }
  const paths = [...chosen.keys()], labels = [...chosen.values()].map(({ label }) => label);
  if (new Set(labels).size < 2) {
    throw new DataError(
      `${folder}: found ${paths.length} of the ${table.rows.length} images named in ` +
        `${table.file}, with ${new Set(labels).size} classes, wanted at least two classes. ` +
        "Put the images into the folder.",
      { path: folder },
    );
  }
  const count = Math.max(...new Set(labels)) + 1;
  const graded = table.graded && count <= DR_GRADES.length;
  const classes = graded ? DR_GRADES : Array.from({ length: count }, (_, i) => `class_${i}`);
  const groups = paths.map((path) => parse(path).name.replace(/_(left|right)$/i, ""));
  const notes = missing.length > 0
    ? [`${missing.length} images named in ${table.file} are not in the folder.`]
    : [];
  return { paths, labels, classes, groups, ignored, notes };
}

/** The label of each image that the table names, and the names without an image. */
function chooseImages(folder: string, table: GradeTable, images: Map<string, string[]>) {
  const chosen = new Map<string, { label: number; line: number }>(), missing: string[] = [];
  for (const [line, name, text] of table.rows) {
    const path = join(folder, table.file);
    const wrong = (words: string) =>
      new DataError(`${folder}/${table.file}:${line}: ${words}`, { path });
    const label = Number(text);
    if (text === "" || !Number.isInteger(label) || label < 0 || label > 999) {
      throw wrong(
        `found label "${text}" for "${name}", wanted an integer from 0. Correct the line or take it out.`,
      );
    }
    const [image, ...others] = findImage(name, images);
    if (image === undefined) missing.push(name);
    if (others.length > 0) {
      throw wrong(
        `found ${[image, ...others].sort().join(" and ")} for "${name}", wanted one image. Load ` +
          "the folder of one split, or write the path into the table.",
      );
    }
    const before = chosen.get(image);
    if (before !== undefined && before.label !== label) {
      throw wrong(
        `found label ${label} for "${name}", which line ${before.line} gives ${before.label}, ` +
          "wanted one label an image. Take one of the lines out.",
      );
    }
    if (image !== undefined) chosen.set(image, { label, line });
  }
  return { chosen, missing };
}

/** The images that a cell of the table may mean; its own path beats a name that repeats. */
function findImage(name: string, images: Map<string, string[]>): readonly string[] {
  const paths = images.get(isImageName(name) ? parse(name).name : name) ?? [];
  return paths.includes(name) ? [name] : paths;
}
