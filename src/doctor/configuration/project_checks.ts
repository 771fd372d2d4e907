import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { unknownName } from "../../_internal/check_options.ts";
import type { Check } from "../check.ts";
import { satisfiesRange } from "../dependencies/semver_range.ts";
import type { Project, ProjectFile } from "../dependencies/read_project.ts";
import { ok, type Outcome, skipped } from "../finding.ts";
import { DENO_KEYS } from "./deno_keys.ts";

const COMMON = {
  point: "configuration",
  needs: ["read"],
  builds: false,
  deadline: 5000,
  remedyWhenLate: "Look whether the disk answers",
} as const;

/** The files in which a project says what it is. */
export const PROJECT_CHECKS: readonly Check[] = [
  {
    ...COMMON,
    code: "QD201",
    title: "project files can be read",
    wanted: "a deno.json or package.json that is JSON",
    run: async (scene) => {
      const files = filesOf(await scene.project());
      if (files.length === 0) {
        return [{
          status: "failure",
          found: `no deno.json and no package.json in ${scene.folder}`,
          remedy: "Go to your project, or make one: qsight init",
        }];
      }
      const faults = files.filter(({ fault }) => fault !== undefined);
      if (faults.length === 0) return [ok(files.map(({ path }) => path).join(", "))];
      return faults.map(({ path, fault }) => ({
        status: "failure",
        found: `${path}: ${fault}`,
        remedy: "Mend the syntax there; Deno starts nothing in this project until then",
        source: path,
      }));
    },
  },
  {
    ...COMMON,
    code: "QD202",
    title: "keys of deno.json are known",
    wanted: "keys that Deno reads",
    run: async (scene) => {
      const { deno } = await scene.project();
      if (deno?.value === undefined) return [skipped("there is no deno.json that can be read")];
      const unknown = Object.keys(deno.value).filter((key) => !DENO_KEYS.includes(key));
      if (unknown.length === 0) return [ok("all are", deno.path)];
      return unknown.map((key) => ({
        status: "warning",
        found: unknownName("deno.json", "key", key, DENO_KEYS).split(" Known: ")[0],
        remedy: `Correct or remove "${key}"; Deno passes over it in silence`,
        source: deno.path,
      }));
    },
  },
  {
    ...COMMON,
    code: "QD203",
    title: "imports lead somewhere",
    wanted: "files for all imports and exports that name one",
    run: async (scene) => {
      const { deno } = await scene.project();
      if (deno?.value === undefined) return [skipped("there is no deno.json that can be read")];
      const targets = localTargets(deno, scene.folder);
      const lost = targets.filter(({ path }) => !existsSync(path));
      if (lost.length === 0) return [ok(`${targets.length} files and folders`, deno.path)];
      return lost.map(({ key, path }) => ({
        status: "failure",
        found: `"${key}" leads to ${path}, which is not there`,
        remedy: key.startsWith("@qsight/qsight")
          ? "Run qsight init again from where QSight is now"
          : `Correct "${key}" in deno.json`,
        source: deno.path,
      }));
    },
  },
  {
    ...COMMON,
    code: "QD204",
    title: "project files do not contradict each other",
    wanted: "one statement about each package",
    run: async (scene) => {
      const project = await scene.project();
      const files = filesOf(project);
      if (files.some(({ fault }) => fault !== undefined)) {
        return [skipped("a project file cannot be read")];
      }
      const found = contradictions(project);
      return found.length > 0 ? found : [ok("nothing does")];
    },
  },
];

function filesOf({ deno, npm }: Project): ProjectFile[] {
  return [deno, npm].filter((file) => file !== undefined);
}

function entriesOf(value: unknown): [string, string][] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).filter(([, target]) => typeof target === "string");
}

/** Imports, scopes and exports that name a file or folder of this machine. */
function localTargets(
  { value = {} }: ProjectFile,
  folder: string,
): { key: string; path: string }[] {
  const scopes = value.scopes === null || typeof value.scopes !== "object" ? {} : value.scopes;
  const all = [
    ...entriesOf(value.imports),
    ...Object.values(scopes ?? {}).flatMap(entriesOf),
    ...(typeof value.exports === "string" ? [[".", value.exports]] : entriesOf(value.exports)),
  ];
  const base = pathToFileURL(join(folder, "/"));
  const targets = all.filter(([, target]) => /^(?:\.{0,2}\/|file:)/.test(target))
    .map(([key, target]) => ({ key, path: fileURLToPath(new URL(target, base)) }));
  return [...new Map(targets.map((target) => [`${target.key} ${target.path}`, target])).values()];
}

function contradictions({ deno, npm, declared }: Project): Outcome[] {
  const found: Outcome[] = [];
  if (deno?.value?.importMap !== undefined && deno.value.imports !== undefined) {
    found.push({
      status: "warning",
      found: `deno.json has "imports" and "importMap"; Deno passes over the second`,
      remedy: `Move the entries into "imports" and remove "importMap"`,
      source: deno.path,
    });
  }
  const dependencies = entriesOf(npm?.value?.dependencies);
  for (const [name, range] of dependencies) {
    const other = declared.find((entry) => entry.name === name && entry.file === deno?.path);
    const exact = /^\d+\.\d+\.\d+\S*$/.exec(other?.range ?? "")?.[0];
    const agrees = other === undefined || other.range === range ||
      (exact !== undefined && satisfiesRange(exact, range) !== false);
    if (agrees) continue;
    found.push({
      status: "failure",
      found: `${name} is ${other.range} in deno.json and ${range} in package.json`,
      remedy: `Name ${name} in one of the two files only`,
      source: npm?.path ?? null,
    });
  }
  return found;
}
