import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { missingProgram } from "../../_tools/test_or_skip.ts";

const TSLAB = fileURLToPath(new URL("../../../node_modules/tslab/bin/tslab", import.meta.url));

/** Why the tslab kernel cannot run here, or undefined. */
export const missingTslab: string | undefined = missingProgram("node");

/** Runs the test with a kernel spec for tslab on Jupyter's search path. */
export async function withTslab(test: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  const before = process.env.JUPYTER_PATH;
  try {
    await mkdir(join(folder, "kernels", "tslab"), { recursive: true });
    const argv = ["node", TSLAB, "kernel", "--config-path={connection_file}"];
    const spec = { argv, display_name: "TypeScript", language: "typescript" };
    await writeFile(join(folder, "kernels", "tslab", "kernel.json"), JSON.stringify(spec));
    process.env.JUPYTER_PATH = folder;
    await test();
  } finally {
    if (before === undefined) delete process.env.JUPYTER_PATH;
    else process.env.JUPYTER_PATH = before;
    await rm(folder, { recursive: true });
  }
}
