// The notebooks for tslab: on Node, with the npm package as it is packed now.
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { executeNotebook } from "../../src/runner/execute/execute_notebook.ts";
import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import type { Notebook } from "../../src/runner/notebook/nbformat.ts";
import { withPackage } from "../_tools/pack_package.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { testParameters } from "../_tools/test_parameters.ts";
import { fromCells } from "../runner/_fixture.ts";
import { missingTslab, withTslab } from "../runner/kernels/tslab.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NOTEBOOKS = join(ROOT, "notebooks", "tslab");

/** How many figures each notebook shows. */
const FIGURES: Readonly<Record<string, number>> = {
  "01_train_hybrid.ipynb": 4,
  "03_explain.ipynb": 2,
  "04_quantum_head.ipynb": 1,
};

/** A project of its own, with the packages of this one and QSight as npm would install it. */
async function withProject(work: (project: string) => Promise<void>): Promise<void> {
  const project = await realpath(await mkdtemp(join(tmpdir(), "qsight-tslab-")));
  try {
    const modules = join(project, "node_modules");
    await mkdir(join(modules, "@qsight"), { recursive: true });
    for (const name of await readdir(join(ROOT, "node_modules"))) {
      if (name.startsWith(".") || name === "@qsight") continue;
      await symlink(join(ROOT, "node_modules", name), join(modules, name));
    }
    await withPackage((folder) => cp(folder, join(modules, "@qsight", "qsight"), RECURSIVE));
    await cp(NOTEBOOKS, join(project, "notebooks", "tslab"), RECURSIVE);
    await withTslab(() => work(project));
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}
const RECURSIVE = { recursive: true } as const;

/** The MIME types of each figure that was shown. */
function figures({ cells }: Notebook): string[][] {
  return cells.flatMap((cell) => cell.cell_type === "code" ? cell.outputs : [])
    .flatMap((output) => output.output_type === "display_data" ? [Object.keys(output.data)] : []);
}

testOrSkip("the tslab notebooks run on Node, with figures and types", missingTslab, async (t) => {
  await withProject(async (project) => {
    const folder = join(project, "notebooks", "tslab");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".ipynb")).sort();
    assert.deepEqual(names, Object.keys(FIGURES));
    for (const name of names) {
      await t.step(name, async () => {
        const path = join(folder, name);
        const { kernelspec } = (await loadNotebook(path)).metadata as {
          kernelspec?: { name?: string };
        };
        assert.equal(kernelspec?.name, "tslab");
        const parameters = await testParameters(path, join(project, "runs"));
        const { status, error, notebook } = await executeNotebook(path, { parameters });
        assert.equal(error?.message, undefined);
        assert.equal(status, "ok");
        const bundle = ["image/png", "image/svg+xml", "text/plain"];
        assert.deepEqual(figures(notebook), Array(FIGURES[name]).fill(bundle));
      });
    }
    await t.step("a wrong type is found before the cell runs, in a subpath too", async () => {
      const wrong = fromCells(
        `import { samplerLock } from "@qsight/qsight/sampler_lock"; const a: number = samplerLock;`,
      );
      const { error } = await executeNotebook(wrong, { kernel: "tslab", cwd: folder });
      assert.match(error?.message ?? "", /is not assignable to type 'number'/);
    });
  });
});
