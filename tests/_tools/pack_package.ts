// The npm package: what `deno pack` makes of the sources, with dependencies and a command of its own.
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/_internal/run_command.ts";
import { OPTIONAL_PACKAGES } from "../../src/_internal/optional_packages.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const RECURSIVE = { recursive: true } as const;

/** The one package that comes along; all others are installed by those who need them. */
const REQUIRED = "zod";

const COMMAND = `#!/usr/bin/env node
import { runProcess } from "../src/cli/main.js";
await runProcess();
`;

interface OwnConfig {
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

async function ownConfig(): Promise<OwnConfig> {
  return JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
}

/** Packs this folder and hands over a folder with what the npm package holds. */
export async function withPackage<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), "qsight-pack-"));
  try {
    const sources = join(scratch, "sources");
    await copySources(sources);
    const tarball = join(scratch, "packed.tgz");
    const pack = ["pack", "--allow-dirty", "--no-source-maps", "--quiet", "-o", tarball];
    await must([Deno.execPath(), ...pack], sources);
    await must(["tar", "xzf", tarball], scratch);
    const folder = join(scratch, "package");
    await withoutComments(folder);
    await addFiles(folder);
    return await work(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * `deno pack` takes what the exports lead to. The commands, what threads run, and what the doctor
 * runs in processes of its own are loaded by computed names; in the copy they are exports as well.
 */
async function copySources(target: string): Promise<void> {
  const config = await ownConfig();
  for (const entry of config.publish.include) {
    await cp(join(ROOT, entry), join(target, entry), RECURSIVE);
  }
  await symlink(join(ROOT, "node_modules"), join(target, "node_modules"));
  const exports: Record<string, string> = { ...config.exports };
  for (const file of await readdir(join(ROOT, "src"), RECURSIVE)) {
    if (await isEntry(file)) exports[`./${file}`] = `./src/${file}`;
  }
  const changed = { ...config, exports, nodeModulesDir: "manual" };
  await writeFile(join(target, "deno.json"), JSON.stringify(changed));
}

async function isEntry(file: string): Promise<boolean> {
  if (!file.endsWith(".ts")) return false;
  if (file.startsWith(join("cli", "/")) || file.endsWith("_worker.ts")) return true;
  if (!file.startsWith(join("doctor", "/"))) return false;
  return (await readFile(join(ROOT, "src", file), "utf8")).includes("import.meta.main");
}

/** Makes the tarball as npm does; returns its path. */
export async function packTarball(target: string): Promise<string> {
  return await withPackage(async (folder) => {
    const pack = ["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", target];
    const [{ filename }] = JSON.parse(await must(pack as [string, ...string[]], folder));
    return join(target, filename);
  });
}

/** Comments stand in the declarations; in the code they would be a fifth of the package. */
async function withoutComments(folder: string): Promise<void> {
  const esbuild = await import("esbuild");
  try {
    const files = await readdir(folder, RECURSIVE);
    await Promise.all(
      files.filter((file) => file.endsWith(".js")).map(async (file) => {
        const path = join(folder, file);
        const { code } = await esbuild.transform(await readFile(path, "utf8"), {
          format: "esm",
          target: "node20",
          charset: "utf8",
        });
        await writeFile(path, code);
      }),
    );
  } finally {
    await esbuild.stop();
  }
}

async function addFiles(folder: string): Promise<void> {
  const path = join(folder, "package.json");
  const manifest = completeManifest(JSON.parse(await readFile(path, "utf8")), await ownConfig());
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
  // Commands have no types to offer.
  for (const file of await readdir(join(folder, "src", "cli"))) {
    if (file.endsWith(".d.ts")) await rm(join(folder, "src", "cli", file));
  }
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "qsight.js"), COMMAND);
  await copyFile(join(ROOT, "deno.json"), join(folder, "deno.package.json"));
  const demo = join("notebooks", "01_train_hybrid.ipynb");
  await mkdir(join(folder, "notebooks"));
  await copyFile(join(ROOT, demo), join(folder, demo));
}

/** The manifest of `deno pack`, completed. */
function completeManifest(
  { exports, ...rest }: { readonly exports: Readonly<Record<string, unknown>> },
  own: OwnConfig,
): Record<string, unknown> {
  const subpaths = Object.entries(own.exports).filter(([path]) => path !== ".");
  const zod = own.imports[REQUIRED].split("@").at(-1);
  const optional = Object.entries(OPTIONAL_PACKAGES);
  return {
    ...rest,
    exports: Object.fromEntries(Object.entries(exports).filter(([path]) => path in own.exports)),
    // TypeScript in tslab does not read exports.
    typesVersions: {
      "*": Object.fromEntries(
        subpaths.map(([path, file]) => [path.slice(2), [file.replace(/\.ts$/, ".d.ts")]]),
      ),
    },
    description: "Train, inspect and regression-test hybrid classical and quantum image " +
      "classifiers from notebooks",
    engines: { node: ">=20.19" },
    bin: { qsight: "./bin/qsight.js" },
    sideEffects: false,
    dependencies: { [REQUIRED]: `^${zod}` },
    peerDependencies: Object.fromEntries(optional.map(([name, version]) => [name, `~${version}`])),
    peerDependenciesMeta: Object.fromEntries(optional.map(([name]) => [name, { optional: true }])),
  };
}

async function must(command: readonly [string, ...string[]], cwd: string): Promise<string> {
  const { status, stdout, stderr } = await runCommand(command, { cwd, timeout: 300_000 });
  if (status !== "ok") throw new Error(`${command.join(" ")}: ${stderr.slice(-2000)}`);
  return stdout;
}
