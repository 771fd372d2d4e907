import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../_internal/message_of.ts";
import { parseJsonc } from "../../_internal/parse_jsonc.ts";

/** A package that a project asks for. */
export interface DeclaredPackage {
  /** Folder below node_modules. */
  readonly name: string;
  /** Such as `^4.22.0`. */
  readonly range: string;
  /** The file that says so. */
  readonly file: string;
}

/** One of the files in which a project says what it needs. */
export interface ProjectFile {
  /** Absolute path. */
  readonly path: string;
  /** Its content, or undefined when that is no JSON object. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** Why there is no content. */
  readonly fault: string | undefined;
}

/** What a project says of itself. */
export interface Project {
  readonly folder: string;
  /** deno.json or deno.jsonc. */
  readonly deno: ProjectFile | undefined;
  /** package.json. */
  readonly npm: ProjectFile | undefined;
  /** Packages from npm, in the order of their names. */
  readonly declared: readonly DeclaredPackage[];
  /** Absolute path of node_modules, or undefined where the project keeps none. */
  readonly modules: string | undefined;
}

/** Reads what a project declares; a file that cannot be read is a fault in it. */
export async function readProject(folder: string): Promise<Project> {
  const [deno, npm] = await Promise.all([
    readFirst(["deno.json", "deno.jsonc"].map((name) => join(folder, name))),
    readFirst([join(folder, "package.json")]),
  ]);
  const declared = new Map<string, DeclaredPackage>();
  for (const entry of [...ofDeno(deno), ...ofNpm(npm)]) {
    if (!declared.has(entry.name)) declared.set(entry.name, entry);
  }
  const mode = deno?.value?.nodeModulesDir;
  const modules = join(folder, "node_modules");
  const keeps = npm !== undefined || mode === "auto" || mode === "manual" || mode === true ||
    existsSync(modules);
  return {
    folder,
    deno,
    npm,
    declared: [...declared.values()].sort((a, b) => a.name < b.name ? -1 : 1),
    modules: keeps ? modules : undefined,
  };
}

async function readFirst(paths: readonly string[]): Promise<ProjectFile | undefined> {
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  try {
    const value = parseJsonc(await readFile(path, "utf8"));
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      return { path, value: undefined, fault: "found no object" };
    }
    return { path, value: value as Record<string, unknown>, fault: undefined };
  } catch (error) {
    return { path, value: undefined, fault: messageOf(error) };
  }
}

/** The imports of deno.json and of its scopes that come from npm. */
function ofDeno(file: ProjectFile | undefined): DeclaredPackage[] {
  if (file?.value === undefined) return [];
  const scopes = Object.values(recordOf(file.value.scopes)).map(recordOf);
  return [recordOf(file.value.imports), ...scopes].flatMap((imports) =>
    Object.values(imports).flatMap((target) => {
      const match = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?/.exec(String(target));
      return match === null ? [] : [{ name: match[1], range: match[2] ?? "*", file: file.path }];
    })
  );
}

function ofNpm(file: ProjectFile | undefined): DeclaredPackage[] {
  if (file?.value === undefined) return [];
  const { dependencies, devDependencies } = file.value;
  return Object.entries({ ...recordOf(devDependencies), ...recordOf(dependencies) })
    .map(([name, range]) => ({ name, range: String(range), file: file.path }));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? value as Record<string, unknown> : {};
}
