import { tmpdir } from "node:os";
import { join } from "node:path";
import { CURED, deno, reproduce, withFiles } from "./_reproduce.ts";

const CONFIG = JSON.stringify({ imports: { zod: "npm:zod@4.6.7" }, nodeModulesDir: "none" });
const library = (name: string) => `export { z } from "${name}";`;

/** As a kernel does: code that belongs to no file, evaluated where the kernel stands. */
const evaluate = (files: Readonly<Record<string, string>>, where: string) => () =>
  withFiles(files, (folder) => {
    const address = JSON.stringify(`file://${join(folder, "project/library.ts")}`);
    const cell = `const { z } = await import(${address});
      if (z.number().parse(1) === 1) console.log("${CURED}");`;
    return deno(["eval", "--no-lock", cell], { cwd: join(folder, where) });
  }, tmpdir());

const files = {
  "project/deno.json": CONFIG,
  "project/library.ts": library("zod"),
  "elsewhere/notebook.ipynb": "",
};
reproduce({
  row: "QC407",
  fault: evaluate(files, "elsewhere"),
  tiers: {
    configuration: evaluate({ ...files, "elsewhere/deno.json": CONFIG }, "elsewhere"),
    code: evaluate({ ...files, "project/library.ts": library("npm:zod@4.6.7") }, "elsewhere"),
    environment: evaluate(files, "project"),
  },
});
