// The recipes are documents for readers, and notebooks for the runner.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { testNotebooks } from "../../../src/runner/suite/test_notebooks.ts";
import { short } from "./_suite.ts";

Deno.test("testNotebooks() runs every recipe, types included", async () => {
  const cwd = fileURLToPath(new URL("../../../notebooks/recipes/", import.meta.url));
  const result = await testNotebooks("*.md", { cwd, notebookTimeout: 300_000 });
  assert.ok(result.verdicts.length > 4);
  for (const line of short(result)) assert.match(line, / passed ok$/);
  const ran = result.verdicts.flatMap(({ cells }) => cells).filter(({ status }) => status === "ok");
  assert.ok(ran.length >= result.verdicts.length, "each has a block that runs");
});
