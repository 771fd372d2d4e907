import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ReportError } from "../../src/report/run_record.ts";
import { saveReport } from "../../src/report/save_report.ts";
import { openRun } from "../../src/runs/open_run.ts";
import { verifyRun } from "../../src/runs/verify_run.ts";
import { inRoot, PLAIN, sampleFacts, sampleRun } from "./_sample_run.ts";

const read = async (path: string) => await readFile(path, "utf8");

Deno.test("saveReport() says what a run was and how good it is", () =>
  inRoot(async (root) => {
    const run = await sampleRun(root);
    const path = await saveReport(run.folder);
    assert.equal(path, join(run.folder, "reports", "index.html"));
    const html = await read(path);
    for (
      const text of [
        run.id,
        "2026-01-31 10:00:00 UTC",
        "synthetic: drawn by a program",
        "0.500 (0.40 to 0.60)",
        "95 % bootstrap intervals",
        "undefined: the maps change",
        "doubtful",
        "No image of: the maps change",
        "deno task qsight train --data synthetic --config train.json --seed 1",
        "data:image/png;base64,",
        "../reports/visualizations/ensemble/epoch_03/gradcam/01_original.png",
        "confusion_matrix_ensemble.json",
        "data:image/svg+xml;base64,",
        'src="../reports/heads/roc_ensemble.svg"',
        "Stage ensemble, epoch 3",
      ]
    ) assert.ok(html.includes(text), text);
    assert.doesNotMatch(html, /https?:\/\/(?!www\.w3\.org)/);
  }));

Deno.test("saveReport() has a policy that allows no network and names its scripts by digest", () =>
  inRoot(async (root) => {
    const html = await read(await saveReport((await sampleRun(root)).folder));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1];
    assert.match(policy, /^default-src 'none'; img-src data: 'self' file:; /);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    const digest = (text: string) => createHash("sha256").update(text).digest("base64");
    const blocks = [...html.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)];
    assert.equal(blocks.length, 3);
    for (const [, , text] of blocks) assert.ok(policy.includes(`'sha256-${digest(text)}'`));
    assert.doesNotMatch(html, / style="| on\w+="/);
  }));

Deno.test("saveReport() gives the same bytes for the same run, and the manifest stays true", () =>
  inRoot(async (root) => {
    const run = await sampleRun(root);
    const first = await read(await saveReport(run.folder));
    assert.deepEqual(await verifyRun(run.folder), []);
    const manifest = await read(run.manifestPath);
    assert.equal(await read(await saveReport(run.folder)), first);
    assert.equal(await read(run.manifestPath), manifest);
  }));

Deno.test("saveReport() before the end: the manifest then lists the page, and later renews only that", () =>
  inRoot(async (root) => {
    const facts = sampleFacts(PLAIN);
    const run = await sampleRun(root, {
      finish: false,
      before: async (run) => {
        const html = await read(await saveReport(run.folder, { facts: { ...facts, seed: 1 } }));
        assert.doesNotMatch(html, /There is no manifest\.json/);
        assert.match(html, /0\.500 \(0\.40 to 0\.60\)/);
        assert.match(html, /before the manifest/);
        await run.adopt("reports/index.html");
      },
    });
    const { files, ...others } = await run.finish(facts);
    assert.ok(files.some(({ path }) => path === "reports/index.html"));
    assert.deepEqual(await verifyRun(run.folder), []);
    await saveReport(run.folder);
    assert.deepEqual(await verifyRun(run.folder), []);
    const { files: after, ...rest } = JSON.parse(await read(run.manifestPath));
    assert.deepEqual(rest, others);
    assert.equal(after.length, files.length);
  }));

Deno.test("saveReport() of a run that is open knows its commit, its beginning and its seed", () =>
  inRoot(async (root) => {
    const run = await openRun({ root, seed: 7, config: {}, synthetic: true });
    const html = await read(await saveReport(run.folder));
    const { git } = await run.finish();
    assert.ok(git !== null && html.includes(git.commit));
    assert.match(html, /seed 7/);
    assert.match(html, /synthetic: drawn by a program/);
  }));

