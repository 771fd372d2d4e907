import { resolve } from "node:path";
import process from "node:process";

/** Where data are kept: the folder that QSIGHT_DATA names, or `../shared/data`. */
export function dataFolder(cwd: string): string {
  return resolve(cwd, process.env.QSIGHT_DATA || "../shared/data");
}
