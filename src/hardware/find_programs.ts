import { realpath } from "node:fs/promises";
import process from "node:process";
import { isExecutableFile, programsOnPath } from "../_internal/programs_on_path.ts";
import { requirePermission } from "./deno_permission.ts";

/**
 * The files that a program's name stands for on PATH, each once: where /bin is a link to /usr/bin,
 * nothing is hidden.
 *
 * @throws {Error} when Deno grants neither PATH nor the folders in it: not seen is not absent
 */
export async function findPrograms(program: string): Promise<string[]> {
  requirePermission({ name: "env", variable: "PATH" }, "Reading PATH");
  let refused: unknown;
  const found = await programsOnPath(program, {
    path: process.env.PATH ?? "",
    isExecutable(file) {
      try {
        return isExecutable(file);
      } catch (error) {
        refused = error;
        return Promise.resolve(false);
      }
    },
  });
  if (found.length === 0 && refused !== undefined) throw refused;
  const seen = new Set<string>();
  const files = await Promise.all(found.map((file) => realpath(file).catch(() => file)));
  return found.filter((_, i) => !seen.has(files[i]) && seen.add(files[i]));
}

/** Whether a file is there and may be executed; throws where Deno does not let it be seen. */
export function isExecutable(file: string): Promise<boolean> {
  requirePermission({ name: "read", path: file }, `Looking for ${file}`);
  return isExecutableFile(file);
}
