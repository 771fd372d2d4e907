import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";
import { possibleFixes } from "../../hardware/compatibility/compatibility_row.ts";
import { detectConflicts } from "../../hardware/compatibility/detect_conflicts.ts";
import { PLACEBO_VARIABLES } from "../../hardware/compatibility/placebo_variables.ts";
import { ok, type Outcome } from "../finding.ts";
import type { Scene } from "../scene.ts";
import { readManifestOf } from "./installed_copies.ts";
import { thisPlatform } from "./native_binaries.ts";

/** Prints the packages of the first Python on PATH. */
const PYTHON_PACKAGES = "import importlib.metadata as m, json; " +
  "print(json.dumps({(d.metadata['Name'] or '').lower(): d.version for d in m.distributions()}))";

/** Rows of the compatibility matrix that hold for what is installed. */
export async function checkConflicts(
  scene: Scene,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const { modules } = await scene.project();
  const [own, python] = await Promise.all([
    modules === undefined ? {} : installedVersions(modules),
    scene.may("run") && scene.may("env") ? pythonVersions(signal) : {},
  ]);
  const { runtime } = await scene.hardware();
  const { platform, arch, musl } = thisPlatform();
  const libc = platform !== "linux" ? undefined : musl ? "musl" : "glibc";
  // Variables that do nothing have a check of their own.
  const placebos = new Set(PLACEBO_VARIABLES.map(({ row }) => row));
  const found = detectConflicts({
    packages: { ...python, ...own },
    runtime,
    platform: { os: process.platform, arch, libc },
    variables: scene.env,
  }).filter(({ row }) => !placebos.has(row.id));
  const count = Object.keys(own).length + Object.keys(python).length;
  if (found.length === 0) return [ok(`no known conflict among ${count} packages`)];
  return found.map(({ row, reason }) => ({
    // What stands in the way of Python only is told, and no reason to fail here.
    status: row.components.every(({ name }) => name.startsWith("python:")) ? "warning" : "failure",
    found: `${row.id} ${row.title}: ${reason}`,
    wanted: "none of the known conflicts",
    remedy: possibleFixes(row)[0] ?? row.cause,
    source: row.sources[0] ?? null,
  }));
}

/** Versions by name: from the names of the store's folders, or from package.json files. */
async function installedVersions(modules: string): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const store of [".deno", ".pnpm"]) {
    for (const entry of await readdir(join(modules, store)).catch(() => [])) {
      const [, name, version] = /^(@?[^@]+)@(\d[^_(]*)/.exec(entry) ?? [];
      if (name !== undefined) versions[name.replace("+", "/")] = version;
    }
  }
  const top = await readdir(modules).catch(() => []);
  const scoped = await Promise.all(
    top.filter((name) => name.startsWith("@")).map(async (scope) =>
      (await readdir(join(modules, scope)).catch(() => [])).map((name) => `${scope}/${name}`)
    ),
  );
  const names = [...top.filter((name) => !/^[.@]/.test(name)), ...scoped.flat()];
  await Promise.all(names.map(async (name) => {
    const { version } = await readManifestOf(join(modules, name)) ?? {};
    // What is on top is what the project itself imports.
    if (typeof version === "string") versions[name] = version;
  }));
  return versions;
}

async function pythonVersions(signal: AbortSignal): Promise<Record<string, string>> {
  const { status, stdout } = await runCommand(["python3", "-c", PYTHON_PACKAGES], { signal });
  if (status !== "ok") return {};
  try {
    const found: Record<string, string> = JSON.parse(stdout);
    return Object.fromEntries(Object.entries(found).map(([name, v]) => [`python:${name}`, v]));
  } catch {
    return {};
  }
}
