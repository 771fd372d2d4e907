import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";

/** One copy of a package on disk. */
export interface InstalledCopy {
  /** Absolute, links resolved. */
  readonly folder: string;
  readonly version: string;
}

/** A package.json, as far as it is read. */
export interface PackageManifest {
  readonly version?: unknown;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The package.json of a folder, or undefined where there is none that can be read. */
export async function readManifestOf(folder: string): Promise<PackageManifest | undefined> {
  try {
    const value = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The copy that the project itself imports, or undefined where it is not installed. */
export async function installedCopy(
  modules: string,
  name: string,
): Promise<InstalledCopy | undefined> {
  return await copyAt(join(modules, name));
}

/**
 * All copies of a package below node_modules: on top, in the stores of Deno and pnpm, and nested in
 * other packages as npm does it. The first is the one on top, if any.
 */
export async function installedCopies(modules: string, name: string): Promise<InstalledCopy[]> {
  const folders = [
    join(modules, name),
    ...await inStores(modules, name),
    ...await nested(modules, name),
  ];
  const copies = await Promise.all(folders.map(copyAt));
  const found = new Map<string, InstalledCopy>();
  for (const copy of copies) {
    if (copy !== undefined && !found.has(copy.folder)) found.set(copy.folder, copy);
  }
  return [...found.values()];
}

async function copyAt(folder: string): Promise<InstalledCopy | undefined> {
  const manifest = await readManifestOf(folder);
  if (manifest === undefined) return undefined;
  const { version } = manifest;
  return {
    folder: await realpath(folder),
    version: typeof version === "string" ? version : "none",
  };
}

/** `.deno/@scope+name@1.2.3/node_modules/@scope/name`. */
async function inStores(modules: string, name: string): Promise<string[]> {
  const stores = await Promise.all([".deno", ".pnpm"].map(async (store) => {
    const entries = await readdir(join(modules, store)).catch(() => []);
    return entries.filter((entry) => entry.startsWith(`${name.replace("/", "+")}@`))
      .map((entry) => join(modules, store, entry, "node_modules", name));
  }));
  return stores.flat();
}

async function nested(modules: string, name: string): Promise<string[]> {
  const top = (await readdir(modules).catch(() => [])).filter((entry) => !entry.startsWith("."));
  const owners = await Promise.all(
    top.map(async (entry) =>
      entry.startsWith("@")
        ? (await readdir(join(modules, entry)).catch(() => [])).map((inner) => join(entry, inner))
        : [entry]
    ),
  );
  return owners.flat().map((owner) => join(modules, owner, "node_modules", name));
}