Deno.test("saveReport() says in words what a run lacks", () =>
  inRoot(async (root) => {
    const run = await openRun({ root, seed: 5, config: { seed: 5 } });
    const html = await read(await saveReport(run.folder));
    for (
      const text of [
        "not ended",
        "There is no manifest.json",
        "Final figures with intervals are not known",
        "There are no rows in metrics.jsonl",
        "There are no confusion matrices",
        "There are no explained images",
        "There are no confidence tables",
        "There are no other figures",
        "None was recorded",
        "Versions are written with the manifest",
      ]
    ) assert.ok(html.includes(text), text);
    assert.match(html, /seed 5/);
    // Without the note of who writes it, what it said of the images is not known either.
    await rm(join(root, `.${run.id}.open`));
    const foreign = await read(await saveReport(run.folder));
    assert.match(foreign, /not known whether they are drawn/);
    assert.match(foreign, /No git commit is known/);
  }));

Deno.test("saveReport() reads over broken files and says which they are", () =>
  inRoot(async (root) => {
    const run = await sampleRun(root, { finish: false });
    const folder = join(run.folder, "reports/visualizations/classical/epoch_03");
    await writeFile(join(folder, "confusion_matrix_ensemble.json"), '{"data":{"counts":[[1,2]]}}');
    await writeFile(join(folder, "confusion_matrix_classical_a.json"), "{");
    await writeFile(join(folder, "confidence_table.json"), "[1");
    await writeFile(join(folder, "gradcam/manifest.json"), "nothing");
    const later = join(run.folder, "reports/visualizations/ensemble/epoch_03");
    await writeFile(join(later, "gradcam/01_original.png"), "no picture");
    await rm(join(later, "gradcam/02_overlay.png"));
    await rm(join(run.folder, "config.json"));
    await writeFile(join(run.folder, "metrics.jsonl"), '{"stage":"a"}\nbroken\n');
    await writeFile(join(run.folder, "manifest.json"), "{}");
    const html = await read(await saveReport(run.folder));
    for (
      const text of [
        "confusion_matrix_ensemble.json: it holds no square matrix",
        "confusion_matrix_classical_a.json is not JSON",
        "confidence_table.json is not JSON",
        "manifest.json is not JSON",
        "not a picture",
        "no file",
        "there is no config.json",
        "metrics.jsonl line 2 is not JSON",
        "Its manifest cannot be used",
      ]
    ) assert.ok(html.includes(text), text);
  }));

Deno.test("saveReport() takes odd values of a manifest as they come", () =>
  inRoot(async (root) => {
    const odd = [null, 7, "text", [], {}, [[null]], { value: null }];
    for (const value of odd) {
      const run = await sampleRun(root, { finish: false, epochs: 1 });
      await run.finish({
        ...{ backend: value, data: value, lock: value, metrics: value, parameters: value },
        ...{ sampler: value, activeHeads: value },
      });
      await saveReport(run.folder);
    }
  }));

Deno.test("saveReport() refuses what is no run, and a link that leads out of one", () =>
  inRoot(async (root) => {
    await assert.rejects(saveReport(join(root, "none")), (error: Error) => {
      assert.ok(error instanceof ReportError);
      assert.match(error.message, /found no such folder, wanted the folder of a run/);
      return true;
    });
    await assert.rejects(saveReport(root), /found none of manifest\.json/);
    const run = await sampleRun(root);
    await assert.rejects(
      saveReport(run.folder, { fact: {} } as never),
      /unknown option "fact"\. Did you mean "facts"\?/,
    );
    const linked = await openRun({ root, seed: 1, config: {} });
    await mkdir(join(root, "elsewhere"));
    await symlink(join(root, "elsewhere"), join(linked.folder, "reports"));
    await assert.rejects(saveReport(linked.folder), /is a link/);
  }));
