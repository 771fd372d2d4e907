import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { presentFiles } from "../runs/export/present_files.ts";
import { digestFile } from "../runs/file_digest.ts";
import { byteText, counted, LIMITS, whole } from "./limits.ts";

/** A file of a run as the page lists it. */
export interface ListedFile {
  readonly path: string;
  /** Null where it was not looked up. */
  readonly bytes: number | null;
  /** Null where it was not computed. */
  readonly sha256: string | null;
}

/** The files that are listed and what is to be said about the others. */
export interface FileList {
  readonly files: readonly ListedFile[];
  /** All files of the run, listed or not. */
  readonly count: number;
  /** Of those that are listed. */
  readonly bytes: number;
  readonly notes: readonly string[];
}

/** Where the page stands; it cannot hold its own digest. */
export const PAGE = "reports/index.html";
const FIGURES = "reports/visualizations/";

/**
 * The files of a run.
 *
 * @param known what the manifest says of them; without it they are read from disk
 */
export async function listRunFiles(
  run: string,
  known: readonly ListedFile[] | undefined,
): Promise<FileList> {
  const all = (known ?? await filesOnDisk(run))
    .filter(({ path }) => path !== PAGE && path !== "manifest.json");
  // Figures are many and alike: they make room for the others.
  const ordered = [
    ...all.filter(({ path }) => !path.startsWith(FIGURES)),
    ...all.filter(({ path }) => path.startsWith(FIGURES)),
  ];
  const shown = ordered.slice(0, LIMITS.files), rest = ordered.slice(LIMITS.files);
  const notes = [`${PAGE} itself and manifest.json are not in the list.`];
  if (rest.length > 0) {
    notes.push(
      `Listed are ${whole(shown.length)}; ${counted(rest.length, "more file")} of figures ` +
        "are in manifest.json.",
    );
  }
  const files = known === undefined ? await withDigests(run, shown, notes) : shown;
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return { files, count: all.length, bytes, notes };
}

/** Only names, as a run may leave a hundred thousand files. */
async function filesOnDisk(run: string): Promise<ListedFile[]> {
  return (await presentFiles(run)).map((path) => ({ path, bytes: null, sha256: null }));
}

async function withDigests(
  run: string,
  files: readonly ListedFile[],
  notes: string[],
): Promise<ListedFile[]> {
  notes.push("The list is of the moment when this page was written, before the manifest.");
  const out: ListedFile[] = [];
  for (const file of files) {
    const { size } = await lstat(join(run, file.path));
    const small = size <= LIMITS.hashedBytes;
    out.push(small ? await digestFile(run, file.path) : { ...file, bytes: size });
  }
  if (out.some(({ sha256 }) => sha256 === null)) {
    notes.push(`Files over ${byteText(LIMITS.hashedBytes)} were not hashed.`);
  }
  return out;
}
