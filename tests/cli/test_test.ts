import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadNotebook } from "../../src/runner/notebook/load_notebook.ts";
import { inFolder, qsight } from "./_call.ts";

Deno.test("qsight test gives a verdict for each notebook and quotes the failing cell", async () => {
  const { code, stdout } = await qsight(["test", "{ok,error,not_json}.ipynb"]);
  assert.equal(code, 1);
  assert.match(stdout, /^passed ok\.ipynb \(ok, /m);
  assert.match(stdout, /^failed error\.ipynb \(error, .*\n {4}Cell 1 failed with TypeError/m);
  assert.match(stdout, /^failed not_json\.ipynb \(NotebookError/m);
  assert.match(stdout, /^1 passed, 2 failed in \d+\.\d s$/m);
});

Deno.test("qsight test exits 0 when all pass, 5 when none match, 3 when the kernel is missing", async () => {
  assert.equal((await qsight(["test", "ok.ipynb", "ok.ipynb"])).code, 0);
  const none = await qsight(["test", "nothing_*.ipynb"]);
  assert.equal(none.code, 5);
  assert.match(none.stdout, /No notebook matches/);
  assert.equal((await qsight(["test", "ok.ipynb", "--kernel", "absent"])).code, 3);
});

Deno.test("qsight test --fail-fast stops at the first failure", async () => {
  const { code, stdout } = await qsight([
    ...["test", "error.ipynb", "ok.ipynb", "--fail-fast", "--jobs", "1"],
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /0 passed, 1 failed, 1 not run/);
});

Deno.test("qsight test exits 2 when interrupted and leaves the rest", async () => {
  const signal = AbortSignal.timeout(1500);
  const { code, stdout } = await qsight([
    ...["test", "endless_loop.ipynb", "ok.ipynb", "--jobs", "1"],
  ], { signal });
  assert.equal(code, 2);
  assert.match(stdout, /interrupted endless_loop[^]*1 not run/);
});

Deno.test("qsight test writes executed notebooks, JUnit and JSON", async () => {
  await inFolder(async (folder) => {
    const [junit, json] = [join(folder, "junit.xml"), join(folder, "report.json")];
    const reports = ["--junit", junit, "--json", json, "--output", folder];
    const { code } = await qsight([
      "test",
      "ok.ipynb",
      "error.ipynb",
      "not_json.ipynb",
      ...reports,
    ]);
    assert.equal(code, 1);
    const executed = await loadNotebook(join(folder, "error.ipynb"));
    assert(executed.cells[1].cell_type === "code" && executed.cells[1].outputs.length === 1);
    const report = JSON.parse(await readFile(json, "utf8"));
    assert.equal(report.schema, "qsight.test/1");
    const counts = { faults: 0, interrupted: 0, skipped: 0, cached: 0 };
    assert.deepEqual(report.summary, { passed: 1, failed: 2, ...counts });
    const verdicts = report.notebooks.map((one: { verdict: string }) => one.verdict);
    assert.deepEqual(verdicts, ["failed", "failed", "passed"]);
    const xml = await readFile(junit, "utf8");
    assert.match(
      xml,
      /<testsuite name="error\.ipynb" tests="3" failures="1" errors="0" skipped="1"/,
    );
    assert.match(xml, /<failure message="Cell 1 failed with TypeError: wrong shape">/);
    assert.match(xml, /<testsuite name="not_json\.ipynb" tests="1" failures="0" errors="1"/);
    assert(!xml.includes("\x1b"));
  });
});

Deno.test("qsight test --json - leaves stdout to the report", async () => {
  const { code, stdout, stderr } = await qsight(["test", "ok.ipynb", "--json", "-"]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).summary.passed, 1);
  assert.match(stderr, /1 passed, 0 failed/);
});

Deno.test("qsight test --junit - leaves stdout to the report", async () => {
  const { code, stdout, stderr } = await qsight(["test", "ok.ipynb", "--junit", "-"]);
  assert.equal(code, 0);
  assert.match(stdout, /^<\?xml [^]*<\/testsuites>\n$/);
  assert.match(stderr, /1 passed, 0 failed/);
});
