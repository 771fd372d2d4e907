// Packages that stand in for @tensorflow/tfjs-node(-gpu): they register what the real one does, and
// compute with the cpu kernels instead of a library that most machines do not have.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TFJS = fileURLToPath(new URL("../../../node_modules/@tensorflow/tfjs", import.meta.url));

/** What the package registers in the way of the real one; `gpu` and `name` are to be declared. */
export const COMPUTES = `
  const tf = require(${JSON.stringify(TFJS)});
  const util_1 = require("util");
  const Cpu = tf.findBackend("cpu").constructor;
  class Native extends Cpu {
    isGPUPackage = name === "@tensorflow/tfjs-node-gpu";
    isUsingGpuDevice = gpu;
    binding = { TF_Version: "2.9.1" };
    firstUse = false;
    write(values, shape, dtype) {
      // As the real one does in createTensorsTypeOpAttr.
      if ((0, util_1.isNullOrUndefined)(shape)) throw new Error("Invalid input tensors value.");
      return super.write(values, shape, dtype);
    }
  }
  tf.copyRegisteredKernels("cpu", "tensorflow");
  tf.registerBackend("tensorflow", () => new Native(), 3);
  tf.setBackend("tensorflow");
  module.exports = tf;
`;

/** A folder in which the packages are installed; `code` is the body of each. */
export async function withNativePackages(
  packages: Readonly<Record<string, { readonly code: string; readonly version?: string }>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), "qsight-native-"));
  try {
    for (const [name, { code, version = "4.22.0" }] of Object.entries(packages)) {
      const folder = join(project, "node_modules", "@tensorflow", name);
      await mkdir(folder, { recursive: true });
      const manifest = { name: `@tensorflow/${name}`, version, main: "index.js" };
      await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
      const head = `const name = ${JSON.stringify(manifest.name)};\n`;
      await writeFile(join(folder, "index.js"), head + code);
    }
    await work(project);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}
