/** Whether a file of QSight is one of its npm package, which holds JavaScript. */
export function isPacked(file: string): boolean {
  return file.endsWith(".js");
}

/**
 * The address of a file of QSight that is not imported by a literal name.
 *
 * @param path from `base`, ending in `.ts` as in the sources
 * @param base the `import.meta.url` of the file that asks
 */
export function ownModule(path: string, base: string): string {
  return new URL(isPacked(base) ? path.replace(/\.ts$/, ".js") : path, base).href;
}
