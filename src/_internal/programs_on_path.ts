import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Options of {@linkcode programsOnPath}. */
export interface ProgramsOnPathOptions {
  /** The value of PATH. */
  readonly path: string;
  /** Whether a file is there and may be executed. @default by asking the system */
  isExecutable?(file: string): Promise<boolean>;
}

/**
 * The files that a program's name stands for, in the order of PATH: the first is the one that is
 * started, the others are hidden by it. A name with a folder in it stands for itself.
 */
export async function programsOnPath(
  program: string,
  { path, isExecutable = isExecutableFile }: ProgramsOnPathOptions,
): Promise<string[]> {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
  const folders = /[/\\]/.test(program)
    ? [""]
    : path.split(delimiter).filter((folder) => folder !== "");
  const files = [...new Set(folders)]
    .flatMap((folder) => endings.map((ending) => join(folder, program + ending)));
  const there = await Promise.all(files.map((file) => isExecutable(file)));
  return files.filter((_, i) => there[i]);
}

/** Whether a file is there and may be executed; a folder is none, although it has the same bit. */
export async function isExecutableFile(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
