import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ReportError } from "../../src/report/run_record.ts";
import { saveComparison } from "../../src/report/save_comparison.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { inRoot, PLAIN, sampleFacts, sampleRun } from "./_sample_run.ts";

Deno.test("saveComparison() shows differences and warns of what makes runs hard to compare", () =>
  inRoot(async (root) => {
    const a = await sampleRun(root);
    const b = await sampleRun(root, { seed: 2, epochs: 4, finish: false });
    const facts = sampleFacts(PLAIN);
    const figures = facts.metrics as Record<string, Record<string, unknown>>;
    figures.ensemble.accuracy = { value: 0.9, interval: { low: 0.85, high: 0.95, level: 0.95 } };
    await b.finish({
      ...facts,
      backend: { chosen: "cpu", asked: ["cpu"] },
      data: { name: "d", fingerprint: "0".repeat(64) },
    });
    const out = join(root, "pages", "comparison.html");
    assert.equal(await saveComparison([a.folder, b.folder], { out }), out);
    const html = await readFile(out, "utf8");
    for (
      const text of [
        "Different data, so",
        "Different tensor backends, so",
        "Different seeds, so",
        "Δ +0.300 apart",
        "stages.0.epochs",
        "backend.chosen",
        `href="./../${a.id}/reports/index.html"`,
        'class="differs"',
      ]
    ) assert.ok(html.includes(text), text);
    assert.doesNotMatch(html, /Not finished/);
    const once = html;
    await saveComparison([a.folder, b.folder], { out });
    assert.equal(await readFile(out, "utf8"), once);
  }));

Deno.test("saveComparison() of equal runs warns of nothing, and of one that has not ended says so", () =>
  inRoot(async (root) => {
    const [a, b] = [await sampleRun(root), await sampleRun(root)];
    const out = join(root, "c.html");
    await saveComparison([a.folder, b.folder], { out });
    assert.match(await readFile(out, "utf8"), /The runs have the same data, backend and seed/);
    const open = await openRun({ root, seed: 1, config: {} });
    await saveComparison([a.folder, open.folder], { out });
    const html = await readFile(out, "utf8");
    assert.match(html, /Not finished: B\./);
    assert.match(html, /Without rows of metrics: B\./);
  }));

Deno.test("saveComparison() refuses one run, one twice, no runs and unknown options", () =>
  inRoot(async (root) => {
    const { folder } = await sampleRun(root);
    const out = join(root, "c.html");
    await assert.rejects(saveComparison([folder], { out }), /found 1 run folders.*saveReport/);
    await assert.rejects(saveComparison([folder, folder], { out }), RangeError);
    await assert.rejects(saveComparison([folder, root], { out }), ReportError);
    await assert.rejects(saveComparison([folder], {} as never), /found out undefined/);
    await assert.rejects(
      saveComparison([folder], { out, titel: "x" } as never),
      /unknown option "titel"/,
    );
  }));
