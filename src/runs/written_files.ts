import { lstat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { isTemporary, listFiles } from "./file_digest.ts";

/**
 * The file at a path that other code wrote into a run folder, or all files below it, as paths inside
 * the run folder with `/`, sorted.
 *
 * @throws {RangeError} when there is nothing, or it lies outside, or a link is on the way
 */
export async function writtenFiles(folder: string, path: string): Promise<string[]> {
  const inside = relative(resolve(folder), resolve(folder, path)).replaceAll("\\", "/");
  if (inside === "" || inside === ".." || inside.startsWith("../") || isAbsolute(inside)) {
    throw new RangeError(
      `adopt("${path}"): found a path that names nothing inside ${folder}, wanted a file in it. ` +
        'Pass one such as "model/weights.bin"',
    );
  }
  await refuseLinks(folder, inside);
  const kind = await lstat(join(folder, inside)).catch(() => undefined);
  if (kind?.isFile()) return [inside];
  if (kind?.isDirectory()) {
    const below = await listFiles(join(folder, inside));
    const files = below.filter(({ path, link }) => !link && !isTemporary(path));
    if (files.length > 0) return files.map(({ path }) => `${inside}/${path}`);
  }
  const found = kind === undefined ? "nothing" : kind.isDirectory() ? "no file in it" : "a link";
  throw new RangeError(
    `adopt("${path}"): found ${found} at ${join(folder, inside)}, wanted a file. Write it first`,
  );
}

/**
 * Refuses a path whose folders are links.
 *
 * @throws {RangeError} naming the link
 */
export async function refuseLinks(folder: string, inside: string): Promise<void> {
  let path = folder;
  for (const part of inside.split("/").slice(0, -1)) {
    path = join(path, part);
    const kind = await lstat(path).catch(() => undefined);
    if (kind === undefined) return;
    if (kind.isSymbolicLink()) {
      throw new RangeError(`${path} is a link that may lead out of the run folder: remove it`);
    }
  }
}
