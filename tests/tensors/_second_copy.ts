// A real second copy of TensorFlow.js, as another package of a project brings it.
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TFJS = fileURLToPath(new URL("../../node_modules/@tensorflow/tfjs", import.meta.url));

const PACKAGES = ["core", "layers", "converter", "data", "backend-cpu", "backend-webgl"];

/** Hands a folder to `work` in whose node_modules TensorFlow.js is installed again. */
export async function withSecondCopy(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-copy-"));
  try {
    const modules = join(folder, "node_modules");
    const tfjs = await realpath(TFJS);
    await copyPackage(tfjs, join(modules, "@tensorflow", "tfjs"));
    for (const name of PACKAGES) {
      const source = join(dirname(tfjs), `tfjs-${name}`);
      await copyPackage(await realpath(source), join(modules, "@tensorflow", `tfjs-${name}`));
    }
    const core = await realpath(join(dirname(tfjs), "tfjs-core"));
    const data = await realpath(join(dirname(tfjs), "tfjs-data"));
    for (
      const [name, user] of [
        ["seedrandom", core],
        ["node-fetch", core],
        ["long", core],
        ["string_decoder", data],
      ]
    ) {
      // Beside the scope of the package that needs it, in each kind of node_modules.
      await symlink(await realpath(join(user, "..", "..", name)), join(modules, name), "junction");
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The manifest and the one file that is loaded. */
async function copyPackage(source: string, target: string): Promise<void> {
  const { main } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  await mkdir(dirname(join(target, main)), { recursive: true });
  for (const file of ["package.json", main]) await copyFile(join(source, file), join(target, file));
}
