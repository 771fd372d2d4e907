import assert from "node:assert/strict";
import { githubAnnotations } from "../../../src/runner/suite/github_annotations.ts";
import { everything } from "./_verdicts.ts";

Deno.test("githubAnnotations() gives one command a line, with file, line and title escaped", () => {
  const lines = githubAnnotations(everything()).trimEnd().split("\n");
  assert.equal(lines[0], "::warning title=qsight test::The cache is torn");
  assert.equal(lines[1], "::warning file=a.ipynb,title=a.ipynb::Careful: 100%25");
  const title = "in%2Cb%3Ac.ipynb%2C cell 1%3A error";
  const start =
    `::error file=in%2Cb%3Ac.ipynb,line=12,title=${title}::Cell 1 failed with TypeError`;
  assert.ok(lines[2].startsWith(start), lines[2]);
  assert.match(lines[2], /%0Athrow new TypeError/);
  assert.ok(!lines.join("").includes("\x1b"));
  assert.deepEqual(lines.slice(3).map((line) => line.split("::").at(-1)), [
    "Cell 1, image/png: 3 %25 of the pixels differ",
    "Cell 0, line 2:3: TS2322: Type 'string' is not assignable.",
    "not JSON",
    "none",
    "over 100 MiB",
  ]);
});

Deno.test("githubAnnotations() names files from the root of the repository, and is silent when all passed", () => {
  const result = everything();
  const one = { ...result, verdicts: [result.verdicts[4]], warnings: [] };
  assert.match(githubAnnotations(one, { folder: "docs" }), /file=docs\/e\.ipynb,line=1,/);
  const passed = { ...result.verdicts[0], warnings: [] };
  assert.equal(githubAnnotations({ ...one, verdicts: [passed, result.verdicts[8]] }), "");
  assert.throws(() => githubAnnotations(one, { root: "" } as never), /unknown option "root"/);
});
