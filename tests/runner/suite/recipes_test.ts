// The recipes are documents for readers, and notebooks for the runner.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testNotebooks } from "../../../src/runner/suite/test_notebooks.ts";
import { short } from "./_suite.ts";

Deno.test("testNotebooks() runs every recipe, types included", async () => {
  const cwd = fileURLToPath(new URL("../../../notebooks/recipes/", import.meta.url));
  const result = await testNotebooks("*.md", { cwd, notebookTimeout: 300_000 });
  assert.ok(result.verdicts.length > 4);
  for (const line of short(result)) assert.match(line, / passed ok$/);
  // Recipes of commands alone, which have a test of their own, have no cells.
  for (const { path, cells } of result.verdicts) {
    const blocks = (await readFile(join(cwd, path), "utf8")).match(/^```ts$/gm)?.length ?? 0;
    const ran = cells.filter(({ status }) => status === "ok");
    assert.equal(ran.length, blocks, path);
  }
});
