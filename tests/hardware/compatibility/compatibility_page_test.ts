import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { COMPATIBILITY_MATRIX } from "../../../src/hardware/compatibility/compatibility_matrix.ts";
import { PAGE, renderCompatibilityPage } from "../../_tools/compatibility_page.ts";

Deno.test("docs/compatibility.md is what the data says", async () => {
  const page = await readFile(PAGE, "utf8");
  assert.ok(
    page === await renderCompatibilityPage(),
    "docs/compatibility.md is not up to date. Run: deno task docs:compatibility",
  );
});

Deno.test("docs/compatibility.md has every row with its texts word for word", async () => {
  const page = await readFile(PAGE, "utf8");
  for (const { id, symptoms } of COMPATIBILITY_MATRIX) {
    assert.ok(page.includes(`### ${id}: `), id);
    for (const symptom of symptoms) assert.ok(page.includes(`\n${symptom}\n`), symptom);
  }
});
