import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nearestName } from "../_internal/nearest_name.ts";
import { DataError } from "./data_error.ts";
import { parseCsv } from "./parse_csv.ts";

/** Which columns of a CSV file to read, where their names are not among the known ones. */
export interface TableColumns {
  /** Column with the names or paths of the images. */
  readonly image?: string;
  /** Column with the class numbers. */
  readonly label?: string;
  /** Column with the patients, who are kept in one split each. */
  readonly patient?: string;
}

/** What says which table and which columns of it. */
export interface TableChoice {
  /** Path of the CSV file inside the folder. @default {the one that has the columns} */
  readonly table?: string;
  /** Names of its columns. @default {those of APTOS, EyePACS, IDRiD, Messidor-2 and the usual ones} */
  readonly columns?: TableColumns;
}

/** A table that names images and grades. */
export interface GradeTable {
  /** Path inside the folder. */
  readonly file: string;
  readonly rows: readonly GradeRow[];
  /** The label column holds grades of diabetic retinopathy. */
  readonly graded: boolean;
}

/** One image as a table has it. */
export interface GradeRow {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly image: string;
  readonly label: string;
  /** Undefined without such a column. */
  readonly patient?: string;
  /** The graders found the image too bad to grade, as Messidor-2 marks them. */
  readonly ungradable: boolean;
}

/** The tables of a folder by the split they are about. */
export interface GradeTables {
  readonly train: GradeTable;
  readonly val?: GradeTable;
  readonly test?: GradeTable;
  /** Tables with the columns that hold no grades of anybody. */
  readonly samples: readonly string[];
}

/** Column names of APTOS, EyePACS, IDRiD, Messidor-2 and the usual ones, lower case. */
const NAME_COLUMNS = [
  ...["id_code", "image", "image name", "image_name", "image_id", "image id"],
  ...["image_path", "filename", "file", "path", "id"],
];
const GRADE_COLUMNS = ["diagnosis", "level", "retinopathy grade", "adjudicated_dr_grade", "grade"];
const LABEL_COLUMNS = [...GRADE_COLUMNS, "label", "class"];
const PATIENT_COLUMNS = ["patient_id", "patient", "patient id", "patientid", "subject_id"];
const GRADABLE_COLUMN = "adjudicated_gradable";

/** Competitions give out a table of answers to be filled in, with the same columns. */
const SAMPLE = /sample[ _-]?submission/i;

/** A word of a file or folder name that says which split it is about. */
const ROLES = { train: /(?:^|[^a-z])train/i, val: /(?:^|[^a-z])val/i, test: /(?:^|[^a-z])test/i };

/** The word for a split stands in a name; `trainLabels.csv`, `a. Training Set`. */
export function speaksOf(name: string, split: keyof typeof ROLES): boolean {
  return ROLES[split].test(name);
}

/**
 * The tables that have a column of images and one of labels; undefined when none has. Several are
 * told apart by the words train, val and test in their names.
 *
 * @param tables paths inside the folder
 * @throws {DataError} when several have the columns and their names say nothing, when one has no
 * row, or when what the caller named is not there
 */
export async function chooseTables(
  folder: string,
  tables: readonly string[],
  choice: TableChoice = {},
): Promise<GradeTables | undefined> {
  const files = choice.table === undefined ? tables : [namedTable(folder, tables, choice.table)];
  const found: GradeTable[] = [];
  for (const file of files) {
    const table = await readTable(folder, file, choice);
    if (table !== undefined) found.push(table);
  }
  const samples = found.filter(({ file }) => SAMPLE.test(file) && file !== choice.table);
  const graded = found.filter((table) => !samples.includes(table));
  if (graded.length === 0) return undefined;
  const names = samples.map(({ file }) => file);
  const empty = graded.find(({ rows }) => rows.length === 0);
  if (empty !== undefined) throw noTable(folder, `no row in ${empty.file}`);
  if (graded.length === 1) return { train: graded[0], samples: names };
  const of = (split: keyof typeof ROLES) => graded.filter(({ file }) => speaksOf(file, split));
  const [train, val, test] = [of("train"), of("val"), of("test")];
  const clear = train.length === 1 && val.length < 2 && test.length < 2 &&
    new Set([...train, ...val, ...test]).size === graded.length &&
    train.length + val.length + test.length === graded.length;
  if (!clear) {
    const list = graded.map(({ file }) => file).join(", ");
    throw noTable(folder, `several tables with grades (${list})`, "Name one with the option table");
  }
  return { train: train[0], val: val[0], test: test[0], samples: names };
}

/** The error of a folder whose tables cannot be used. */
export function noTable(folder: string, what: string, fix?: string): DataError {
  return new DataError(
    `${folder}: found ${what}, wanted one CSV file with a column ${NAME_COLUMNS.join(" | ")} and ` +
      `one ${LABEL_COLUMNS.join(" | ")}. ${
        fix ?? "Name the columns with the option columns, { image, label }"
      }, rename the columns or take the other tables out.`,
    { path: folder },
  );
}

function namedTable(folder: string, tables: readonly string[], name: string): string {
  if (tables.includes(name)) return name;
  const near = nearestName(name, tables);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  throw new DataError(
    `${folder}: found no table "${name}".${hint} Wanted one of ${tables.join(", ") || "none"}. ` +
      "Name a CSV file by its path inside the folder.",
    { path: folder },
  );
}

async function readTable(
  folder: string,
  file: string,
  { table, columns = {} }: TableChoice,
): Promise<GradeTable | undefined> {
  const [header = [], ...rows] = parseCsv(await readFile(join(folder, file), "utf8"));
  const names = header.map((cell) => cell.toLowerCase());
  const find = (asked: string | undefined, known: readonly string[]) =>
    asked === undefined
      ? known.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1
      : names.indexOf(asked.toLowerCase());
  const image = find(columns.image, NAME_COLUMNS), label = find(columns.label, LABEL_COLUMNS);
  const patient = find(columns.patient, PATIENT_COLUMNS);
  const gradable = names.indexOf(GRADABLE_COLUMN);
  const missing = [columns.image, columns.label, columns.patient]
    .filter((name) => name !== undefined && !names.includes(name.toLowerCase()));
  if (image < 0 || label < 0 || missing.length > 0) {
    if (table === undefined) return undefined;
    const what = missing.length > 0 ? `no column "${missing[0]}"` : "no known columns";
    throw noTable(folder, `${what} in ${file}, which has ${header.join(", ") || "none"}`);
  }
  return {
    file,
    rows: rows.map((row, i) => ({
      line: i + 2,
      image: row[image] ?? "",
      label: row[label] ?? "",
      ...(patient >= 0 && { patient: row[patient] ?? "" }),
      ungradable: gradable >= 0 && row[gradable] === "0",
    })),
    graded: GRADE_COLUMNS.includes(names[label]),
  };
}
