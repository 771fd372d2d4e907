import assert from "node:assert/strict";
import { junitReport } from "../../../src/runner/suite/junit_report.ts";
import { everything } from "./_verdicts.ts";

/** The text between the tags of one suite. */
function suite(xml: string, name: string): string {
  const found = new RegExp(`<testsuite name="${name}"[^]*?</testsuite>`).exec(xml)?.[0];
  assert.ok(found, name);
  return found;
}

Deno.test("junitReport() has a suite a notebook and a case a cell, with what went wrong in it", () => {
  const xml = junitReport(everything());
  const totals = 'tests="14" failures="4" errors="3" skipped="4" time="2.500"';
  assert.ok(xml.includes(`<testsuites name="qsight test" ${totals}>`), xml.slice(0, 200));
  const passed = suite(xml, "a.ipynb");
  assert.match(passed, /tests="3" failures="0" errors="0" skipped="1" time="1\.500"/);
  assert.match(
    passed,
    /<testcase classname="a\.ipynb" name="cell 0" file="a\.ipynb" time="1\.000"\/>/,
  );
  assert.match(passed, /name="cell 3"[^>]*><skipped message="skipped"\/>/);
  assert.match(passed, /<system-err>Careful: 100%<\/system-err>/);
  const failed = suite(xml, "in,b:c.ipynb");
  const message = "Cell 1 failed with TypeError: &lt;wrong&gt; &amp; &quot;so&quot;";
  assert.ok(
    failed.includes(
      `name="cell 1" file="in,b:c.ipynb" time="0.002"><failure message="${message}">`,
    ),
  );
  assert.match(failed, /name="cell 2"[^>]*><skipped message="not_run"\/>/);
  assert.match(
    suite(xml, "c.ipynb"),
    /<failure message="Cell 1, image\/png: 3 % of the pixels differ">/,
  );
  assert.match(
    suite(xml, "d.ipynb"),
    /<failure message="Cell 0, line 2:3: TS2322: Type &#39;string&#39;/,
  );
  assert.match(suite(xml, "j.ipynb"), /<failure message="over 100 MiB">/);
});

Deno.test("junitReport() makes no notebook green that did not pass", () => {
  const xml = junitReport(everything());
  for (const name of ["e.ipynb", "f.ipynb", "g.ipynb"]) {
    assert.match(
      suite(xml, name),
      /tests="1" failures="0" errors="1"[^]*name="notebook"[^]*<error/,
    );
  }
  for (const name of ["h.ipynb", "i.ipynb"]) {
    assert.match(suite(xml, name), /tests="1" failures="0" errors="0" skipped="1"[^]*<skipped/);
  }
});

Deno.test("junitReport() is XML whatever a cell prints", () => {
  const result = everything();
  const message = '\x00 \x1b[31mred\x1b[0m ]]> \ud800 \ufffe &<>"\n';
  const verdicts = [{ ...result.verdicts[4], message }];
  const xml = junitReport({ ...result, verdicts });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(xml, /[\x00-\x08\x1b\ufffe]/);
  assert.ok(xml.isWellFormed());
  assert.ok(xml.includes("red ]]&gt; \ufffd \ufffd &amp;&lt;&gt;&quot;"));
});
