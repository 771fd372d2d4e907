import { join, relative, resolve, sep } from "node:path";
import { isTextNotebook } from "../notebook/nbformat.ts";

/**
 * Where executed notebooks go: below the output folder under the path that they have below `cwd`. One
 * from elsewhere goes there under its whole path, and a document gets `.ipynb` behind its own name,
 * so that no two share a file.
 *
 * @throws {RangeError} where an executed notebook would take the place of a notebook under test
 */
export function outputPaths(
  paths: readonly string[],
  { output, cwd }: { readonly output: string; readonly cwd: string },
): ReadonlyMap<string, string> {
  const folder = resolve(cwd, output);
  const planned = new Map(paths.map((path) => {
    const below = relative(cwd, path);
    const name = below.split(sep)[0] === ".." ? join("outside", relative("/", path)) : below;
    return [path, join(folder, isTextNotebook(name) ? `${name}.ipynb` : name)];
  }));
  const overwritten = [...planned.values()].find((file) => planned.has(file));
  if (overwritten === undefined) return planned;
  throw new RangeError(
    `The output folder ${output} would overwrite the notebook ${overwritten}. ` +
      "Choose another folder; to store fresh outputs in the notebooks themselves, use update",
  );
}
