import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { fileLink, jsonBlock, markup, visible } from "../../src/report/html.ts";
import { saveComparison } from "../../src/report/save_comparison.ts";
import { saveReport } from "../../src/report/save_report.ts";
import { dangers } from "./_dangers.ts";
import { inRoot, sampleRun } from "./_sample_run.ts";

const NASTY = [
  "<script>alert(1)</script>/../x",
  "</script><script>alert(1)</script>",
  "</noscript><img src=x onerror=alert(1)>",
  "</style><svg onload=alert(1)>",
  "</title></textarea><iframe src=javascript:alert(1)>",
  `" onmouseover="alert(1)" x="`,
  `' autofocus onfocus='alert(1)`,
  "` onclick=alert(1) `",
  "<!--<script>",
  "]]><b>bold</b>",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "\u2028\u2029\u202eevil\u0000\u0008\ud800",
  "&lt;b&gt; &amp;quot; &#39;",
  "${alert(1)} {{alert(1)}} %3Cscript%3E",
  "__proto__",
  "constructor",
];

Deno.test("dangers() sees what it is for", () => {
  for (
    const bad of [
      "<script>alert(1)</script>",
      "<img src=x>",
      "<p onclick=x>",
      "<a href=javascript:x>a</a>",
      "<noscript><iframe></iframe></noscript>",
      "<p style=color:red>",
    ]
  ) assert.equal(dangers(bad).length > 0, true, bad);
  assert.deepEqual(dangers('<p title="<script>">&lt;script></p>'), []);
});

Deno.test("saveReport() and saveComparison() escape nasty names in every field", async () => {
  const random = new SeededRandom(3);
  for (let round = 0; round < 6; round++) {
    const nasty = () => random.shuffle(NASTY).slice(0, 1 + random.integer(2)).join("");
    // A name decides a file, which a run refuses to share: each is its own.
    const several = (count: number) => Array.from({ length: count }, (_, i) => `${i}${nasty()}`);
    const names = {
      stages: several(2).map((name) => name.replaceAll("/", "")),
      heads: [...several(1).map((name) => name.replaceAll("/", "")), "ensemble"],
      classes: several(2),
      ids: several(3),
      note: nasty(),
    };
    await inRoot(async (root) => {
      const run = await sampleRun(root, { names });
      const html = await readFile(await saveReport(run.folder), "utf8");
      assert.deepEqual(dangers(html), []);
      const other = await sampleRun(root, { names: { ...names, note: nasty() }, seed: 2 });
      const out = join(root, "comparison.html");
      await saveComparison([run.folder, other.folder], { out });
      assert.deepEqual(dangers(await readFile(out, "utf8")), []);
    });
  }
});

Deno.test("a page shows a nasty class as it is written", async () => {
  await inRoot(async (root) => {
    const classes = ["<script>alert(1)</script>/../x", "b"];
    const names = { stages: ["s"], heads: ["ensemble"], classes, ids: ["a"], note: "n" };
    const run = await sampleRun(root, { names });
    const html = await readFile(await saveReport(run.folder), "utf8");
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;\/\.\.\/x/);
    assert.doesNotMatch(html, /<script>alert/);
  });
});

Deno.test("markup, jsonBlock(), fileLink() and visible() leave nothing that a browser obeys", () => {
  assert.equal(String(markup`<p title="${'"<'}">`), '<p title="&quot;&lt;">');
  const block = String(jsonBlock("x", ["</script><!--", "\u2028&"]));
  assert.equal(block.split("</script>").length, 2);
  assert.doesNotMatch(block, /<!--|\u2028/);
  assert.deepEqual(JSON.parse(/>(.*)</.exec(block)![1]), ["</script><!--", "\u2028&"]);
  assert.equal(fileLink("a/../b", 1), undefined);
  assert.equal(fileLink("/etc/passwd", 1), undefined);
  assert.equal(fileLink("javascript:alert(1)", 0), "./javascript%3Aalert(1)");
  assert.equal(fileLink("a b/ä?#.png", 1), "../a%20b/%C3%A4%3F%23.png");
  assert.equal(visible("a\u202eb\ud800"), "a\\u{202e}b\ufffd");
});
