import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import type { Outcome } from "../finding.ts";
import { binaryKind } from "./binary_arch.ts";
import { installedCopies, installedCopy, readManifestOf } from "./installed_copies.ts";
import type { DeclaredPackage } from "./read_project.ts";

/** The machine that a binary has to fit. */
export interface Platform {
  readonly platform: string;
  readonly arch: string;
  /** Linux with musl instead of glibc. */
  readonly musl: boolean;
}

/** This machine. */
export function thisPlatform(): Platform {
  const { platform, arch } = process;
  const glibc = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].some((path) =>
    existsSync(path)
  );
  return {
    platform,
    arch,
    musl: platform === "linux" && !glibc && existsSync("/etc/alpine-release"),
  };
}

/** Where packages keep libraries and programs. */
const PLACES = ["", "lib", "bin", "build/Release"];

/**
 * The binaries of one package that has a package of its own for each platform, as sharp and resvg do:
 * whether the one for this machine is there, and whether its files were built for it.
 */
export async function nativeOutcomes(
  modules: string,
  { name }: DeclaredPackage,
  machine: Platform = thisPlatform(),
): Promise<Outcome[]> {
  const copy = await installedCopy(modules, name);
  const optional = Object.keys(
    (await readManifestOf(copy?.folder ?? ""))?.optionalDependencies ?? {},
  );
  if (copy === undefined || !optional.some((entry) => isOfSomePlatform(entry))) return [];
  const wanted = optional.filter((entry) => fits(entry, machine));
  if (wanted.length === 0) {
    return [{
      status: "failure",
      found: `${name} ${copy.version} has no binary for ${machine.platform} ${machine.arch}`,
      remedy: "Run on a platform that it supports, or leave the package out",
      source: copy.folder,
    }];
  }
  // As npm and Deno lay them out: on top, in the store, or beside the package itself.
  const found = (await Promise.all(wanted.map(async (entry) => [
    ...await installedCopies(modules, entry),
    ...await installedCopies(join(copy.folder, "node_modules"), entry),
  ]))).flat();
  if (found.length === 0) {
    return [{
      status: "failure",
      found: `${name} ${copy.version} is installed without ${wanted.join(" or ")}`,
      remedy: `Install it: deno install, or npm install --include=optional ${name}@${copy.version}`,
      source: copy.folder,
    }];
  }
  const faults = await Promise.all(found.map(({ folder }) => wrongBinaries(folder, machine)));
  const wrong = faults.flat();
  if (wrong.length === 0) return [];
  return [{
    status: "failure",
    found: wrong.map((text) => `${name}: ${text}`).join("; "),
    remedy:
      "Remove node_modules and install again on this machine; it cannot be copied from another",
    source: relative(modules, found[0].folder),
  }];
}

function isOfSomePlatform(name: string): boolean {
  return /(linux|darwin|win32)/.test(name) && /(x64|arm64|ia32|aarch64)/.test(name);
}

function fits(name: string, { platform, arch, musl }: Platform): boolean {
  if (!name.includes(platform) || !new RegExp(`[-_]${arch}(?:[-_]|$)`).test(name)) return false;
  // Libraries that a binary loads come with it.
  if (/libvips/.test(name)) return false;
  return platform !== "linux" || musl === /musl/.test(name);
}

async function wrongBinaries(folder: string, { platform, arch }: Platform): Promise<string[]> {
  const wrong: string[] = [];
  for (const place of PLACES) {
    const names = await readdir(join(folder, place)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith(".node"))) {
      const kind = await binaryKind(join(folder, place, name));
      if (kind === undefined) wrong.push(`${name} is no library (damaged or torn)`);
      else if (kind.platform !== platform || !kind.archs.includes(arch)) {
        wrong.push(
          `${name} was built for ${kind.platform} ${
            kind.archs.join("/")
          }, this is ${platform} ${arch}`,
        );
      }
    }
  }
  return wrong;
}
