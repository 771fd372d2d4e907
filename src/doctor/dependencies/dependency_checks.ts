import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../check.ts";
import { ok, type Outcome, skipped } from "../finding.ts";
import type { Scene } from "../scene.ts";
import { checkConflicts } from "./conflicts.ts";
import { checkImportOrder } from "./import_order.ts";
import { installedCopies, type InstalledCopy, installedCopy } from "./installed_copies.ts";
import { nativeOutcomes } from "./native_binaries.ts";
import type { DeclaredPackage } from "./read_project.ts";
import { satisfiesRange } from "./semver_range.ts";

/** Packages that share a registry or classes across a process: two copies do not know each other. */
const SINGLE_COPIES: readonly string[] = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-layers",
  "@tensorflow/tfjs-converter",
  "@tensorflow/tfjs-backend-cpu",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgpu",
];

const COMMON = {
  point: "dependencies",
  needs: ["read"],
  builds: false,
  deadline: 10_000,
} as const;
const LATE = "Look whether the disk answers; node_modules on a network drive may be too slow";

/** What is declared against what is installed. */
export const DEPENDENCY_CHECKS: readonly Check[] = [
  {
    ...COMMON,
    code: "QD101",
    title: "packages are installed",
    wanted: "each package of deno.json and package.json in node_modules",
    remedyWhenLate: LATE,
    run: (scene) =>
      installed(scene, (copies) => {
        const missing = copies.filter(([, copy]) => copy === undefined);
        if (missing.length > 1 && missing.length === copies.length) {
          return [{
            status: "failure",
            found: `none of ${missing.length} packages is installed`,
            remedy: "Install them: deno install",
            source: missing[0][0].file,
          }];
        }
        return missing.map(([{ name, range, file }]) => ({
          status: "failure",
          found: `${name} is declared as ${range} and not installed`,
          remedy: "Install it: deno install",
          source: file,
        }));
      }),
  },
  {
    ...COMMON,
    code: "QD102",
    title: "versions are in range",
    wanted: "installed versions within what is declared",
    remedyWhenLate: LATE,
    run: (scene) =>
      installed(scene, (copies) =>
        copies.flatMap(([{ name, range, file }, copy]): Outcome[] => {
          if (copy === undefined) return [];
          const within = satisfiesRange(copy.version, range);
          if (within === true) return [];
          if (within === undefined) {
            return [skipped(`${name}@${range} is no range of versions; found ${copy.version}`)];
          }
          return [{
            status: "failure",
            found: `${name} ${copy.version} is installed`,
            wanted: `${name}@${range}`,
            remedy: "Install what is declared: deno install, or change the range",
            source: file,
          }];
        })),
  },
  {
    ...COMMON,
    code: "QD103",
    title: "one copy of packages that share state",
    wanted: "one copy of each package of TensorFlow.js",
    remedyWhenLate: LATE,
    run: checkCopies,
  },
  {
    ...COMMON,
    code: "QD104",
    title: "native binaries fit this machine",
    wanted: "for each native package the binary of this platform and processor",
    remedyWhenLate: LATE,
    run: checkBinaries,
  },
  {
    ...COMMON,
    code: "QD105",
    title: "known conflicts between versions",
    wanted: "no row of the compatibility matrix that holds here",
    remedyWhenLate: LATE,
    run: checkConflicts,
  },
  {
    ...COMMON,
    code: "QD106",
    title: "heavy packages load in any order",
    wanted: "each pair imported as A, B and as B, A in a fresh process",
    needs: ["read", "run", "env"],
    builds: true,
    deadline: 60_000,
    remedyWhenLate: "One of them hangs while it loads; import them one by one to see which",
    run: checkImportOrder,
  },
];

/** The declared packages with what is installed of each, if there is anything to compare. */
async function installed(
  scene: Scene,
  judge: (copies: readonly [DeclaredPackage, InstalledCopy | undefined][]) => Outcome[],
): Promise<readonly Outcome[]> {
  const project = await scene.project();
  const { modules, declared } = project;
  const nothing = nothingToCompare(project);
  if (nothing !== undefined || modules === undefined) {
    return [nothing ?? skipped("no node_modules")];
  }
  const copies = await Promise.all(
    declared.map(async (entry) =>
      [entry, await installedCopy(modules, entry.name)] as [
        DeclaredPackage,
        InstalledCopy | undefined,
      ]
    ),
  );
  const outcomes = judge(copies);
  if (outcomes.some(({ status }) => status !== "skipped")) return outcomes;
  const count = copies.filter(([, copy]) => copy !== undefined).length;
  const rest = count === 0 ? skipped("nothing is installed") : ok(`${count} packages`, modules);
  return [rest, ...outcomes];
}

/** Why packages cannot be compared, if so. */
function nothingToCompare(project: Awaited<ReturnType<Scene["project"]>>): Outcome | undefined {
  const { deno, npm, declared, modules, folder } = project;
  if (deno === undefined && npm === undefined) {
    return {
      status: "failure",
      found: `${folder} and the folders above it have no deno.json and no package.json`,
      remedy: "Go to your project, or make one: qsight init",
      source: folder,
    };
  }
  const broken = [deno, npm].find((file) => file?.fault !== undefined);
  if (broken !== undefined) {
    return skipped(`${broken.path} cannot be read, so what is declared is not known`);
  }
  if (modules === undefined) {
    return skipped("this project keeps no node_modules; Deno loads packages from its own cache");
  }
  return declared.length === 0 ? ok("no package is declared", folder) : undefined;
}

async function checkCopies(scene: Scene): Promise<readonly Outcome[]> {
  const { modules } = await scene.project();
  if (modules === undefined) return [skipped("this project keeps no node_modules")];
  const all = await Promise.all(
    SINGLE_COPIES.map(async (name) => [name, await installedCopies(modules, name)] as const),
  );
  const several = all.filter(([, copies]) => copies.length > 1);
  if (several.length === 0) {
    const count = all.filter(([, copies]) => copies.length === 1).length;
    return [
      count === 0 ? skipped("TensorFlow.js is not installed") : ok(`${count} packages`, modules),
    ];
  }
  return several.map(([name, copies]) => ({
    status: "failure",
    found: `${copies.length} copies of ${name}: ${
      copies.map(({ version, folder }) => `${version} in ${folder}`).join(", ")
    }`,
    remedy: `Let all import maps and package.json files name one version (npm: "overrides")`,
    source: join(modules, name),
  }));
}

async function checkBinaries(scene: Scene): Promise<readonly Outcome[]> {
  const { modules, declared } = await scene.project();
  if (modules === undefined) return [skipped("this project keeps no node_modules")];
  const found = await Promise.all(declared.map((entry) => nativeOutcomes(modules, entry)));
  const outcomes = found.flat();
  if (outcomes.length > 0) return outcomes;
  if (!existsSync(modules)) return [skipped("nothing is installed")];
  return [ok("none is missing or of another machine", modules)];
}
