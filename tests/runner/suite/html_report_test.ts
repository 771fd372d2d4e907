import assert from "node:assert/strict";
import { htmlReport } from "../../../src/runner/suite/html_report.ts";
import { everything } from "./_verdicts.ts";

Deno.test("htmlReport() shows every notebook, and escapes what cells put out", async () => {
  const result = everything();
  const page = await htmlReport(result);
  for (const { path } of result.verdicts) assert.ok(page.includes(path), path);
  assert.ok(page.includes("TypeError: &lt;wrong&gt;"), "the message of the cell");
  assert.ok(!page.includes("<wrong>"));
  assert.ok(page.includes("3 % of the pixels differ"));
  assert.ok(
    page.includes("Type &#39;string&#39; is not assignable") ||
      page.includes("Type 'string' is not assignable"),
  );
});
